import { setTimeout as pause } from 'node:timers/promises';

/** Waits for so long, in milliseconds, or until the signal aborts. */
export async function idle(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0) return;
  try {
    await pause(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
