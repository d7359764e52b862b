import type { ErrorCode } from '#lgsp/errors';

export interface Failure {
  code: ErrorCode;
  /** Epoch milliseconds. */
  at: number;
}

/** The newest failure of each connection: its class and when, and nothing of the call. Systems are those of the catalogue. */
export class LastFailures {
  private readonly bySystem = new Map<string, Failure>();

  /** An open circuit only repeats what had gone wrong before it opened: that stays. */
  note(system: string, code: ErrorCode): void {
    if (code === 'circuit-open' && this.bySystem.has(system)) return;
    this.bySystem.set(system, { code, at: Date.now() });
  }

  of(system: string): Failure | undefined {
    return this.bySystem.get(system);
  }
}
