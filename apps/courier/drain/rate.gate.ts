/** Lets so many through per second, one after the other; what was not used in a second is not saved up beyond a tenth of it. */
export class RateGate {
  private readonly stepMs: number;
  private readonly savedMs: number;
  private nextAt = 0;

  constructor(perSecond: number) {
    this.stepMs = 1_000 / perSecond;
    this.savedMs = Math.max(0, 100 - this.stepMs);
  }

  /** Resolves when it is the caller's turn. */
  async turn(): Promise<void> {
    const waitMs = this.takeTurn() - Date.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  }

  /** Milliseconds until the next turn; takes it when there is one now. */
  tryTurn(now = Date.now()): number {
    if (this.nextAt > now) return this.nextAt - now;
    this.takeTurn(now);
    return 0;
  }

  private takeTurn(now = Date.now()): number {
    const at = Math.max(this.nextAt, now - this.savedMs);
    this.nextAt = at + this.stepMs;
    return at;
  }
}
