import { parseDateTime, parseFullDate } from '#lgsp/vietnam';
import type { FieldDraft, FieldType, JsonValue } from '../draft';

type Rules = Omit<FieldDraft, 'example'>;

const invented: Partial<Record<FieldType, JsonValue>> = {
  boolean: true,
  date: '2020-01-15',
  'date-time': '2020-01-15T08:30:00+07:00',
  email: 'example@example.vn',
  url: 'https://example.vn/',
  uuid: '3f2c0b6e-5f0a-4c3d-9a51-2f0c6d1b7e10',
  base64: 'RXhhbXBsZQ==',
  anything: {},
};

/**
 * A field with an example that keeps its rules: one of those that the file gives, else an invented one. A pattern for which
 * the file gives none is left out, and the description keeps it for a person.
 */
export function withExample(rules: Rules, given: readonly unknown[]): FieldDraft {
  const { values, theirValues } = rules;
  const ours = theirValues ? given.map((value) => values?.[theirValues.indexOf(String(value))]) : given;
  const found = ours.find((value) => keeps(rules, value)) as JsonValue | undefined;
  if (found !== undefined) return { ...rules, example: found };
  if (rules.pattern === undefined) return { ...rules, example: inventedFor(rules) };
  const { pattern, description, ...rest } = rules;
  const note = `pattern ${pattern}, without an example in the file`;
  return { ...rest, description: description ? `${description} (${note})` : note, example: inventedFor(rest) };
}

function inventedFor({ type, values, lengthMin = 0, lengthMax = 200, least, most }: Rules): JsonValue {
  if (values) return values[0]!;
  if (type === 'integer' || type === 'number')
    return Math.min(Math.max(1, least ?? 1), most ?? Number.MAX_SAFE_INTEGER);
  if (type !== 'text') return invented[type] ?? {};
  const text = 'Example';
  return text.padEnd(lengthMin, 'e').slice(0, Math.max(lengthMax, lengthMin));
}

function keeps(rules: Rules, value: unknown): boolean {
  const { type, values, pattern, lengthMin = 0, lengthMax = Number.POSITIVE_INFINITY } = rules;
  const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY } = rules;
  if (values) return values.includes(value as string);
  if (type === 'integer' || type === 'number') {
    const whole = type === 'number' || Number.isInteger(value);
    return typeof value === 'number' && whole && value >= least && value <= most;
  }
  if (type === 'boolean') return typeof value === 'boolean';
  if (type === 'date') return typeof value === 'string' && parseFullDate(value).ok;
  if (type === 'date-time') return typeof value === 'string' && parseDateTime(value).ok;
  if (type !== 'text' || typeof value !== 'string' || value === '') return false;
  return value.length >= lengthMin && value.length <= lengthMax && (pattern === undefined || matches(pattern, value));
}

function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value);
  } catch {
    return false; // Not a pattern of JavaScript: it is left to a person, like one without an example.
  }
}
