import { randomBytes } from 'node:crypto';

const shape = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The caller's W3C trace context when it is valid, else the start of a new trace that is not sampled. */
export function traceParentOf(header: unknown): string {
  if (typeof header === 'string' && shape.test(header)) return header;
  const random = randomBytes(24).toString('hex');
  return `00-${random.slice(0, 32)}-${random.slice(32)}-00`;
}
