import {
  bulkhead,
  CircuitState,
  circuitBreaker,
  ConsecutiveBreaker,
  handleWhen,
  isBrokenCircuitError,
  isBulkheadRejectedError,
  isTaskCancelledError,
  type BulkheadPolicy,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import { BusError, type ErrorCode } from '#lgsp/errors';
import type { UpstreamCall } from '../call';
import type { Repeatable } from './upstream.failure';
import type { UpstreamRuntime } from './upstream.runtime';

/** Codes after which the outside system is thought to be sick. */
const sick = new Set<ErrorCode>([
  'upstream-unreachable',
  'upstream-timeout',
  'upstream-fault',
  'upstream-invalid',
  'outcome-unknown',
]);
/** HTTP statuses after which a repeatable request is sent again. */
const passingStatuses = new Set(['HTTP 429', 'HTTP 502', 'HTTP 503', 'HTTP 504', 'soap:Server']);
const retryPauseMsMax = 2_000;

/** A time-out counts against the outside system only if it had this share of the operation's own time. */
const fairShare = 0.5;

/**
 * What stands between a connector and a sick outside system: a bound on calls at once (bulkhead), repetition of what is
 * repeatable, and a pause when it fails again and again (circuit breaker). Commands are sent once.
 */
export class Resilience {
  private readonly bulkhead: BulkheadPolicy;
  private readonly breaker: CircuitBreakerPolicy;
  private openedAt = 0;

  constructor(private readonly runtime: UpstreamRuntime) {
    const { inFlightMax, queuedMax, failuresMax, pauseMs } = runtime.config;
    this.bulkhead = bulkhead(inFlightMax, queuedMax);
    this.breaker = circuitBreaker(
      handleWhen((error) => error instanceof CountedFailure),
      { halfOpenAfter: pauseMs, breaker: new ConsecutiveBreaker(failuresMax) },
    );
    runtime.reportCircuit(this, 0);
    this.breaker.onStateChange((now) => {
      if (now === CircuitState.Open) this.openedAt = Date.now();
      runtime.reportCircuit(this, now === CircuitState.Open ? 2 : now === CircuitState.HalfOpen ? 1 : 0);
      runtime.log.warn({ circuit: CircuitState[now] }, 'the circuit changed');
    });
  }

  async run<T>(call: UpstreamCall, repeatable: Repeatable, attempt: () => Promise<T>): Promise<T> {
    try {
      return await this.bulkhead.execute(() => this.repeated(call, repeatable, attempt), call.signal);
    } catch (error) {
      if (isBulkheadRejectedError(error)) {
        const detail = {
          en: 'too many calls wait for this outside system',
          vi: 'quá nhiều lượt gọi đang chờ hệ thống nguồn này',
        };
        throw new BusError('overloaded', { detail, retryAfterMs: 1_000 });
      }
      if (isTaskCancelledError(error)) throw new BusError('deadline-exceeded');
      throw error;
    }
  }

  /** Not the library's own retry: it knows no deadline, and would wait for an attempt that nobody can wait for. */
  private async repeated<T>(call: UpstreamCall, repeatable: Repeatable, attempt: () => Promise<T>): Promise<T> {
    const { attemptsMax, retryMs } = this.runtime.config;
    let failure: unknown;
    for (let nth = 1; ; nth++) {
      if (call.signal.aborted) throw new BusError('deadline-exceeded'); // It waited for its place until now.
      try {
        return await this.guarded(call, attempt);
      } catch (error) {
        if (failure && isCircuitOpen(error)) throw failure; // It opened meanwhile: what went wrong had come before.
        failure = error;
        const pauseMs = Math.max(pauseMsBefore(nth, retryMs), askedPauseMs(error));
        if (!repeatable || nth >= attemptsMax || !mayPass(error) || pauseMs >= call.remainingMs()) throw error;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
        if (call.signal.aborted) throw error;
      }
    }
  }

  private async guarded<T>(call: UpstreamCall, attempt: () => Promise<T>): Promise<T> {
    const givenMs = call.remainingMs();
    try {
      return await this.breaker.execute(async () => {
        try {
          return await attempt();
        } catch (error) {
          throw this.counts(error, call, givenMs) ? new CountedFailure(error) : error;
        }
      });
    } catch (error) {
      if (error instanceof CountedFailure) throw error.failure;
      if (isBrokenCircuitError(error)) {
        const retryAfterMs = Math.max(100, this.openedAt + this.runtime.config.pauseMs - Date.now());
        throw new BusError('circuit-open', { retryAfterMs });
      }
      throw error;
    }
  }

  /** A caller that gives the outside system next to no time must not be able to open the circuit for all others. */
  private counts(error: unknown, call: UpstreamCall, givenMs: number): boolean {
    if (!(error instanceof BusError) || !sick.has(error.code)) return false;
    const timedOut = error.code === 'upstream-timeout' || error.upstream?.code === 'timeout';
    return !timedOut || givenMs >= call.timeoutMs * fairShare;
  }
}

/** Marks a failure for the breaker without changing what is thrown in the end. */
class CountedFailure extends Error {
  constructor(readonly failure: unknown) {
    super('counted');
  }
}

const isCircuitOpen = (error: unknown): boolean => error instanceof BusError && error.code === 'circuit-open';

function mayPass(error: unknown): boolean {
  if (!(error instanceof BusError)) return false;
  if (error.code === 'upstream-unreachable') return true;
  return error.code === 'upstream-fault' && passingStatuses.has(error.upstream?.code ?? '');
}

/** Doubles with each attempt; half of it is chance, so that callers who failed together do not come back together. */
function pauseMsBefore(attempt: number, firstMs: number): number {
  const most = Math.min(retryPauseMsMax, firstMs * 2 ** (attempt - 1));
  return most / 2 + (Math.random() * most) / 2;
}

/** An outside system that names a pause (Retry-After) is given it. */
function askedPauseMs(error: unknown): number {
  return error instanceof BusError && error.code === 'upstream-fault' ? (error.retryAfterMs ?? 0) : 0;
}
