import { OAuthGrant } from './oauth.grant';
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
 * `Authorization: Basic` and a form at the token endpoint.
 */
export class ClientCredentialsAuth extends OAuthGrant {
  constructor(runtime: UpstreamRuntime, { baseUrl, path, consumerKey, consumerSecret }: ClientCredentials) {
    const basic = Buffer.from(`${consumerKey}:${consumerSecret}`).toString('base64');
    const headers = { authorization: `Basic ${basic}` };
    super(runtime, { baseUrl, path, headers, form: { grant_type: 'client_credentials' } });
  }
}
