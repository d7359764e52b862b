import { busHeaders, type ContextName } from '#lgsp/bus';
import type { OperationCalls } from '../operation.calls';
import { judgeRefusal } from '../refusal.judgement';

/** Most fields that are tried with a wrong type. */
const fieldsMax = 30;
const unknownField = 'noSuchField';

/** Whether what is not an input is refused, and each fault named by its path. */
export async function checkInput(calls: OperationCalls): Promise<void> {
  const { input } = calls.operation;
  for (const body of ['{"', ''])
    judgeRefusal(calls, 'input.json', await calls.send({ body }), { codes: ['malformed-json', 'invalid-request'] });
  if (input.required.length > 0) {
    const paths = input.required.map(pointerOf);
    judgeRefusal(calls, 'input.required', await calls.send({ body: {} }), { codes: ['invalid-request'], paths });
  }
  // An input without a schema of its own has no unknown fields.
  if (input.schema?.['additionalProperties'] === false || input.properties.length > 0) {
    const body = { ...calls.input, [unknownField]: 1 };
    const refusal = { codes: ['invalid-request'], paths: [`/${unknownField}`] };
    judgeRefusal(calls, 'input.unknown-field', await calls.send({ body }), refusal);
  }
  for (const name of input.properties.slice(0, fieldsMax)) await checkType(calls, name);
}

async function checkType(calls: OperationCalls, name: string): Promise<void> {
  const { input } = calls.operation;
  const path = pointerOf(name);
  const wrong = [42, 'text', true, {}, []].find((value) =>
    input.faultsOf({ ...calls.input, [name]: value }).some((fault) => `${fault.path}/`.startsWith(`${path}/`)),
  );
  if (wrong === undefined) return; // The schema allows anything.
  const exchange = await calls.send({ body: { ...calls.input, [name]: wrong } });
  judgeRefusal(calls, 'input.wrong-type', exchange, { codes: ['invalid-request'], paths: [path] });
}

/** Whether a call without its context is refused. */
export async function checkContext(calls: OperationCalls): Promise<void> {
  for (const name of calls.operation.requires) {
    const header = busHeaders[name as ContextName];
    if (header === undefined) continue; // A finding of its description.
    const exchange = await calls.send({ body: calls.input, headers: { [header]: undefined } });
    judgeRefusal(calls, 'context.required', exchange, { codes: ['missing-context'], paths: [header] });
  }
}

/** `a/b` → `/a~1b` (RFC 6901). */
const pointerOf = (name: string): string => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
