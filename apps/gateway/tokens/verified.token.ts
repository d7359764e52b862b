/** What is known of a token that was verified. */
export interface VerifiedToken {
  clientId: string;
  /** Epoch milliseconds. */
  expiresAt: number;
  /** Epoch milliseconds after which it is verified anew, though it has not expired; for ever when left out. */
  believedUntil?: number;
}

/** How far clocks may be apart, in seconds. */
export const clockToleranceSeconds = 5;
