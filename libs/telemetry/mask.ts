import type { Sensitivity } from './sensitivity';

/** How much of a text a masked log line may show: the last digits of a number, for support on the telephone. */
const digitsShown = 3;
/** Longest list and deepest nesting that a masked body shows. */
const listMax = 20;
const depthMax = 8;

/**
 * Makes a body fit for a log line. The operation's declared sensitivity decides, not the field's name, so a new field
 * is masked before anyone thinks of it: `public` is shown, `personal` is masked value by value, `confidential` (criminal
 * records, health) is dropped. A hash of personal data is still personal data (Law 91/2025), so none is made here.
 */
export function maskBody(sensitivity: Sensitivity, body: unknown): unknown {
  if (sensitivity === 'public') return body;
  if (sensitivity === 'confidential') return '[dropped]';
  return maskValue(body, 0);
}

function maskValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return maskText(value);
  if (typeof value === 'number') return 0;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= depthMax) return '[deeper]';
  if (Array.isArray(value)) return value.slice(0, listMax).map((item) => maskValue(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskValue(item, depth + 1)]));
}

/** Keeps the shape, not the content: a number's last three digits, a date's year, a name's initials. */
export function maskText(text: string): string {
  if (text.length > 200) return `[${Buffer.byteLength(text)} bytes]`;
  if (/^\d{4}-\d{2}(-\d{2})?/.test(text)) return `${text.slice(0, 4)}-**`;
  if (/^[\d\s.+-]+$/.test(text)) {
    const digits = text.replace(/\D/g, '');
    return digits.length < 2 * digitsShown ? '***' : `***${digits.slice(-digitsShown)}`;
  }
  return text
    .split(/\s+/)
    .slice(0, 12)
    .map((word) => `${[...word][0] ?? ''}*`)
    .join(' ');
}
