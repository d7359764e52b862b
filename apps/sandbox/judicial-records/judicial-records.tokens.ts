import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Fault } from '../faults';
import type { StandInContext } from '../stand-in';

export const consumerKey = 'haiphong-lltp';
const validMs = 3_600_000;
/** Oldest tokens are forgotten beyond this. */
const tokensMax = 1_000;

/** The token endpoint of a WSO2-style gateway, and its refusals. */
export class Tokens {
  private readonly validUntil = new Map<string, number>();
  private expiredBy?: Fault;

  constructor(private readonly context: StandInContext) {}

  issue(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    this.forgetWhenOrdered();
    const secret = this.context.secret('consumer-secret');
    const wanted = `Basic ${Buffer.from(`${consumerKey}:${secret}`).toString('base64')}`;
    if (request.headers.authorization !== wanted) {
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

  /** The body of a 401 as such a gateway sends it, or undefined when the token is good. */
  refusal({ headers }: FastifyRequest): object | undefined {
    this.forgetWhenOrdered();
    const [scheme, token = ''] = (headers.authorization ?? '').split(' ');
    if (scheme !== 'Bearer') return fault(900_902, 'Missing Credentials');
    if ((this.validUntil.get(token) ?? 0) < Date.now()) return fault(900_901, 'Invalid Credentials');
    const partner = headers['lgspaccesstoken'];
    return partner === undefined || partner === this.partnerToken ? undefined : fault(900_901, 'Invalid Credentials');
  }

  /** The only `lgspaccesstoken` that is believed. */
  private get partnerToken(): string {
    return Buffer.from(JSON.stringify(partnerOf(this.context))).toString('base64');
  }

  /** The fault `expired-token`: what was given out before it was ordered is good no more; a new token is. */
  private forgetWhenOrdered(): void {
    const ordered = this.context.fault();
    if (ordered?.kind !== 'expired-token' || ordered === this.expiredBy) return;
    this.expiredBy = ordered;
    this.validUntil.clear();
  }
}

/** The partner of whom the header `lgspaccesstoken` tells. */
export const partnerOf = ({ secret }: StandInContext): Record<string, string> => ({
  AccessKey: 'haiphong',
  SecretKey: secret('partner-secret'),
  AppName: 'lgsp',
  PartnerCode: '000.00.00.H24',
  PartnerCodeCus: '000.00.00.H24',
});

const fault = (code: number, message: string): object => ({
  fault: { code, message, description: `${message}. Make sure you have given the correct access token.` },
});
