/** As PostgreSQL reads a value of any type. */
export const textOf = (value: unknown): string => (Array.isArray(value) ? `{${value.join(',')}}` : String(value));

/** A value of a column with one bit flipped, as text. */
export function flipValue(value: unknown, type: string, bit: number): string {
  if (type === 'boolean') return String(!value);
  if (type === 'bigint[]') return textOf([Number(value) ^ (1 << (bit % 20))]);
  if (type === 'integer' || type === 'bigint') return String(Number(value) ^ (1 << (bit % 20)));
  if (type.startsWith('timestamp'))
    return new Date(Number(BigInt(Date.parse(String(value))) ^ (1n << BigInt(bit % 40)))).toISOString();
  const text = String(value);
  if (type === 'uuid') {
    // The last digits say nothing of its month: it stays in its table.
    const at = text.length - 1 - (bit % 12);
    return text.slice(0, at) + (Number.parseInt(text[at]!, 16) ^ 1).toString(16) + text.slice(at + 1);
  }
  const bytes = Buffer.from(text);
  bytes[bit % bytes.length]! ^= 1 << (bit % 5); // The bits above would make of it what PostgreSQL takes for no text.
  return bytes.toString();
}
