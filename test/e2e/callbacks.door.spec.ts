import { connect } from 'node:net';
import { until } from '../../apps/gateway/testing/gateway.harness';
import { CallbacksHarness } from './callbacks.harness';

/** What the door lets in of callbacks, and what not. */

const harness = new CallbacksHarness();
beforeAll(() => harness.startAll(), 60_000);
afterAll(() => harness.stop());

type Json = Record<string, unknown>;

/** Ways to call what does not exist, or as somebody who does not. */
const inventions: Record<string, (name: string) => Promise<unknown>> = {
  system: (name) => harness.post(`/v1/${name}/get-payment`),
  operation: (name) => harness.post(`/v1/payment/${name}`),
  version: (name) => harness.post(`/v7/${name}/${name}`),
  token: (name) => harness.post('/v1/payment/get-payment', {}, { authorization: `Bearer ${name}.${name}.${name}` }),
  'calling system': (name) => harness.callBack(`${name}/confirmation`, {}),
  'kind of callback': (name) => harness.callBack(`payment/${name}`, {}),
  'callback of an operation': (name) => harness.callBack(`${name}/${name}`, {}),
};
const callAsNobody = (name: string): Promise<unknown> =>
  harness.post('/v1/payment/get-payment', {}, { authorization: `ApiKey ${name}.${'x'.repeat(43)}` });
const callsInvented = 2_000;
/** Few, since each costs the gateway a hash that is dear on purpose. */
const clientsInvented = 6;
const callers = 16;

/** Every series of the gateway's own metrics, by name and labels. */
const seriesOfGateway = async (): Promise<string[]> =>
  (await harness.gateway.metrics.text())
    .split('\n')
    .filter((line) => line.startsWith('lgsp_'))
    .map((line) => line.slice(0, line.lastIndexOf(' ')))
    .toSorted();

describe('the door', () => {
  it.each([
    ['an unknown system', 'nobody/confirmation'],
    ['an unknown kind', 'payment/nothing'],
    ['an operation', 'payment/create-payment'],
    ['a name that is none', 'payment/a%2fb'],
    ['a name of JavaScript', 'constructor/__proto__'],
  ])('knows nothing of %s', async (_what, path) => {
    const { status, contentType, text } = await harness.callBack(path, {});
    expect({ status, contentType, code: (JSON.parse(text) as Json)['code'] }).toEqual({
      status: 404,
      contentType: 'application/problem+json; charset=utf-8',
      code: 'unknown-route',
    });
  });

  it.each([
    ['text', 'text/plain'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['XML', 'application/xml'],
  ])('takes no %s where JSON is agreed', async (_what, type) => {
    const { status } = await harness.callBack('payment/confirmation', '{}', { 'content-type': type });
    expect(status).toBe(415);
  });

  it('takes no body that is compressed, or larger than its kind may be', async () => {
    expect((await harness.callBack('payment/confirmation', '{}', { 'content-encoding': 'gzip' })).status).toBe(415);
    expect((await harness.callBack('payment/confirmation', `"${'x'.repeat(20_000)}"`)).status).toBe(413);
  });

  it('takes no body that grows larger without saying so', async () => {
    const { hostname, port } = new URL(harness.gateway.url);
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (chunk) => (answer += String(chunk))).on('error', () => undefined);
    socket.write(
      'POST /v1/callbacks/payment/confirmation HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n' +
        'Transfer-Encoding: chunked\r\n\r\n',
    );
    for (let sent = 0; sent < 20; sent++) socket.write(`1000\r\n${'x'.repeat(4_096)}\r\n`);
    socket.write('0\r\n\r\n');
    await until(() => answer.includes('HTTP/1.1'), 10_000);
    socket.destroy();
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
  });

  it('takes no query, and no other method', async () => {
    expect((await harness.callBack('payment/confirmation?token=x', {})).status).toBe(400);
    const { status, headers } = await harness.fetch('/v1/callbacks/payment/confirmation');
    expect({ status, allow: headers.get('allow') }).toEqual({ status: 405, allow: 'POST' });
  });

  it('counts thousands of invented systems, operations, kinds and clients by names of its own only', async () => {
    const ways = Object.values(inventions);
    await Promise.all([...ways, callAsNobody].map((call) => call('nobody')));
    const before = await seriesOfGateway();
    const blocked = harness.callbacksCounted('unknown', 'unknown', 'blocked');
    let begun = 0;
    const caller = async (): Promise<void> => {
      while (begun < callsInvented) {
        const nth = begun++;
        await ways[nth % ways.length]!(`made-up-${nth}`);
      }
    };
    await Promise.all(Array.from({ length: callers }, caller));
    for (let nth = 0; nth < clientsInvented; nth++) await callAsNobody(`made-up-${nth}`);
    const made = (await seriesOfGateway()).filter((series) => !before.includes(series));
    expect(made.slice(0, 5)).toEqual([]);
    expect(before.filter((series) => /nobody|nothing|proto|made-up/.test(series))).toEqual([]);
    expect(harness.callbacksCounted('unknown', 'unknown', 'blocked') - blocked).toBeGreaterThan(100);
  }, 120_000);

  it('counts no callback among the transactions', async () => {
    expect(await harness.gateway.metrics.text()).not.toContain('operation="confirmation"');
  });
});

describe('an address that nobody named', () => {
  beforeAll(async () => {
    await harness.gateway.stop();
    await harness.startGateway({
      LGSP_TRUSTED_PROXIES: '1',
      LGSP_CALLBACK_NETWORKS: '{"payment":["10.20.0.0/16"]}',
      LGSP_CALLBACKS_PER_SECOND: '2',
    });
  });
  const from = (address: string, path = 'payment/confirmation') =>
    harness.callBack(path, {}, { 'x-forwarded-for': address });

  it('may not call back, and nor may any for a system that is not named', async () => {
    expect((await from('203.0.113.9')).status).toBe(403);
    expect((await from('10.20.0.9', 'land/completed')).status).toBe(403);
    expect((await from('10.20.0.9')).status).toBe(403); // The connector's answer: it is no confirmation.
    expect((await from('10.20.0.9')).text).toContain('MaLoi');
  });

  it('that knocks too often is told to wait', async () => {
    await until(async () => (await from('10.20.7.7')).status === 429);
    expect((await from('10.20.7.7')).text).toContain('rate-limited');
  });
});
