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

/** A refusal of a code of a list, which may name the value: such a code says nothing about a person. */
export const refuseValue = (rule: RuleName, message: Text): Refused => ({ ok: false, rule, message });

const codeShape = /^[\p{L}\p{N}_.-]{1,30}$/u;

/** A code as a sentence names it. What does not look like a code may be anything, and is only measured. */
export function shownValue(value: unknown): Text {
  if (typeof value === 'number' || typeof value === 'boolean') return { en: String(value), vi: String(value) };
  if (typeof value !== 'string') return { en: 'a missing value', vi: 'giá trị còn thiếu' };
  if (codeShape.test(value)) return { en: value, vi: value };
  return { en: `a text of ${value.length} characters`, vi: `chuỗi ${value.length} ký tự` };
}

/**
 * The value, for a caller who has nothing else to do with a refusal. Give the code that says whose failure it is:
 * `upstream-invalid` for what an outside system sent, `internal` for what our own code made.
 * @throws BusError with that code and the rule's sentence; never with the text itself
 */
export function valueOrThrow<T>(parsed: Parsed<T>, code: ErrorCode): T {
  if (parsed.ok) return parsed.value;
  throw new BusError(code, { detail: parsed.message });
}
