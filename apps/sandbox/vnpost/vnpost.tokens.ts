import { randomBytes } from 'node:crypto';
import type { StandInContext } from '../stand-in';

export const tokenSeconds = 3_600;
export const consumerKey = 'haiphong';
const tokensMax = 1_000;

/** The tokens that the façade has given out. */
export class Tokens {
  private readonly expiry = new Map<string, number>();
  private expiredBy?: object;

  constructor(private readonly context: StandInContext) {}

  /** The answer to a request for a token; undefined when key or secret are wrong. */
  give(authorization: string | undefined): object | undefined {
    this.endWhenOrdered();
    const wanted = Buffer.from(`${consumerKey}:${this.context.secret('consumer-secret')}`).toString('base64');
    if (authorization !== `Basic ${wanted}`) return undefined;
    const token = randomBytes(24).toString('base64url');
    this.expiry.set(token, Date.now() + tokenSeconds * 1_000);
    if (this.expiry.size > tokensMax) this.expiry.delete(this.expiry.keys().next().value!);
    return {
      access_token: token,
      scope: 'am_application_scope default',
      token_type: 'Bearer',
      expires_in: tokenSeconds,
    };
  }

  believes(authorization: string | undefined): boolean {
    this.endWhenOrdered();
    return (this.expiry.get(authorization?.replace(/^Bearer /, '') ?? '') ?? 0) > Date.now();
  }

  /** The fault `expired-token` ends what was given out before it was ordered, and nothing later. */
  private endWhenOrdered(): void {
    const ordered = this.context.fault();
    if (ordered?.kind !== 'expired-token' || ordered === this.expiredBy) return;
    this.expiredBy = ordered;
    this.expiry.clear();
  }
}
