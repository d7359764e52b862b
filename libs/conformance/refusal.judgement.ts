import { errorTable, isErrorCode } from '#lgsp/errors';
import type { RuleId } from './conformance.rules';
import { isRecord } from './json.text';
import type { Exchange, OperationCalls } from './operation.calls';

export interface Refusal {
  /** Any of these will do. */
  codes: readonly string[];
  /** Paths that the refusal must name; below one of them counts as well. */
  paths?: readonly string[];
}

/**
 * Holds an answer that should be a refusal against the rules of errors, and then against the rule that was tried. A refusal
 * whose form is wrong is a finding of its form, not of the rule.
 */
export function judgeRefusal(calls: OperationCalls, rule: RuleId, exchange: Exchange, { codes, paths }: Refusal): void {
  const { verdicts } = calls.run;
  const { subject } = calls.operation;
  const { sent, came, code } = exchange;
  const expected = `${codes.join(' or ')}${paths?.length ? `, naming ${paths.join(', ')}` : ''}`;
  if (mumbles(calls, exchange)) return;
  if (exchange.probed.kind !== 'answer' || exchange.succeeded) {
    verdicts.break(rule, subject, { sent, came, expected });
    return;
  }
  if (!isWellFormed(calls, exchange)) return;
  const missing = (paths ?? []).filter((path) => !pathsOf(exchange.body).some((named) => isAtOrBelow(named, path)));
  if (!codes.includes(code!) || missing.length > 0) verdicts.break(rule, subject, { sent, came, expected });
  else verdicts.keep(rule);
}

/** Whether it refuses in the body only, so that whoever reads the headers takes it for a success: a finding of its own. */
export function mumbles({ run, operation }: OperationCalls, { sent, came, succeeded, body }: Exchange): boolean {
  if (!succeeded || !looksRefused(body)) return false;
  const expected = 'Nats-Service-Error-Code and Nats-Service-Error: without them it counts as success';
  run.verdicts.break('errors.headers', operation.subject, { sent, came, expected });
  return true;
}

/** Holds any error answer against the rules of errors. @returns whether its code can be believed */
export function isWellFormed(
  { run, operation }: OperationCalls,
  { sent, came, code, status, body }: Exchange,
): boolean {
  const { verdicts } = run;
  const { subject } = operation;
  if (!code || !status) {
    verdicts.break('errors.headers', subject, { sent, came, expected: 'both headers' });
    return false;
  }
  verdicts.keep('errors.headers');
  if (!isErrorCode(code) || status !== String(errorTable[code].status)) {
    const expected = isErrorCode(code) ? `${errorTable[code].status} with ${code}` : 'a code of docs/errors.md';
    verdicts.break('errors.code', subject, { sent, came, expected });
    return false;
  }
  verdicts.keep('errors.code');
  const fault = faultOfDocument(body, code);
  if (fault === undefined) verdicts.keep('errors.document');
  else verdicts.break('errors.document', subject, { sent, came, expected: fault });
  return fault === undefined;
}

/** What the document should be where it is not so. */
function faultOfDocument(body: unknown, code: string): string | undefined {
  if (!isRecord(body)) return 'a JSON object';
  if (body['code'] !== undefined && body['code'] !== code) return `the member code: "${code}"`;
  if (isOther(body['detail'], 'string')) return 'detail as text';
  if (isOther(body['retryAfterMs'], 'number')) return 'retryAfterMs as a number';
  if (body['upstream'] !== undefined && !(isRecord(body['upstream']) && typeof body['upstream']['code'] === 'string'))
    return 'upstream as an object with a code';
  if (body['errors'] === undefined) return code === 'invalid-request' ? 'errors, naming the faulty fields' : undefined;
  if (!Array.isArray(body['errors']) || !body['errors'].every(isFieldError))
    return 'errors as a list of {path, rule, message}, each path a JSON Pointer or the name of a header';
  return undefined;
}

const isOther = (value: unknown, type: string): boolean => value !== undefined && typeof value !== type;

const isFieldError = (value: unknown): boolean =>
  isRecord(value) &&
  typeof value['path'] === 'string' &&
  /^(\/.*|Lgsp-[A-Za-z-]+|)$/.test(value['path']) &&
  typeof value['rule'] === 'string' &&
  typeof value['message'] === 'string';

/** An error in the body only: with the code of the table, or with faulty fields. */
const looksRefused = (body: unknown): boolean =>
  isRecord(body) && (isErrorCode(body['code']) || Array.isArray(body['errors']) || typeof body['error'] === 'string');

function pathsOf(body: unknown): string[] {
  const errors = isRecord(body) && Array.isArray(body['errors']) ? (body['errors'] as unknown[]) : [];
  return errors.filter(isRecord).map(({ path }) => String(path));
}

const isAtOrBelow = (path: string, expected: string): boolean => path === expected || path.startsWith(`${expected}/`);
