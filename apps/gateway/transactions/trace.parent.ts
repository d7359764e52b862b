import { randomDigits } from '#lgsp/records';

/** The start of a new trace that is not sampled, in the form of a W3C trace context. */
export function newTraceParent(): string {
  return `00-${randomDigits(16)}-${randomDigits(8)}-00`;
}
