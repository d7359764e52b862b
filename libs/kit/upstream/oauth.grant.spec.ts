import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger, Metrics } from '#lgsp/telemetry';
import type { UpstreamCall } from '../call';
import { ConnectorConfig } from '../connector.config';
import { ClientCredentialsAuth } from './client.credentials';
import { PasswordGrantAuth } from './password.grant';
import { UpstreamRuntime } from './upstream.runtime';

interface Asked {
  authorization?: string;
  form: Record<string, string>;
}

const log = createLogger({ app: 'test', level: 'silent' });

/** A token endpoint that remembers what it was asked and answers what a test tells it to. */
class TokenEndpoint {
  readonly asked: Asked[] = [];
  answer: object = {};
  private readonly server: Server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      const { authorization } = request.headers;
      this.asked.push({ authorization, form: Object.fromEntries(new URLSearchParams(text)) });
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(this.answer));
    });
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

const call = (): UpstreamCall => ({
  operation: 'get-forecast',
  kind: 'query',
  timeoutMs: 1_000,
  signal: AbortSignal.timeout(1_000),
  log,
  attempts: 0,
  upstreamMs: 0,
  remainingMs: () => 1_000,
});

describe('an OAuth2 grant', () => {
  const endpoint = new TokenEndpoint();
  const runtime = new UpstreamRuntime('weather', new ConnectorConfig(), log, new Metrics(false));
  beforeAll(() => endpoint.start());
  afterAll(async () => {
    await runtime.stop();
    endpoint.stop();
  });
  beforeEach(() => endpoint.asked.splice(0));

  const credentials = (): ClientCredentialsAuth =>
    new ClientCredentialsAuth(runtime, {
      baseUrl: endpoint.baseUrl,
      path: '/token',
      consumerKey: 'key',
      consumerSecret: 'hush',
    });
  const password = (): PasswordGrantAuth =>
    new PasswordGrantAuth(runtime, {
      baseUrl: endpoint.baseUrl,
      path: '/token',
      username: 'user',
      password: 'word&',
      clientId: 'client',
      clientSecret: 'hush',
    });

  it('of client credentials proves itself in the header', async () => {
    endpoint.answer = { access_token: 'a1', expires_in: 3_600 };
    expect(await credentials().headers(call())).toEqual({ authorization: 'Bearer a1' });
    expect(endpoint.asked).toEqual([
      { authorization: 'Basic a2V5Omh1c2g=', form: { grant_type: 'client_credentials' } },
    ]);
  });

  it('of a password proves itself in the form, and needs no expiry', async () => {
    endpoint.answer = { access_token: 'a1', refresh_token: 'r1' };
    const auth = password();
    expect(await auth.headers(call())).toEqual({ authorization: 'Bearer a1' });
    expect(await auth.headers(call())).toEqual({ authorization: 'Bearer a1' });
    const client = { client_id: 'client', client_secret: 'hush' };
    expect(endpoint.asked).toEqual([
      { form: { grant_type: 'password', username: 'user', password: 'word&', ...client } },
    ]);
  });

  it('asks again after its token was refused', async () => {
    endpoint.answer = { access_token: 'a1' };
    const auth = password();
    await auth.headers(call());
    expect(auth.refused()).toBe(true);
    endpoint.answer = { access_token: 'a2' };
    expect(await auth.headers(call())).toEqual({ authorization: 'Bearer a2' });
  });

  it.each([
    ['no token', { expires_in: 3_600 }],
    ['an empty token', { access_token: '', expires_in: 3_600 }],
    ['no life', { access_token: 'a1', expires_in: 0 }],
    ['a life in words', { access_token: 'a1', expires_in: 'soon' }],
  ])('refuses an answer with %s', async (_what, answer) => {
    endpoint.answer = answer;
    await expect(credentials().headers(call())).rejects.toMatchObject({ code: 'upstream-invalid' });
  });

  it('of client credentials wants to know how long its token serves', async () => {
    endpoint.answer = { access_token: 'a1' };
    await expect(credentials().headers(call())).rejects.toMatchObject({ code: 'upstream-invalid' });
  });
});
