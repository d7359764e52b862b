import {
  RestUpstream,
  TokenCache,
  type FetchedToken,
  type UpstreamAuth,
  type UpstreamCall,
  type UpstreamRuntime,
} from '#lgsp/kit';
import type { VnpostConfig } from './vnpost.config';

/** The façade's token (OAuth2 client credentials), shared by all calls and renewed once when it is refused. */
export class VnpostToken implements UpstreamAuth {
  private readonly rest: RestUpstream;
  private readonly tokens = new TokenCache((call) => this.fetch(call));

  constructor(
    private readonly config: VnpostConfig,
    runtime: UpstreamRuntime,
  ) {
    this.rest = new RestUpstream(runtime, config.baseUrl);
  }

  async headers(call: UpstreamCall): Promise<Record<string, string>> {
    return { authorization: `Bearer ${await this.tokens.get(call)}` };
  }

  refused(): boolean {
    return this.tokens.drop();
  }

  private async fetch(call: UpstreamCall): Promise<FetchedToken> {
    const { consumerKey, consumerSecret, tokenPath: path } = this.config;
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
