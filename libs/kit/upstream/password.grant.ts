import { OAuthGrant } from './oauth.grant';
import type { UpstreamRuntime } from './upstream.runtime';

export interface PasswordCredentials {
  baseUrl: string;
  /** Of the token endpoint, below the base URL. */
  path: string;
  username: string;
  password: string;
  clientId: string;
  clientSecret: string;
}

/** Systems with this grant often leave `expires_in` out; a token that is refused earlier is replaced at once. */
const unsaidValidMs = 300_000;

/**
 * OAuth2 resource owner password credentials (RFC 6749, section 4.3), everything in the form. A refresh token is not kept:
 * the password is at hand, so it would only be one more secret.
 */
export class PasswordGrantAuth extends OAuthGrant {
  constructor(runtime: UpstreamRuntime, credentials: PasswordCredentials) {
    const { baseUrl, path, username, password, clientId, clientSecret } = credentials;
    const client = { client_id: clientId, client_secret: clientSecret };
    const form = { grant_type: 'password', username, password, ...client };
    super(runtime, { baseUrl, path, form, validMs: unsaidValidMs });
  }
}
