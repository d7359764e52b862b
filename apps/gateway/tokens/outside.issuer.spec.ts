import type { ChildProcess } from 'node:child_process';
import { createHmac, createPublicKey, type JsonWebKey } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { loadConfig } from '#lgsp/config';
import { GatewayConfig } from '../gateway.config';
import { startForeign } from '../testing/foreign';
import { GatewayHarness, until } from '../testing/gateway.harness';
import { TestIssuer, type IssuerMood } from '../testing/issuer';

/** Tokens of an OpenID issuer beside the gateway, with a real one that has real keys and real trouble. */

const refetchMs = 400;
const harness = new GatewayHarness();
let issuer: TestIssuer;
let foreign: ChildProcess;

beforeAll(async () => {
  issuer = await TestIssuer.start();
  await harness.start({ ...issuer.settings, LGSP_OIDC_REFETCH_MS: String(refetchMs), LGSP_OIDC_KEYS_MS: '2000' });
  foreign = await startForeign(harness);
  await until(async () => (await call(await issuer.token('tester'))).status === 200);
});
afterAll(async () => {
  foreign.kill('SIGKILL');
  await harness.stop();
  await issuer.down();
});

async function call(token: string): Promise<{ status: number; code: unknown }> {
  const { status, body } = await harness.post('/v1/weather/get-forecast', {}, { authorization: `Bearer ${token}` });
  return { status, code: body['code'] };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const partOf = (token: string, nth: number): string => token.split('.')[nth]!;
const decoded = (token: string, nth: number): Record<string, unknown> =>
  JSON.parse(Buffer.from(partOf(token, nth), 'base64url').toString()) as Record<string, unknown>;

const refused = { status: 401, code: 'unauthenticated' };

describe('a token of the outside issuer', () => {
  it('opens the door to the client that it names, and only to what that client may', async () => {
    await harness.register('narrow', { grants: ['population.*'] });
    const token = await issuer.token('narrow');
    expect(await call(token)).toEqual({ status: 403, code: 'operation-not-granted' });
    expect(await call(await issuer.token('tester'))).toMatchObject({ status: 200 });
  });

  it('opens nothing once its client is suspended', async () => {
    await harness.register('late');
    const token = await issuer.token('late');
    await until(async () => (await call(token)).status === 200);
    await harness.clients.put({ ...(await harness.clients.get('late'))!, state: 'suspended' });
    await until(async () => (await call(token)).code === 'client-suspended', 1_000);
  });

  /** HMAC whose secret is the issuer's public key, as text in one form or the other. */
  async function forgedWith(secret: string, alg = 'HS256'): Promise<string> {
    const good = await issuer.token('tester');
    const head = encode({ ...decoded(good, 0), alg });
    const signed = `${head}.${partOf(good, 1)}`;
    return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
  }

  async function ownToken(change: (jwt: SignJWT) => SignJWT): Promise<string> {
    const { privateKey } = await generateKeyPair('Ed25519');
    const jwt = new SignJWT({ azp: 'tester' })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt' })
      .setAudience(issuer.audience)
      .setExpirationTime('5m');
    return change(jwt).sign(privateKey);
  }

  const attacks: Record<string, () => Promise<string>> = {
    'another issuer': () => issuer.token('tester', (jwt) => jwt.setIssuer('http://127.0.0.1/realms/other')),
    'the issuer with a slash more': () => issuer.token('tester', (jwt) => jwt.setIssuer(`${issuer.name}/`)),
    'our own name as issuer': () => issuer.token('tester', (jwt) => jwt.setIssuer('lgsp').setAudience('lgsp')),
    'another audience': () => issuer.token('tester', (jwt) => jwt.setAudience('another-system')),
    'our own audience': () => issuer.token('tester', (jwt) => jwt.setAudience('lgsp')),
    'an unknown key id': () => issuer.token('tester', undefined, { kid: 'key-0' }),
    'alg none': async () => {
      const good = await issuer.token('tester');
      return `${encode({ ...decoded(good, 0), alg: 'none' })}.${partOf(good, 1)}.`;
    },
    'HMAC with the public key as JSON': () => forgedWith(JSON.stringify(issuer.publicKeys[0])),
    'HMAC with the public key as PEM': () =>
      forgedWith(
        createPublicKey({ key: issuer.publicKeys[0] as JsonWebKey, format: 'jwk' })
          .export({ type: 'spki', format: 'pem' })
          .toString(),
      ),
    'another algorithm than the key is for': () => forgedWith('x', 'PS256'),
    'not yet valid': () => issuer.token('tester', (jwt) => jwt.setNotBefore('10m')),
    'changed claims': async () => {
      const good = await issuer.token('narrow');
      return `${partOf(good, 0)}.${encode({ ...decoded(good, 1), azp: 'tester' })}.${partOf(good, 2)}`;
    },
    'a client that does not exist': () => issuer.token('nobody'),
    'a key of the attacker in the header': async () => {
      const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
      const header = { alg: 'RS256', typ: 'JWT', jwk: await exportJWK(publicKey) };
      return new SignJWT(decoded(await issuer.token('tester'), 1)).setProtectedHeader(header).sign(privateKey);
    },
    'a key address of the attacker': () =>
      issuer.token('tester', undefined, { kid: 'mine', jku: 'http://127.0.0.1:1/keys' }),
    'a key of the attacker': () => ownToken((jwt) => jwt.setIssuer(issuer.name)),
  };

  it.each(Object.keys(attacks))('with %s is refused', async (name) => {
    expect(await call(await attacks[name]!())).toEqual(refused);
  });

  it.each<[string, Record<string, unknown>]>([
    ['no client', { azp: undefined }],
    ['a list of clients', { azp: ['tester'] }],
    ['no expiry', { exp: undefined }],
    ['an expiry that is text', { exp: '9999999999' }],
  ])('with %s is refused', async (_name, claims) => {
    const body = { ...decoded(await issuer.token('tester'), 1), ...claims };
    expect(await call(await issuer.sign(body))).toEqual(refused);
  });

  it('that has expired says so, also when it was good before', async () => {
    expect(await call(await issuer.token('tester', (jwt) => jwt.setExpirationTime('-1m')))).toEqual({
      status: 401,
      code: 'token-expired',
    });
  });
});

describe('the keys', () => {
  it('are fetched once, however many wait for them, and kept', async () => {
    const fresh = new GatewayHarness();
    await fresh.start({ ...issuer.settings, LGSP_OIDC_REFETCH_MS: '60000' });
    const before = issuer.asked;
    const tokens = await Promise.all(Array.from({ length: 40 }, () => issuer.token('tester')));
    const answers = await Promise.all(
      tokens.map((token) => fresh.post('/v1/weather/get-forecast', {}, { authorization: `Bearer ${token}` })),
    );
    expect(answers.map(({ status }) => status)).not.toContain(401);
    const unknown = await issuer.token('tester', undefined, { kid: 'key-0' });
    await fresh.post('/v1/weather/get-forecast', {}, { authorization: `Bearer ${unknown}` });
    expect(issuer.asked - before).toBeLessThanOrEqual(1);
    await fresh.stop();
  });

  it('may follow each other: the new one serves, the old one as long as it is published', async () => {
    const old = await issuer.token('tester');
    expect((await call(old)).status).toBe(200);
    await issuer.rotate();
    await pause(refetchMs);
    const fresh = await issuer.token('tester');
    expect((await call(fresh)).status).toBe(200);
    expect((await call(old)).status).toBe(200);
    await issuer.rotate({ withdraw: true });
    await until(async () => (await call(old)).status === 401, 5 * refetchMs);
    expect((await call(await issuer.token('tester'))).status).toBe(200);
  });

  it.each<[string, IssuerMood | 'down']>([
    ['is down', 'down'],
    ['hangs', 'hangs'],
    ['fails', 'fails'],
    ['answers garbage', 'garbage'],
    ['answers no keys', 'no-keys'],
    ['never ends its answer', 'endless'],
    ['points elsewhere', 'redirects'],
  ])(
    'serve on while the issuer %s, then it is said that nobody can know; and all is well when it is back',
    async (_name, mood) => {
      await until(async () => (await call(await issuer.token('tester'))).status === 200);
      const logged = harness.logLines.length;
      if (mood === 'down') await issuer.down();
      else issuer.mood = mood;
      await pause(refetchMs);
      // Another token each time, so that none is remembered.
      expect((await call(await issuer.token('tester'))).status).toBe(200);
      let answer = await call(await issuer.token('tester'));
      await until(async () => (answer = await call(await issuer.token('tester'))).status !== 200, 12_000);
      expect(answer).toEqual({ status: 503, code: 'upstream-unreachable' });
      const { body } = await harness.fetch('/readyz');
      expect(body).toMatchObject({ status: 'degraded', parts: { issuer: { status: 'degraded' } } });
      const token = await issuer.token('tester');
      const asked = issuer.asked;
      const all = await Promise.all(Array.from({ length: 20 }, () => call(token)));
      expect(all.every(({ status }) => status === 503)).toBe(true);
      expect(issuer.asked - asked).toBeLessThanOrEqual(2);
      // Our own tokens and keys have nothing to do with it.
      expect((await harness.post('/v1/weather/get-forecast')).status).toBe(200);
      const lines = harness.logLines.slice(logged).filter((line) => line.includes('does not answer'));
      expect(lines).toHaveLength(1);
      if (mood === 'down') await issuer.up();
      else issuer.mood = 'well';
      await until(async () => (await call(await issuer.token('tester'))).status === 200, 10_000);
      expect((await harness.fetch('/readyz')).body).toMatchObject({ parts: { issuer: { status: 'up' } } });
    },
    40_000,
  );
});

describe('configuration', () => {
  const whole = {
    LGSP_OIDC_ISSUER: 'https://dangnhap.mau.vn',
    LGSP_OIDC_AUDIENCE: 'lgsp',
    LGSP_OIDC_JWKS_URL: 'https://dangnhap.mau.vn/certs',
  };

  it('names an issuer as a whole', () => {
    expect(loadConfig(GatewayConfig, whole)).toMatchObject({ oidcIssuer: 'https://dangnhap.mau.vn' });
    for (const name of Object.keys(whole))
      expect(() => loadConfig(GatewayConfig, { ...whole, [name]: undefined })).toThrow(new RegExp(`- ${name}:`));
  });

  it.each(['http://dangnhap.mau.vn/certs', 'ftp://127.0.0.1/', 'http://127.0.0.1.mau.vn/certs', 'certs'])(
    'refuses keys from %s, where somebody else could speak',
    (url) => {
      expect(() => loadConfig(GatewayConfig, { ...whole, LGSP_OIDC_JWKS_URL: url })).toThrow(/LGSP_OIDC_JWKS_URL/);
    },
  );
});
