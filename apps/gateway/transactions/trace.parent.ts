import { randomDigits } from '#lgsp/records';

const shape = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The caller's W3C trace context when it is valid, else the start of a new trace that is not sampled. */
export function traceParentOf(header: unknown): string {
  if (typeof header === 'string' && shape.test(header)) return header;
  return `00-${randomDigits(16)}-${randomDigits(8)}-00`;
}
