/**
 * What may be limited. A rate (GCRA, the generic cell rate algorithm) lets a steady caller through at exactly its rate and
 * allows bursts; a quota counts within a period of the Vietnamese calendar.
 */
export interface Rate {
  kind: 'rate';
  /** What it is, for `RateLimit-Policy`: `client`, `client-system`, `system`. */
  name: string;
  /** Whom it counts, such as `client:one-stop` or `system:population`. */
  key: string;
  /** Calls per period. */
  limit: number;
  periodMs: number;
  /** Calls that may come at once; the limit when left out. */
  burst?: number;
}

export interface Quota {
  kind: 'quota';
  name: string;
  /** Ends with the period, such as `client:one-stop:2026-11-24`, so that a new period begins with a new key. */
  key: string;
  limit: number;
  /** Epoch milliseconds at which the period ends. */
  endsAt: number;
}

export type Limit = Rate | Quota;

/** What a limiter answers: admitted by all limits, or refused by one and counted by none. */
export interface LimitDecision {
  /** The limit that refuses; undefined when the call is admitted. */
  refusedBy?: Limit;
  /** How long until it may be admitted, in milliseconds; 0 when it is. */
  retryAfterMs: number;
  /** Of the limit with the least share left: calls that are left, and milliseconds until it is full again. */
  tightest: Limit;
  remaining: number;
  resetMs: number;
}
