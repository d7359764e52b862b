import { isRecord } from '../json.text';
import type { OperationCalls } from '../operation.calls';
import { isWellFormed } from '../refusal.judgement';

/** Schemas and example, without a call. @returns whether the example can be sent */
export function checkSchemas({ run: { verdicts }, operation }: OperationCalls): boolean {
  const { subject, metadata, input, output, example } = operation;
  const sent = 'the description of the operation';
  for (const [name, reading] of Object.entries({ input, output })) {
    const came = `${name}: ${String(metadata[name])}`;
    if (reading.fault)
      verdicts.break('schema.valid', subject, { sent, came, expected: `a JSON Schema; ${reading.fault}` });
    else verdicts.keep('schema.valid');
  }
  const came = `example: ${String(metadata['example'])}`;
  if (!isRecord(example?.input) || !isRecord(example.output)) {
    verdicts.break('schema.example', subject, { sent, came, expected: '{"input": {…}, "output": {…}}' });
    return false;
  }
  for (const [name, reading] of Object.entries({ input, output })) {
    const faults = reading.faultsOf(example[name as 'input' | 'output']);
    if (faults.length === 0) verdicts.keep('schema.example');
    else verdicts.break('schema.example', subject, { sent, came, expected: faultText(name, faults) });
  }
  return true;
}

/** Sends the example. @returns whether it was answered, so that further calls say something */
export async function checkAnswer(calls: OperationCalls): Promise<boolean> {
  const { run, operation } = calls;
  const { verdicts } = run;
  const { subject } = operation;
  const exchange = await calls.send({ body: calls.input });
  const { sent, came, body } = exchange;
  if (!exchange.succeeded) {
    if (exchange.probed.kind === 'answer') isWellFormed(calls, exchange);
    verdicts.break('schema.answer', subject, { sent, came, expected: 'success: an example succeeds as it stands' });
    return false;
  }
  const faults = body === undefined ? [{ path: '', message: 'must be JSON' }] : operation.output.faultsOf(body);
  if (faults.length === 0) verdicts.keep('schema.answer');
  else verdicts.break('schema.answer', subject, { sent, came, expected: faultText('output', faults) });
  return true;
}

const faultsMax = 5;

const faultText = (name: string, faults: readonly { path: string; message: string }[]): string =>
  `valid by the ${name} schema: ${faults
    .slice(0, faultsMax)
    .map(({ path, message }) => `${path || '/'} ${message}`)
    .join('; ')}`;
