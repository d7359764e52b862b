import type { ChildProcess } from 'node:child_process';
import { startForeign } from './testing/foreign';
import { GatewayHarness, until } from './testing/gateway.harness';

const harness = new GatewayHarness();
let foreign: ChildProcess;

beforeAll(async () => {
  await harness.start({ LGSP_BODY_BYTES_MAX: '10000' });
  foreign = await startForeign(harness);
});
afterAll(async () => {
  foreign.kill('SIGKILL');
  await harness.stop();
});

describe('a connector that the gateway has never heard of', () => {
  it('is callable as soon as it runs, and its answer is relayed byte for byte', async () => {
    const { status, body, headers } = await harness.post('/v1/weather/get-forecast', { city: 'Hải Phòng', n: 1.0 });
    expect({ status, body }).toEqual({ status: 200, body: { echo: '{"city":"Hải Phòng","n":1}' } });
    expect(headers.get('lgsp-transaction-id')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(headers.get('traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  });

  it('is listed with what it says of itself, and with defaults for the rest', async () => {
    const { body } = await harness.fetch('/v1/services');
    const systems = body['systems'] as { system: string; operations: { operation: string }[] }[];
    const weather = systems.find(({ system }) => system === 'weather')!;
    expect(weather).toMatchObject({ status: 'up', version: '1.0.0', owner: 'met office' });
    expect(weather.operations.find(({ operation }) => operation === 'get-forecast')).toMatchObject({
      kind: 'query',
      requires: [],
      timeoutMs: 10_000,
      sensitivity: 'personal',
    });
  });

  it('answers connector-unavailable within 100 ms when it is killed, and is served again when it is back', async () => {
    foreign.kill('SIGKILL');
    await new Promise((resolve) => foreign.once('exit', resolve));
    const times: number[] = [];
    for (let nth = 0; nth < 5; nth++) {
      const { status, body, ms } = await harness.post('/v1/weather/get-forecast');
      expect({ status, code: body['code'] }).toEqual({ status: 503, code: 'connector-unavailable' });
      times.push(ms);
    }
    expect(Math.min(...times)).toBeLessThan(100);
    foreign = await startForeign(harness);
    expect((await harness.post('/v1/weather/get-forecast')).status).toBe(200);
  });

  it('is remembered by a gateway that starts while it is dead', async () => {
    const other = await startForeign(harness, 'tides');
    await until(async () => (await harness.post('/v1/tides/get-forecast')).status === 200);
    await until(async () => JSON.stringify((await harness.fetch('/v1/services')).body).includes('tides'));
    other.kill('SIGKILL');
    await harness.gateway.stop();
    await harness.startGateway({ LGSP_BODY_BYTES_MAX: '10000' });
    const { body } = await harness.post('/v1/tides/get-forecast');
    expect(body['code']).toBe('connector-unavailable');
    const { body: ready, status } = await harness.fetch('/readyz');
    expect({ status, ready }).toMatchObject({
      status: 200,
      ready: { status: 'degraded', parts: { connectors: { tides: { status: 'down' } } } },
    });
  });
});

describe('what a call is told', () => {
  it('travels to the connector: context, client, deadline, key', async () => {
    const before = Date.now();
    const { body } = await harness.post(
      '/v1/weather/show-headers',
      {},
      {
        'lgsp-officer': 'canbo.mau',
        'lgsp-dossier': 'H24.11-261101-0001',
        'lgsp-agency': 'H24.11',
        'lgsp-deadline-ms': '5000',
        'idempotency-key': 'key-1',
        'accept-language': 'vi',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      },
    );
    expect(body).toMatchObject({
      'Lgsp-Client': 'tester',
      'Lgsp-Agency': 'H24.11',
      'Lgsp-Officer': 'canbo.mau',
      'Lgsp-Dossier': 'H24.11-261101-0001',
      'Lgsp-Idempotency-Key': 'key-1',
      'Accept-Language': 'vi',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    });
    expect(Number(body['Lgsp-Deadline'])).toBeGreaterThanOrEqual(before + 4_900);
    expect(Number(body['Lgsp-Deadline'])).toBeLessThanOrEqual(Date.now() + 5_000);
  });

  it('comes back as the connector said it, in the language of the caller', async () => {
    const { status, body, headers } = await harness.post('/v1/weather/refuse', {}, { 'accept-language': 'vi-VN' });
    expect({ status, body }).toMatchObject({
      status: 422,
      body: {
        code: 'upstream-rejected',
        title: 'Hệ thống nguồn từ chối yêu cầu',
        fault: 'upstream',
        upstream: { code: '106' },
      },
    });
    expect(body['transactionId']).toBe(headers.get('lgsp-transaction-id'));
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(headers.get('retry-after')).toBe('2');
  });

  it.each([
    ['that does not exist', {}],
    ['that is the gateway’s to say of a caller', { code: 'unauthenticated' }],
    ['that is the gateway’s to say of its limits', { code: 'rate-limited' }],
  ])('is "internal" when the connector answers with a code %s', async (_which, input) => {
    const { status, body } = await harness.post('/v1/weather/invent', input);
    expect({ status, code: body['code'] }).toEqual({ status: 500, code: 'internal' });
  });
});

describe('time', () => {
  it('ends at the deadline that the caller set', async () => {
    const { status, body, ms } = await harness.post('/v1/weather/hang', {}, { 'lgsp-deadline-ms': '150' });
    expect({ status, code: body['code'] }).toEqual({ status: 504, code: 'deadline-exceeded' });
    expect(ms).toBeLessThan(2_000);
  });

  it('makes an unknown outcome of a command', async () => {
    const headers = { 'lgsp-deadline-ms': '150', 'idempotency-key': 'key-2' };
    const { body } = await harness.post('/v1/weather/hang-command', {}, headers);
    expect({ code: body['code'], retry: body['retry'] }).toEqual({ code: 'outcome-unknown', retry: 'same-key' });
  });

  it.each(['0', '-5', 'soon', '1e3', '99999999999'])('refuses the deadline %s', async (deadline) => {
    const { status, body } = await harness.post('/v1/weather/get-forecast', {}, { 'lgsp-deadline-ms': deadline });
    expect({ status, body }).toMatchObject({ status: 400, body: { errors: [{ path: 'Lgsp-Deadline-Ms' }] } });
  });
});

describe('the door', () => {
  it.each([
    ['no key', undefined],
    ['another scheme', 'Basic abc'],
    ['a wrong key', 'ApiKey tester.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['an unknown client', 'ApiKey nobody.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['nonsense', 'ApiKey ...'],
  ])('refuses %s', async (_name, authorization) => {
    const { status, body, headers } = await harness.post('/v1/weather/get-forecast', {}, { authorization });
    expect({ status, code: body['code'] }).toEqual({ status: 401, code: 'unauthenticated' });
    expect(headers.get('www-authenticate')).toBe('Bearer realm="lgsp", ApiKey realm="lgsp"');
    expect(headers.get('lgsp-transaction-id')).toBeNull();
  });

  it('takes about as long for an unknown client as for a wrong secret', async () => {
    const time = async (key: string): Promise<number> => {
      const { ms } = await harness.post('/v1/weather/get-forecast', {}, { authorization: `ApiKey ${key}` });
      return ms;
    };
    const tail = (n: number): string => 'A'.repeat(42) + String(n);
    const unknown = [await time(`nobody.${tail(1)}`), await time(`nobody.${tail(2)}`), await time(`nobody.${tail(3)}`)];
    const wrong = [await time(`tester.${tail(1)}`), await time(`tester.${tail(2)}`), await time(`tester.${tail(3)}`)];
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...wrong) / 3);
    expect(Math.min(...wrong)).toBeGreaterThan(Math.min(...unknown) / 3);
  });

  it('lets a client call what it was granted, and nothing else', async () => {
    const secret = await harness.register('narrow', { grants: ['weather.get-forecast', 'tides.*'] });
    const authorization = `ApiKey ${secret}`;
    const { status, body } = await harness.post('/v1/weather/show-headers', {}, { authorization });
    expect({ status, code: body['code'] }).toEqual({ status: 403, code: 'operation-not-granted' });
  });

  it('lets a client speak only for its agencies, and takes the first when none is named', async () => {
    const secret = await harness.register('ward', { agencies: ['H24.11', 'H24.12'] });
    const authorization = `ApiKey ${secret}`;
    const own = await harness.post('/v1/weather/show-headers', {}, { authorization });
    expect(own.body['Lgsp-Agency']).toBe('H24.11');
    const other = await harness.post('/v1/weather/show-headers', {}, { authorization, 'lgsp-agency': 'H24.99' });
    expect(other.status).toBe(403);
  });

  it('closes for a suspended client within a second, also when its key is remembered', async () => {
    const secret = await harness.register('late');
    const authorization = `ApiKey ${secret}`;
    expect((await harness.post('/v1/weather/get-forecast', {}, { authorization })).status).toBe(200);
    const client = (await harness.clients.get('late'))!;
    await harness.clients.put({ ...client, state: 'suspended' });
    await until(
      async () =>
        (await harness.post('/v1/weather/get-forecast', {}, { authorization })).body['code'] === 'client-suspended',
      1_000,
    );
  });

  it('asks for the context that the operation requires, by header name', async () => {
    const { status, body } = await harness.post('/v1/weather/need-officer', {}, { 'lgsp-dossier': 'x'.repeat(300) });
    expect(status).toBe(400);
    expect(body).toMatchObject({
      code: 'missing-context',
      errors: [
        { path: 'Lgsp-Officer', rule: 'required' },
        { path: 'Lgsp-Dossier', rule: 'header-text' },
      ],
    });
  });

  it('asks for the idempotency key of a command', async () => {
    const { status, body } = await harness.post('/v1/weather/hang-command');
    expect({ status, code: body['code'] }).toEqual({ status: 400, code: 'idempotency-key-required' });
  });
});

describe('what operators see', () => {
  it('says that it is alive and ready, part by part', async () => {
    expect((await harness.fetch('/healthz')).body).toEqual({ status: 'ok' });
    const { status, body } = await harness.fetch('/readyz');
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { parts: { bus: { status: 'up' }, connectors: { weather: { status: 'up' } } } },
    });
  });

  it('counts calls by system, operation and status, and cannot be made to count what does not exist', async () => {
    await harness.post('/v1/weather/get-forecast');
    for (let nth = 0; nth < 20; nth++) {
      await harness.post(`/v1/made-up-${nth}/x`);
      await harness.post(`/v1/weather/made-up-${nth}`);
    }
    for (let nth = 0; nth < 3; nth++)
      await harness.post('/v1/weather/get-forecast', {}, { authorization: `ApiKey made-up-${nth}.${'x'.repeat(43)}` });
    const text = await harness.gateway.metrics.text();
    expect(text).toContain('lgsp_requests_total{system="weather",operation="get-forecast",status="200"}');
    expect(text).toContain('lgsp_requests_total{system="unknown",operation="unknown",status="404"}');
    expect(text).toContain('lgsp_connector_up{system="weather"} 1');
    expect(text).toMatch(/lgsp_refusals_total\{client="none",code="unauthenticated"\} [1-9]/);
    expect(text).not.toContain('made-up');
    expect(text).toMatch(/lgsp_inflight\{system="weather"\} 0/);
  });

  it('finds no key, body or officer in the log', () => {
    const log = harness.logLines.join('');
    expect(log).not.toContain(harness.secret.split('.')[1]);
    expect(log).not.toContain('canbo.mau');
    expect(log).not.toContain('Hải Phòng');
  });
});

describe('NATS', () => {
  it('gone under a call: refused at once, unready, and served again when it is back', async () => {
    await harness.nats.crash();
    await until(async () => (await harness.fetch('/readyz')).status === 503);
    const { body, ms } = await harness.post('/v1/weather/get-forecast');
    expect(body['code']).toBe('bus-unavailable');
    expect(ms).toBeLessThan(1_000);
    const failures = 'lgsp_failures_total{system="weather",code="bus-unavailable",fault="bus"} 1';
    expect(await harness.gateway.metrics.text()).toContain(failures);
    await harness.nats.restart();
    await until(async () => (await harness.post('/v1/weather/get-forecast')).status === 200);
  });
});
