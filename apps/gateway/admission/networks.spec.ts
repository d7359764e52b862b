import type { ChildProcess } from 'node:child_process';
import { startForeign } from '../testing/foreign';
import { GatewayHarness, until } from '../testing/gateway.harness';

/** From where a client may call, and who may say so. The tests themselves call from 127.0.0.1. */

const allowed = '10.20.0.9';
const mine = '203.0.113.9';

/** A gateway behind so many proxies, with a client that may call from 10.20.0.0/16 only. */
function behind(trustedProxies: number): { harness: GatewayHarness; call: typeof call } {
  const harness = new GatewayHarness();
  let foreign: ChildProcess;
  let secret: string;
  beforeAll(async () => {
    await harness.start({ LGSP_TRUSTED_PROXIES: String(trustedProxies) });
    foreign = await startForeign(harness);
    secret = await harness.register('inside', { networks: ['10.20.0.0/16', '2001:db8::/32'] });
  });
  afterAll(async () => {
    foreign.kill('SIGKILL');
    await harness.stop();
  });
  async function call(forwarded?: string): Promise<{ status: number; code: unknown; detail: unknown }> {
    const headers = { authorization: `ApiKey ${secret}`, 'x-forwarded-for': forwarded };
    const { status, body } = await harness.post('/v1/weather/get-forecast', {}, headers);
    return { status, code: body['code'], detail: body['detail'] };
  }
  return { harness, call };
}

const refused = { status: 403, code: 'address-not-allowed' };

describe('without a proxy of ours', () => {
  const { harness, call } = behind(0);

  it.each<[string, string | undefined]>([
    ['no header', undefined],
    ['a forged address', allowed],
    ['several forged addresses', `${allowed}, ${allowed}`],
  ])('only the connection counts: %s is refused', async (_name, forwarded) => {
    expect(await call(forwarded)).toMatchObject({ ...refused, detail: expect.stringContaining('127.0.0.1') });
  });

  it.each(['forwarded', 'x-real-ip', 'x-client-ip', 'true-client-ip', 'cf-connecting-ip'])(
    'no other header is believed either: %s',
    async (name) => {
      const secret = await harness.register('headers', { networks: ['10.20.0.0/16'] });
      const ask = () =>
        harness.post(
          '/v1/weather/get-forecast',
          {},
          { authorization: `ApiKey ${secret}`, [name]: name === 'forwarded' ? `for=${allowed}` : allowed },
        );
      expect((await ask()).body).toMatchObject({ code: 'address-not-allowed' });
    },
  );

  it('a client without networks may call from anywhere, and a change acts within a second', async () => {
    const secret = await harness.register('moving');
    const ask = () => harness.post('/v1/weather/get-forecast', {}, { authorization: `ApiKey ${secret}` });
    await until(async () => (await ask()).status === 200);
    const record = (await harness.clients.get('moving'))!;
    await harness.clients.put({ ...record, networks: ['10.20.0.0/16'] });
    await until(async () => (await ask()).body['code'] === 'address-not-allowed', 1_000);
    await harness.clients.put({ ...record, networks: ['127.0.0.0/8'] });
    await until(async () => (await ask()).status === 200, 1_000);
  });

  it('a refusal is counted under the name of the client', async () => {
    await call();
    const metrics = await harness.gateway.metrics.text();
    expect(metrics).toMatch(/lgsp_refusals_total\{client="inside",code="address-not-allowed"\} [1-9]/);
  });

  it('no token is given to elsewhere, and one that was given does not serve there', async () => {
    const secret = await harness.register('tokens', { networks: ['127.0.0.1'] });
    const ask = () =>
      harness.fetch(
        '/token',
        { method: 'POST', body: `grant_type=client_credentials&client_id=tokens&client_secret=${secret}` },
        { authorization: undefined, 'content-type': 'application/x-www-form-urlencoded' },
      );
    await until(async () => (await ask()).status === 200);
    const { body } = await ask();
    const authorization = `Bearer ${String(body['access_token'])}`;
    expect((await harness.post('/v1/weather/get-forecast', {}, { authorization })).status).toBe(200);
    await harness.clients.put({ ...(await harness.clients.get('tokens'))!, networks: ['10.20.0.0/16'] });
    await until(async () => (await ask()).body['code'] === 'address-not-allowed', 1_000);
    const { status, body: problem } = await harness.post('/v1/weather/get-forecast', {}, { authorization });
    expect({ status, code: problem['code'] }).toEqual(refused);
  });
});

describe('behind one proxy of ours', () => {
  const { call } = behind(1);

  it.each([
    allowed,
    `${allowed}:50123`,
    `::ffff:${allowed}`,
    '2001:db8::7',
    '[2001:db8::7]:50123',
    `${mine}, ${allowed}`,
    `nonsense,${allowed}`,
  ])('%s passes', async (forwarded) => {
    expect(await call(forwarded)).toMatchObject({ status: 200 });
  });

  it.each<[string, string | undefined]>([
    ['a call past the proxy', undefined],
    ['another address', mine],
    ['an address that the caller wrote before it', `${allowed}, ${mine}`],
    ['an empty entry', `${allowed}, `],
    ['an empty entry and no blank', `${allowed},`],
    ['no address', 'unknown'],
    ['a name', 'localhost'],
    ['a number', '169083145'],
    ['an address with more behind it', `${allowed} ${allowed}`],
  ])('%s is refused', async (_name, forwarded) => {
    expect(await call(forwarded)).toMatchObject(refused);
  });
});

describe('behind two proxies of ours', () => {
  const { call } = behind(2);

  it('the address that the outer one saw counts', async () => {
    expect(await call(`${allowed}, 10.99.0.1`)).toMatchObject({ status: 200 });
    expect(await call(`${mine}, ${allowed}, 10.99.0.1`)).toMatchObject({ status: 200 });
  });

  it.each([
    ['an outer address that is not allowed', `${mine}, ${allowed}`],
    ['an address that the caller wrote', `${allowed}, ${mine}, 10.99.0.1`],
    ['a call past the outer one', allowed],
  ])('%s is refused', async (_name, forwarded) => {
    expect(await call(forwarded)).toMatchObject(refused);
  });
});
