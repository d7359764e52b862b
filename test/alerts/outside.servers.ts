import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp, request as httpRequest } from 'node:http';
import { createServer as createHttps, type Server as HttpsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#lgsp/bus/testing';
import { selfSigned, type TestCertificate } from './certificate';
import { factor, msOf } from './rules';

/** Expires within the fourteen days of the alerts, and long after them. */
export const oldCertificate = (): TestCertificate => selfSigned(new Date(Date.now() + msOf('7d') * factor));
export const renewedCertificate = (): TestCertificate => selfSigned(new Date(Date.now() + msOf('90d') * factor));

/** A front with TLS before an outside system that has none, whose certificate a drill may renew. */
export class TlsFront {
  private readonly folder = mkdtempSync(join(tmpdir(), 'lgsp-tls-'));
  readonly old = oldCertificate();
  readonly renewed = renewedCertificate();
  private server?: HttpsServer;

  /** @returns what a connector must be told to go this way */
  async start(upstream: Record<string, string>): Promise<Record<string, string>> {
    const [name, url] = Object.entries(upstream).find(([variable]) => variable.endsWith('_BASE_URL'))!;
    const { hostname, port, pathname } = new URL(url);
    this.server = createHttps(this.old, (request, response) => {
      const { method, url: path, headers } = request;
      const onward = httpRequest({ hostname, port, method, path, headers }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      });
      onward.once('error', () => response.destroy());
      request.pipe(onward);
    });
    const at = await freePort();
    await new Promise<void>((resolve) => this.server!.listen(at, '127.0.0.1', resolve));
    const trusted = join(this.folder, 'trusted.pem');
    writeFileSync(trusted, this.old.cert + this.renewed.cert);
    return { [name]: `https://localhost:${at}${pathname === '/' ? '' : pathname}`, NODE_EXTRA_CA_CERTS: trusted };
  }

  renew({ cert, key }: TestCertificate): void {
    this.server!.setSecureContext({ cert, key });
    this.server!.closeAllConnections();
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => (this.server ? this.server.close(resolve) : resolve(undefined)));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** An outside issuer of tokens that is away at first. */
export class Issuer {
  private port = 0;
  private readonly server = createHttp((_request, response) => response.end('{"keys":[]}'));

  async reserve(): Promise<void> {
    this.port = await freePort();
  }

  get settings(): Record<string, string> {
    return {
      LGSP_OIDC_ISSUER: 'https://sign-on.example',
      LGSP_OIDC_AUDIENCE: 'lgsp',
      LGSP_OIDC_JWKS_URL: `http://127.0.0.1:${this.port}/keys`,
      LGSP_OIDC_REFETCH_MS: '1000',
    };
  }

  /** A token of this issuer that nobody will believe: enough to have its keys asked for. */
  get token(): string {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${part({ alg: 'EdDSA', kid: 'none' })}.${part({ iss: 'https://sign-on.example' })}.${'A'.repeat(86)}`;
  }

  async come(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
