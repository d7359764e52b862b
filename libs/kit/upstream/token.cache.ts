import { BusError } from '#lgsp/errors';
import type { UpstreamCall } from '../call';

export interface FetchedToken {
  token: string;
  /** How long the outside system says that it is valid, in milliseconds. */
  validMs: number;
}

/** Longest wait for a token. It is fetched for all calls that wait, so no single call's deadline ends it. */
const fetchTimeoutMs = 10_000;

/** Share of a token's life after which a new one is fetched, while the old one still serves. */
const refreshAt = 0.8;

/**
 * The access token of one outside system, shared by all calls of the process: fetched once however many calls wait for it
 * (single flight), renewed in the background before it expires, and dropped when the outside system refuses it.
 */
export class TokenCache {
  private current?: { token: string; refreshAt: number; expiresAt: number };
  private fetching?: Promise<string>;

  /** @param fetch asks the outside system for a token, as a call of its own */
  constructor(private readonly fetch: (call: UpstreamCall) => Promise<FetchedToken>) {}

  async get(call: UpstreamCall): Promise<string> {
    const now = Date.now();
    if (this.current && now < this.current.refreshAt) return this.current.token;
    if (this.current && now < this.current.expiresAt) {
      this.fetchOnce(call).catch((error: unknown) =>
        call.log.warn({ err: error }, 'the token could not be renewed early'),
      );
      return this.current.token;
    }
    return this.whileTimeLasts(call, this.fetchOnce(call));
  }

  /** Forgets a refused token. Says whether there was one, so whether a new one may help. */
  drop(): boolean {
    const had = this.current !== undefined;
    this.current = undefined;
    return had;
  }

  private fetchOnce(call: UpstreamCall): Promise<string> {
    this.fetching ??= this.fetch(tokenCall(call))
      .then(({ token, validMs }) => {
        const now = Date.now();
        this.current = { token, refreshAt: now + validMs * refreshAt, expiresAt: now + validMs };
        return token;
      })
      .finally(() => (this.fetching = undefined));
    return this.fetching;
  }

  /** Each waiting call keeps its own deadline, also when another call's fetch takes longer. Nothing was sent yet. */
  private async whileTimeLasts(call: UpstreamCall, token: Promise<string>): Promise<string> {
    let onAbort: () => void = () => undefined;
    const tooLate = new Promise<never>((_, reject) => {
      onAbort = () => reject(new BusError('upstream-timeout', { retryAfterMs: 2_000 }));
      call.signal.addEventListener('abort', onAbort, { once: true });
    });
    try {
      return await Promise.race([token, tooLate]);
    } finally {
      call.signal.removeEventListener('abort', onAbort);
    }
  }
}

function tokenCall({ log }: UpstreamCall): UpstreamCall {
  const deadline = Date.now() + fetchTimeoutMs;
  return {
    operation: 'token',
    kind: 'query',
    timeoutMs: fetchTimeoutMs,
    signal: AbortSignal.timeout(fetchTimeoutMs),
    log,
    attempts: 0,
    upstreamMs: 0,
    remainingMs: () => Math.max(0, deadline - Date.now()),
  };
}
