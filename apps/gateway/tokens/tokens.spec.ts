import type { ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { exportJWK, generateKeyPair, importJWK, SignJWT, type CryptoKey, type JWK } from 'jose';
import { KeyValueStore } from '#lgsp/bus';
import { createLogger } from '#lgsp/telemetry';
import { startForeign } from '../testing/foreign';
import { GatewayHarness, until } from '../testing/gateway.harness';
import { SigningKeys } from './signing.keys';

const harness = new GatewayHarness();
let foreign: ChildProcess;

beforeAll(async () => {
  await harness.start();
  foreign = await startForeign(harness);
});
afterAll(async () => {
  foreign.kill('SIGKILL');
  await harness.stop();
});

const basic = (id: string, secret: string): string => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
const formType = 'application/x-www-form-urlencoded';

async function ask(
  path = '/oauth2/token',
  change: { authorization?: string; form?: Record<string, string>; type?: string } = {},
) {
  const { authorization = basic('tester', harness.secret), form = {}, type = formType } = change;
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...form }).toString();
  return harness.fetch(
    path,
    { method: 'POST', body },
    { authorization: authorization || undefined, 'content-type': type },
  );
}

const callWith = (token: string) => harness.post('/v1/weather/get-forecast', {}, { authorization: `Bearer ${token}` });

async function goodToken(): Promise<string> {
  return String((await ask()).body['access_token']);
}

describe('the token endpoint', () => {
  it.each(['/oauth2/token', '/token'])('%s gives a token of an hour that opens the door', async (path) => {
    const { status, body, headers } = await ask(path);
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { token_type: 'Bearer', expires_in: 3_600, scope: '*' },
    });
    expect(headers.get('cache-control')).toBe('no-store');
    expect((await callWith(String(body['access_token']))).status).toBe(200);
  });

  it('takes id and secret in the form as well', async () => {
    const form = { client_id: 'tester', client_secret: harness.secret };
    expect((await ask('/token', { authorization: '', form })).status).toBe(200);
  });

  it.each([
    ['no credentials', { authorization: '' }, 401, 'unauthenticated'],
    ['a wrong secret', { authorization: basic('tester', `tester.${'A'.repeat(43)}`) }, 401, 'unauthenticated'],
    ['an unknown client', { authorization: basic('nobody', `nobody.${'A'.repeat(43)}`) }, 401, 'unauthenticated'],
    ['nonsense', { authorization: 'Basic ====' }, 401, 'unauthenticated'],
    ['another grant', { form: { grant_type: 'password' } }, 400, 'invalid-request'],
    ['JSON', { type: 'application/json' }, 415, 'unsupported-media-type'],
  ])('refuses %s', async (_name, change, status, code) => {
    const answer = await ask('/oauth2/token', change);
    expect({ status: answer.status, code: answer.body['code'] }).toEqual({ status, code });
  });

  it("refuses another client's id with one's own secret", async () => {
    await harness.register('other');
    const { status } = await ask('/token', { authorization: basic('other', harness.secret) });
    expect(status).toBe(401);
  });
});

describe('a token', () => {
  const parts = (token: string): [header: string, payload: string, signature: string] =>
    token.split('.') as [string, string, string];
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const decode = (text: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, unknown>;

  /** Signed with the gateway's own key, and wrong in one thing. */
  async function signedWith(
    change: (jwt: SignJWT) => SignJWT,
    header: object = {},
    { expires = true } = {},
  ): Promise<string> {
    const store = await KeyValueStore.open<{ kid: string; privateJwk: JWK }>(await harness.nats.connect(), {
      bucket: 'KEYS',
      description: '',
    });
    const { kid, privateJwk } = [...(await store.all()).values()][0]!;
    const jwt = new SignJWT({ scope: '*' })
      .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'at+jwt', ...header })
      .setIssuer('lgsp')
      .setAudience('lgsp')
      .setSubject('tester')
      .setJti('1')
      .setIssuedAt();
    if (expires) jwt.setExpirationTime('1h');
    return change(jwt).sign((await importJWK(privateJwk, 'EdDSA')) as CryptoKey);
  }

  it('made in the same way passes: so each attack below is refused for its own fault', async () => {
    expect((await callWith(await signedWith((jwt) => jwt))).status).toBe(200);
  });

  const attacks: Record<string, () => Promise<string>> = {
    'alg none': async () => {
      const [, payload] = parts(await goodToken());
      return `${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.`;
    },
    'HMAC with the public key': async () => {
      const [header, payload] = parts(await goodToken());
      const { body } = await harness.fetch('/.well-known/jwks.json');
      const head = encode({ ...decode(header), alg: 'HS256' });
      const key = JSON.stringify((body['keys'] as JWK[])[0]);
      return `${head}.${payload}.${createHmac('sha256', key).update(`${head}.${payload}`).digest('base64url')}`;
    },
    'changed claims': async () => {
      const [header, payload, signature] = parts(await goodToken());
      return `${header}.${encode({ ...decode(payload), sub: 'other' })}.${signature}`;
    },
    'a key of the attacker': async () => {
      const { privateKey } = await generateKeyPair('Ed25519');
      const [header, payload] = parts(await goodToken());
      return new SignJWT(decode(payload)).setProtectedHeader({ ...decode(header), alg: 'EdDSA' }).sign(privateKey);
    },
    'the key in the header': async () => {
      const { privateKey, publicKey } = await generateKeyPair('Ed25519', { extractable: true });
      const [, payload] = parts(await goodToken());
      const header = { alg: 'EdDSA', typ: 'at+jwt', jwk: await exportJWK(publicKey) };
      return new SignJWT(decode(payload)).setProtectedHeader(header).sign(privateKey);
    },
    'an unknown key id': () => signedWith((jwt) => jwt, { kid: '../../etc/passwd' }),
    'another issuer': () => signedWith((jwt) => jwt.setIssuer('elsewhere')),
    'another audience': () => signedWith((jwt) => jwt.setAudience('elsewhere')),
    'another type': () => signedWith((jwt) => jwt, { typ: 'JWT' }),
    'not yet valid': () => signedWith((jwt) => jwt.setNotBefore('10m')),
    'a client that does not exist': () => signedWith((jwt) => jwt.setSubject('nobody')),
    'no expiry': () => signedWith((jwt) => jwt, {}, { expires: false }),
    'too long': async () => `${await goodToken()}${'A'.repeat(5_000)}`,
    nonsense: async () => 'a.b.c',
  };

  it.each(Object.keys(attacks))('with %s is refused', async (name) => {
    const { status, body } = await callWith(await attacks[name]!());
    expect({ status, code: body['code'] }).toEqual({ status: 401, code: 'unauthenticated' });
  });

  it('that has expired says so', async () => {
    const expired = await signedWith((jwt) => jwt.setIssuedAt('-2h').setExpirationTime('-1h'));
    const { status, body } = await callWith(expired);
    expect({ status, code: body['code'] }).toEqual({ status: 401, code: 'token-expired' });
  });

  it('opens nothing once its client is suspended, also when it was verified before', async () => {
    const secret = await harness.register('late');
    const { body } = await ask('/token', { authorization: basic('late', secret) });
    const token = String(body['access_token']);
    expect((await callWith(token)).status).toBe(200);
    await harness.clients.put({ ...(await harness.clients.get('late'))!, state: 'suspended' });
    await until(async () => (await callWith(token)).body['code'] === 'client-suspended', 1_000);
  });

  it('is not in the log, and neither is a private key published', async () => {
    const token = await goodToken();
    await callWith(token);
    expect(harness.logLines.join('')).not.toContain(token.split('.')[2]);
    const { body } = await harness.fetch('/.well-known/jwks.json');
    const keys = (body['keys'] as { lgsp_use?: string }[]).filter(({ lgsp_use: use }) => use === undefined);
    expect({ keys }).toEqual({
      keys: [{ kty: 'OKP', crv: 'Ed25519', x: expect.any(String), kid: expect.any(String), use: 'sig', alg: 'EdDSA' }],
    });
    expect(JSON.stringify(body)).not.toContain('"d"');
  });
});

it('keys follow each other, the old one is believed as long as its tokens live, and a second gateway knows both', async () => {
  const nats = await harness.nats.connect();
  const log = createLogger({ app: 'test', level: 'silent' });
  const keys = await SigningKeys.open(nats, { signMs: 10 * 86_400_000, verifyMs: 3_600_000 }, log);
  const first = keys.current();
  const later = first.signsUntil - 1_000;
  await keys.rotate(later);
  const second = keys.current(later);
  expect(second.kid).not.toBe(first.kid);
  expect(keys.publicKey(first.kid, later)).toBeDefined();
  const other = await SigningKeys.open(await harness.nats.connect(), { signMs: 86_400_000, verifyMs: 3_600_000 }, log);
  expect(other.publicKey(second.kid)).toBeDefined();
  await keys.rotate(first.verifiesUntil + 1);
  expect(keys.publicKey(first.kid, first.verifiesUntil + 1)).toBeUndefined();
  keys.stop();
  other.stop();
});

it('signs until now when every key is gone, which an alert can compare', async () => {
  const nats = await harness.nats.connect();
  const log = createLogger({ app: 'test', level: 'silent' });
  const keys = await SigningKeys.open(nats, { signMs: 86_400_000, verifyMs: 3_600_000 }, log);
  const store = await KeyValueStore.open(nats, { bucket: 'KEYS', description: 'signing keys of access tokens' });
  expect(keys.signsUntil()).toBeGreaterThan(Date.now());
  await until(async () => {
    for (const kid of (await store.all()).keys()) await store.delete(kid);
    return keys.published().keys.length === 0;
  });
  const before = Date.now();
  expect(keys.signsUntil()).toBeGreaterThanOrEqual(before);
  expect(keys.signsUntil()).toBeLessThanOrEqual(Date.now());
  keys.stop();
});
