/** Pauses before a command is sent again. */
export interface BackoffTimes {
  firstMs: number;
  mostMs: number;
}

/**
 * The pause after so many attempts: it doubles each time, up to the longest, and half of it is chance, so that commands that
 * failed together do not come back together. What the outside system asks for is the least.
 */
export function backoffMs(
  { firstMs, mostMs }: BackoffTimes,
  attempts: number,
  askedMs = 0,
  chance = Math.random(),
): number {
  const most = Math.min(mostMs, firstMs * 2 ** Math.min(attempts - 1, 40));
  return Math.max(askedMs, Math.round(most / 2 + (chance * most) / 2));
}
