import {
  bulkhead,
  CircuitState,
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  isBrokenCircuitError,
  isBulkheadRejectedError,
  isTaskCancelledError,
  retry,
  type BulkheadPolicy,
  type CircuitBreakerPolicy,
  type RetryPolicy,
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
  private readonly retry: RetryPolicy;
  private openedAt = 0;

  constructor(private readonly runtime: UpstreamRuntime) {
    const { inFlightMax, queuedMax, attemptsMax, retryMs, failuresMax, pauseMs } = runtime.config;
    this.bulkhead = bulkhead(inFlightMax, queuedMax);
    this.retry = retry(handleWhen(mayPass), {
      maxAttempts: attemptsMax - 1,
      backoff: new ExponentialBackoff({ initialDelay: retryMs, maxDelay: retryPauseMsMax }),
    });
    this.breaker = circuitBreaker(
      handleWhen((error) => error instanceof CountedFailure),
      { halfOpenAfter: pauseMs, breaker: new ConsecutiveBreaker(failuresMax) },
    );
    const state = runtime.metrics.gauge('lgsp_circuit_state', { system: runtime.system });
    state.set(0);
    this.breaker.onStateChange((now) => {
      state.set(now === CircuitState.Open ? 2 : now === CircuitState.HalfOpen ? 1 : 0);
      if (now === CircuitState.Open) this.openedAt = Date.now();
      runtime.log.warn({ circuit: CircuitState[now] }, 'the circuit changed');
    });
  }

  async run<T>(call: UpstreamCall, repeatable: Repeatable, attempt: () => Promise<T>): Promise<T> {
    let last: unknown;
    const once = async (): Promise<T> => {
      try {
        if (call.signal.aborted) throw new BusError('deadline-exceeded');
        return await this.guarded(call, attempt);
      } catch (error) {
        last = error;
        throw error;
      }
    };
    try {
      return await this.bulkhead.execute(
        () => (repeatable ? this.retry.execute(once, call.signal) : once()),
        call.signal,
      );
    } catch (error) {
      if (isBulkheadRejectedError(error)) {
        const detail = {
          en: 'too many calls wait for this outside system',
          vi: 'quá nhiều lượt gọi đang chờ hệ thống nguồn này',
        };
        throw new BusError('overloaded', { detail, retryAfterMs: 1_000 });
      }
      if (isTaskCancelledError(error)) throw last ?? new BusError('deadline-exceeded');
      throw error;
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

function mayPass(error: Error): boolean {
  if (!(error instanceof BusError)) return false;
  if (error.code === 'upstream-unreachable') return true;
  return error.code === 'upstream-fault' && passingStatuses.has(error.upstream?.code ?? '');
}
