import type { UpstreamCall } from '../call';
import type { UpstreamAuth } from './http.upstream';
import { RestUpstream } from './rest.upstream';
import { TokenCache, type FetchedToken } from './token.cache';
import type { UpstreamRuntime } from './upstream.runtime';

/** Where and with what a token is asked for. */
export interface TokenQuestion {
  baseUrl: string;
  /** Of the token endpoint, below the base URL. */
  path: string;
  /** Sent as `application/x-www-form-urlencoded`; holds the `grant_type`. */
  form: Record<string, string>;
  headers?: Record<string, string>;
  /** How long a token serves whose answer does not say it, in milliseconds; such an answer is refused when left out. */
  validMs?: number;
}

/** An OAuth2 grant (RFC 6749): a token from a form at the token endpoint, then `Authorization: Bearer` on every call. */
export class OAuthGrant implements UpstreamAuth {
  private readonly rest: RestUpstream;
  private readonly tokens = new TokenCache((call) => this.fetch(call));

  constructor(
    runtime: UpstreamRuntime,
    private readonly question: TokenQuestion,
  ) {
    this.rest = new RestUpstream(runtime, question.baseUrl);
  }

  async headers(call: UpstreamCall): Promise<Record<string, string>> {
    return { authorization: `Bearer ${await this.tokens.get(call)}` };
  }

  refused(): boolean {
    return this.tokens.drop();
  }

  private async fetch(call: UpstreamCall): Promise<FetchedToken> {
    const { path, form, headers } = this.question;
    const { json } = await this.rest.json(call, { path, headers, form });
    const { access_token: token, expires_in: validSeconds } = (json ?? {}) as Record<string, unknown>;
    const unsaid = validSeconds === undefined || validSeconds === null;
    const validMs = unsaid ? (this.question.validMs ?? 0) : Number(validSeconds) * 1_000;
    if (typeof token !== 'string' || token === '' || !(validMs > 0)) {
      throw this.rest.http.invalid(call, { en: 'the answer holds no token', vi: 'phản hồi không có token' });
    }
    return { token, validMs };
  }
}
