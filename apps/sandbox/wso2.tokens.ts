import type { FastifyReply, FastifyRequest } from 'fastify';
import { GivenTokens } from './given.tokens';
import type { StandInContext } from './stand-in';

/**
 * The token endpoint of a WSO2-style API manager, and its refusals: shared by the stand-ins that are behind one. The
 * consumer secret is `secret('consumer-secret')` of the stand-in's context.
 */
export class Wso2Tokens {
  private readonly tokens: GivenTokens;

  constructor(
    private readonly context: StandInContext,
    private readonly consumerKey: string,
  ) {
    this.tokens = new GivenTokens(() => context.fault());
  }

  /** Handles `POST /token`. */
  issue(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const pair = `${this.consumerKey}:${this.context.secret('consumer-secret')}`;
    if (request.headers.authorization !== `Basic ${Buffer.from(pair).toString('base64')}`) {
      const error = 'Client Authentication failed.';
      return reply.code(401).send({ error_description: error, error: 'invalid_client' });
    }
    const form = request.headers['content-type'] === 'application/x-www-form-urlencoded';
    if (!form || new URLSearchParams(String(request.body)).get('grant_type') !== 'client_credentials') {
      return reply.code(400).send({ error_description: 'Unsupported grant_type value', error: 'invalid_request' });
    }
    const scope = 'am_application_scope default';
    const token = { access_token: this.tokens.give(), expires_in: this.tokens.validMs / 1_000 };
    return reply.send({ ...token, scope, token_type: 'Bearer' });
  }

  /** The body of a 401 as such a manager sends it, or undefined when the token is good. */
  refusal({ headers }: FastifyRequest): object | undefined {
    const [scheme, token = ''] = (headers.authorization ?? '').split(' ');
    if (scheme !== 'Bearer') return wso2Fault(900_902, 'Missing Credentials');
    return this.tokens.isGood(token) ? undefined : wso2Fault(900_901, 'Invalid Credentials');
  }
}

/** A fault in the API manager's own form. */
export const wso2Fault = (code: number, message: string): object => ({
  fault: { code, message, description: `${message}. Make sure you have given the correct access token.` },
});
