import type { BusError, ErrorCode } from '#lgsp/errors';

/** Failures after which a command certainly had no effect, and which say nothing of the command: they cost it no attempt. */
const holding = new Set<ErrorCode>([
  'circuit-open',
  'connector-unavailable',
  'overloaded',
  'bus-unavailable',
  'ledger-unavailable',
]);
/** Words of outside systems that ask for a pause, and have done nothing. */
const asksForPause = new Set(['HTTP 429', 'HTTP 503']);

/** Whether a failure is the system's affair alone: it holds all its commands, and is no attempt of the one that met it. */
export function holdsSystem({ code, upstream, retryAfterMs }: BusError): boolean {
  return holding.has(code) || (retryAfterMs !== undefined && asksForPause.has(upstream?.code ?? ''));
}
