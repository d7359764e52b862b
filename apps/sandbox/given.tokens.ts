import { randomUUID } from 'node:crypto';
import type { Fault } from './faults';

const validMsDefault = 3_600_000;
/** Oldest tokens are forgotten beyond this. */
const tokensMax = 1_000;

/** The access tokens or sessions that a stand-in gave out, for as long as they are good. */
export class GivenTokens {
  private readonly validUntil = new Map<string, number>();
  private expiredBy?: Fault;

  /** @param fault the fault that is ordered now: `expired-token` ends what was given out before it was ordered */
  constructor(
    private readonly fault: () => Fault | undefined,
    readonly validMs = validMsDefault,
  ) {}

  give(): string {
    this.forgetWhenOrdered();
    const token = randomUUID();
    this.validUntil.set(token, Date.now() + this.validMs);
    if (this.validUntil.size > tokensMax) this.validUntil.delete(this.validUntil.keys().next().value!);
    return token;
  }

  isGood(token: string): boolean {
    this.forgetWhenOrdered();
    return (this.validUntil.get(token) ?? 0) >= Date.now();
  }

  private forgetWhenOrdered(): void {
    const ordered = this.fault();
    if (ordered?.kind !== 'expired-token' || ordered === this.expiredBy) return;
    this.expiredBy = ordered;
    this.validUntil.clear();
  }
}
