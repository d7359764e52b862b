import { randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { StandInContext } from '../stand-in';

export const consumerKey = 'lgsp-haiphong';
const validSeconds = 3_600;
const tokensMax = 1_000;

/** The tokens of the façade before the platform, as a WSO2 API manager gives them out. */
export class BearerTokens {
  private readonly expiry = new Map<string, number>();
  private lastFault?: unknown;

  /** The answer of the token endpoint: undefined when key, secret or grant are not the right ones. */
  grant({ headers, body }: FastifyRequest, context: StandInContext): object | undefined {
    this.endTokensOnFault(context);
    const { secret } = context;
    const wanted = `Basic ${Buffer.from(`${consumerKey}:${secret('consumer-secret')}`).toString('base64')}`;
    const form = new URLSearchParams(String(body));
    if (headers.authorization !== wanted || form.get('grant_type') !== 'client_credentials') return undefined;
    const token = randomBytes(16).toString('hex');
    if (this.expiry.size >= tokensMax) this.expiry.delete(this.expiry.keys().next().value!);
    this.expiry.set(token, Date.now() + validSeconds * 1_000);
    return {
      access_token: token,
      scope: 'am_application_scope default',
      token_type: 'Bearer',
      expires_in: validSeconds,
    };
  }

  accepts({ headers }: FastifyRequest, context: StandInContext): boolean {
    this.endTokensOnFault(context);
    const token = /^Bearer (\w+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
    return (this.expiry.get(token) ?? 0) > Date.now();
  }

  /** The fault `expired-token` ends the tokens given out before it was ordered, and no later ones. */
  private endTokensOnFault({ fault }: StandInContext): void {
    const ordered = fault();
    if (ordered !== this.lastFault && ordered?.kind === 'expired-token') this.expiry.clear();
    this.lastFault = ordered;
  }
}
