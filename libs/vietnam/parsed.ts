import { BusError, type ErrorCode, type Text } from '#lgsp/errors';
import { ruleTable, type RuleName } from './rules.table';

/** What every parser here answers: the value, or the rule that the text breaks and its sentence in both languages. */
export type Parsed<T> = { ok: true; value: T } | Refused;

export interface Refused {
  ok: false;
  rule: RuleName;
  message: Text;
}

export const accept = <T>(value: T): Parsed<T> => ({ ok: true, value });

export const refuse = (rule: RuleName): Refused => ({ ok: false, rule, message: ruleTable[rule] });

/**
 * The value, for a caller who has nothing else to do with a refusal. Give the code that says whose failure it is:
 * `upstream-invalid` for what an outside system sent, `internal` for what our own code made.
 * @throws BusError with that code and the rule's sentence; never with the text itself
 */
export function valueOrThrow<T>(parsed: Parsed<T>, code: ErrorCode): T {
  if (parsed.ok) return parsed.value;
  throw new BusError(code, { detail: parsed.message });
}
