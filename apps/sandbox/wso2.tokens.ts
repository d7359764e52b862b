import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Fault } from './faults';
import type { StandInContext } from './stand-in';

const validMs = 3_600_000;
/** Oldest tokens are forgotten beyond this. */
const tokensMax = 1_000;

/**
 * The token endpoint of a WSO2-style API manager, and its refusals: shared by the stand-ins that are behind one. The
 * consumer secret is `secret('consumer-secret')` of the stand-in's context.
 */
export class Wso2Tokens {
  private readonly validUntil = new Map<string, number>();
  private expiredBy?: Fault;

  constructor(
    private readonly context: StandInContext,
    private readonly consumerKey: string,
  ) {}

  /** Handles `POST /token`. */
  issue(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    this.forgetWhenOrdered();
    const pair = `${this.consumerKey}:${this.context.secret('consumer-secret')}`;
    if (request.headers.authorization !== `Basic ${Buffer.from(pair).toString('base64')}`) {
      const error = 'Client Authentication failed.';
      return reply.code(401).send({ error_description: error, error: 'invalid_client' });
    }
    const form = request.headers['content-type'] === 'application/x-www-form-urlencoded';
    if (!form || new URLSearchParams(String(request.body)).get('grant_type') !== 'client_credentials') {
      return reply.code(400).send({ error_description: 'Unsupported grant_type value', error: 'invalid_request' });
    }
    const token = randomUUID();
    this.validUntil.set(token, Date.now() + validMs);
    if (this.validUntil.size > tokensMax) this.validUntil.delete(this.validUntil.keys().next().value!);
    const scope = 'am_application_scope default';
    return reply.send({ access_token: token, scope, token_type: 'Bearer', expires_in: validMs / 1_000 });
  }

  /** The body of a 401 as such a manager sends it, or undefined when the token is good. */
  refusal({ headers }: FastifyRequest): object | undefined {
    this.forgetWhenOrdered();
    const [scheme, token = ''] = (headers.authorization ?? '').split(' ');
    if (scheme !== 'Bearer') return wso2Fault(900_902, 'Missing Credentials');
    return (this.validUntil.get(token) ?? 0) < Date.now() ? wso2Fault(900_901, 'Invalid Credentials') : undefined;
  }

  /** The fault `expired-token`: what was given out before it was ordered is good no more; a new token is. */
  private forgetWhenOrdered(): void {
    const ordered = this.context.fault();
    if (ordered?.kind !== 'expired-token' || ordered === this.expiredBy) return;
    this.expiredBy = ordered;
    this.validUntil.clear();
  }
}

/** A fault in the API manager's own form. */
export const wso2Fault = (code: number, message: string): object => ({
  fault: { code, message, description: `${message}. Make sure you have given the correct access token.` },
});
