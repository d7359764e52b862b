/** The sandbox's own time, which can be advanced so that a dossier of several days is finished at once. */
export class SandboxClock {
  private aheadMs = 0;

  /** @param stepMs how long a dossier stays in one state */
  constructor(readonly stepMs: number) {}

  now(): number {
    return Date.now() + this.aheadMs;
  }

  advance(ms: number): void {
    this.aheadMs += ms;
  }

  /** How many states a dossier has moved on since then. */
  stepsSince(startedAt: number): number {
    return Math.floor((this.now() - startedAt) / this.stepMs);
  }
}
