import type { UpstreamCall } from '../call';
import type { UpstreamAuth } from './http.upstream';
import { RestUpstream } from './rest.upstream';
import { TokenCache, type FetchedToken } from './token.cache';
import type { UpstreamRuntime } from './upstream.runtime';

export interface ClientCredentials {
  baseUrl: string;
  /** Of the token endpoint, below the base URL. */
  path: string;
  consumerKey: string;
  consumerSecret: string;
}

/**
 * OAuth2 client credentials as the national façades (NGSP/NDXP, WSO2 API Manager) and provinces re-exposing them take them:
 * `Authorization: Basic` and a form at the token endpoint, then `Authorization: Bearer` on every call.
 */
export class ClientCredentialsAuth implements UpstreamAuth {
  private readonly rest: RestUpstream;
  private readonly tokens = new TokenCache((call) => this.fetch(call));

  constructor(
    runtime: UpstreamRuntime,
    private readonly credentials: ClientCredentials,
  ) {
    this.rest = new RestUpstream(runtime, credentials.baseUrl);
  }

  async headers(call: UpstreamCall): Promise<Record<string, string>> {
    return { authorization: `Bearer ${await this.tokens.get(call)}` };
  }

  refused(): boolean {
    return this.tokens.drop();
  }

  private async fetch(call: UpstreamCall): Promise<FetchedToken> {
    const { path, consumerKey, consumerSecret } = this.credentials;
    const basic = Buffer.from(`${consumerKey}:${consumerSecret}`).toString('base64');
    const headers = { authorization: `Basic ${basic}` };
    const { json } = await this.rest.json(call, { path, headers, form: { grant_type: 'client_credentials' } });
    const { access_token: token, expires_in: validSeconds } = (json ?? {}) as Record<string, unknown>;
    if (typeof token !== 'string' || token === '' || !(Number(validSeconds) > 0)) {
      throw this.rest.http.invalid(call, { en: 'the answer holds no token', vi: 'phản hồi không có token' });
    }
    return { token, validMs: Number(validSeconds) * 1_000 };
  }
}
