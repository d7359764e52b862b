import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CompactSign, exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

/** How the issuer answers for its keys: as it should, or in one wrong way. */
export type IssuerMood = 'well' | 'hangs' | 'fails' | 'garbage' | 'no-keys' | 'endless' | 'redirects';

/** An OpenID issuer as a province has one: real RSA keys, a JWKS over HTTP, tokens that it signs. */
export class TestIssuer {
  mood: IssuerMood = 'well';
  /** How often its keys were asked for. */
  asked = 0;
  readonly audience = 'lgsp-hai-phong';
  private keys: { kid: string; privateKey: CryptoKey; publicJwk: JWK }[] = [];
  private server?: Server;
  private port = 0;

  static async start(): Promise<TestIssuer> {
    const issuer = new TestIssuer();
    await issuer.rotate();
    await issuer.up();
    return issuer;
  }

  get name(): string {
    return `http://127.0.0.1:${this.port}/realms/province`;
  }

  get jwksUrl(): string {
    return `${this.name}/certs`;
  }

  /** What the gateway is told of it. */
  get settings(): Record<string, string> {
    return { LGSP_OIDC_ISSUER: this.name, LGSP_OIDC_AUDIENCE: this.audience, LGSP_OIDC_JWKS_URL: this.jwksUrl };
  }

  get publicKeys(): JWK[] {
    return this.keys.map(({ publicJwk }) => publicJwk);
  }

  /** Signs with a new key from now on. @param withdraw the old ones are not published any more */
  async rotate({ withdraw = false } = {}): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const kid = `key-${this.keys.length + 1}-${crypto.randomUUID().slice(0, 8)}`;
    const publicJwk = { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' };
    this.keys = [{ kid, privateKey, publicJwk }, ...(withdraw ? [] : this.keys)];
  }

  /** A token for a client. @param change makes it wrong in something */
  token(clientId: string, change: (jwt: SignJWT) => SignJWT = (jwt) => jwt, header: object = {}): Promise<string> {
    const { kid, privateKey } = this.keys[0]!;
    const jwt = new SignJWT({ azp: clientId, scope: 'openid' })
      .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT', ...header })
      .setIssuer(this.name)
      .setAudience([this.audience, 'account'])
      .setSubject(crypto.randomUUID())
      .setIssuedAt()
      .setExpirationTime('5m');
    return change(jwt).sign(privateKey);
  }

  /** Signs whatever claims there are, also what no builder would take. */
  sign(claims: object): Promise<string> {
    const { kid, privateKey } = this.keys[0]!;
    return new CompactSign(Buffer.from(JSON.stringify(claims)))
      .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
      .sign(privateKey);
  }

  /** Listens, on the same port as before. */
  async up(): Promise<void> {
    this.server = createServer((request, response) => {
      if (request.url !== '/realms/province/certs') return void response.writeHead(404).end();
      this.asked++;
      this.answer(response);
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async down(): Promise<void> {
    this.server!.closeAllConnections();
    await new Promise((done) => this.server!.close(done));
  }

  private answer(response: ServerResponse): void {
    const json = { 'content-type': 'application/json' };
    const moods: Record<IssuerMood, () => unknown> = {
      well: () => response.writeHead(200, json).end(JSON.stringify({ keys: this.publicKeys })),
      hangs: () => undefined,
      fails: () => response.writeHead(500, json).end('{}'),
      garbage: () => response.writeHead(200, json).end('<html>'),
      'no-keys': () => response.writeHead(200, json).end('{"error":"none"}'),
      endless: () => {
        response.writeHead(200, json);
        const more = (): void => {
          while (!response.destroyed && response.write(' '.repeat(65_536)));
          response.once('drain', more);
        };
        more();
      },
      redirects: () => response.writeHead(302, { location: `${this.jwksUrl}?again` }).end(),
    };
    moods[this.mood]();
  }
}
