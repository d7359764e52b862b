import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { busHeaders } from '#lgsp/bus';
import { isRecord } from '../json.text';
import { freshDossier, type Exchange, type OperationCalls } from '../operation.calls';
import { isWellFormed, judgeRefusal, mumbles } from '../refusal.judgement';

/** Whether one key is one command, and what became of it can be asked. */
export async function checkIdempotency(calls: OperationCalls): Promise<void> {
  const body = calls.input;
  const { verdicts } = calls.run;
  const { subject } = calls.operation;
  const bare = await calls.send({ body, headers: { [busHeaders.idempotencyKey]: undefined } });
  judgeRefusal(calls, 'idempotency.key', bare, { codes: ['idempotency-key-required'] });

  const headers = { [busHeaders.idempotencyKey]: randomUUID(), [busHeaders.dossier]: freshDossier() };
  // By the key alone, as the ledger asks.
  const question = { body: '', headers, outcome: true };
  judgeOutcome(calls, await calls.send(question), ['not-found', 'outcome-unknown']);
  const first = await calls.send({ body, headers });
  if (!first.succeeded) {
    verdicts.skip('idempotency.once', `${subject} did not succeed with a dossier of its own: ${first.came}`);
    return;
  }
  judgeOutcome(calls, await calls.send(question), ['outcome-unknown']);
  const second = await calls.send({ body, headers: { ...headers, [busHeaders.recheck]: 'true' } });
  if (second.succeeded && isSame(calls, first.body, second.body)) verdicts.keep('idempotency.once');
  else {
    const { sent, came } = second;
    verdicts.break('idempotency.once', subject, { sent, came, expected: `as the first time: ${first.came}` });
  }
}

/**
 * Whether both tell of the same thing: equal in every field that the answer must have, but for states, which move on. What
 * else the first answer told, the outside system may not tell again.
 */
function isSame({ operation: { output } }: OperationCalls, first: unknown, second: unknown): boolean {
  if (!isRecord(first) || !isRecord(second)) return false;
  return output.required
    .filter((name) => !output.isState(name))
    .every((name) => isDeepStrictEqual(first[name], second[name]));
}

/** @param codes what it may say instead of telling the outcome */
function judgeOutcome(calls: OperationCalls, exchange: Exchange, codes: string[]): void {
  const { run, operation } = calls;
  const { verdicts } = run;
  const { sent, came, code } = exchange;
  if (mumbles(calls, exchange)) return;
  if (exchange.succeeded) {
    const faults = operation.output.faultsOf(exchange.body);
    if (faults.length === 0) verdicts.keep('idempotency.outcome');
    else {
      const expected = `the answer of the command: ${faults[0]!.path} ${faults[0]!.message}`;
      verdicts.break('idempotency.outcome', operation.subject, { sent, came, expected });
    }
    return;
  }
  if (exchange.probed.kind === 'answer' && !isWellFormed(calls, exchange)) return;
  if (code !== undefined && codes.includes(code)) verdicts.keep('idempotency.outcome');
  else {
    const expected = `the answer of the command, or ${codes.join(' or ')}`;
    verdicts.break('idempotency.outcome', operation.subject, { sent, came, expected });
  }
}
