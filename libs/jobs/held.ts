import type { ErrorCode } from '#lgsp/errors';

/** Why nothing is sent to a system now, and until when: epoch milliseconds, absent until somebody resumes it. */
export interface Held {
  why: 'paused' | 'maintenance' | ErrorCode;
  until?: number;
  /** Who paused it, and what they said. */
  who?: string;
  reason?: string;
}
