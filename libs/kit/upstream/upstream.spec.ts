import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger, Metrics } from '#lgsp/telemetry';
import type { UpstreamCall } from '../call';
import { ConnectorConfig } from '../connector.config';
import { RestUpstream } from './rest.upstream';
import { SoapUpstream } from './soap.upstream';
import { TokenCache } from './token.cache';
import { UpstreamRuntime } from './upstream.runtime';

type Handler = (request: IncomingMessage, response: ServerResponse, nth: number) => void;

const log = createLogger({ app: 'test', level: 'silent' });
const servers: Server[] = [];
const runtimes: UpstreamRuntime[] = [];

afterEach(async () => {
  await Promise.all(runtimes.splice(0).map((runtime) => runtime.stop()));
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(handler: Handler): Promise<{ url: string; count(): number }> {
  let requests = 0;
  const server = createServer((request, response) => handler(request, response, ++requests));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`, count: () => requests };
}

function runtimeWith(settings: Partial<ConnectorConfig> = {}): UpstreamRuntime {
  const config = Object.assign(new ConnectorConfig(), { retryMs: 5, pauseMs: 200, ...settings });
  const runtime = new UpstreamRuntime('weather', config, log, new Metrics(false));
  runtimes.push(runtime);
  return runtime;
}

function callOf(kind: 'query' | 'command', timeMs = 5_000, timeoutMs = timeMs): UpstreamCall {
  const deadline = Date.now() + timeMs;
  return {
    operation: 'get-forecast',
    kind,
    timeoutMs,
    signal: AbortSignal.timeout(timeMs),
    log,
    attempts: 0,
    upstreamMs: 0,
    remainingMs: () => Math.max(0, deadline - Date.now()),
  };
}

const json = (response: ServerResponse, status: number, body: unknown): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

describe('repetition', () => {
  it('sends a query again while the fault may pass', async () => {
    const { url } = await serve((_request, response, nth) => json(response, nth < 3 ? 503 : 200, { nth }));
    const call = callOf('query');
    const { json: body } = await new RestUpstream(runtimeWith(), url).json(call, { path: '/x' });
    expect({ body, attempts: call.attempts }).toEqual({ body: { nth: 3 }, attempts: 3 });
  });

  it.each([503, 502, 429])('sends a command once, whatever comes (HTTP %i)', async (status) => {
    const { url, count } = await serve((_request, response) => json(response, status, {}));
    const code = status === 502 ? 'outcome-unknown' : 'upstream-fault';
    await expect(
      new RestUpstream(runtimeWith(), url).json(callOf('command'), { path: '/x', json: {} }),
    ).rejects.toMatchObject({ code });
    expect(count()).toBe(1);
  });

  it('gives an upstream the pause that it asks for', async () => {
    const { url } = await serve((_request, response, nth) => {
      if (nth === 1) response.setHeader('retry-after', '1');
      json(response, nth === 1 ? 429 : 200, {});
    });
    const startedAt = Date.now();
    await new RestUpstream(runtimeWith(), url).json(callOf('query', 3_000), { path: '/x' });
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(990);
    const hurried = callOf('query', 900);
    const refuses = await serve((_request, response) => json(response.setHeader('retry-after', '1'), 429, {}));
    await expect(new RestUpstream(runtimeWith(), refuses.url).json(hurried, { path: '/x' })).rejects.toMatchObject({
      code: 'upstream-fault',
      retryAfterMs: 1_000,
    });
    expect(hurried.attempts).toBe(1);
  });

  it('does not send a query again after a refusal', async () => {
    const { url, count } = await serve((_request, response) => json(response, 400, {}));
    await expect(new RestUpstream(runtimeWith(), url).json(callOf('query'), { path: '/x' })).rejects.toMatchObject({
      code: 'upstream-fault',
      upstream: { code: 'HTTP 400' },
    });
    expect(count()).toBe(1);
  });

  it('keeps the deadline over all attempts', async () => {
    const { url } = await serve((_request, response) => json(response, 503, {}));
    const startedAt = Date.now();
    const runtime = runtimeWith({ attemptsMax: 10, retryMs: 500, failuresMax: 1_000 });
    await expect(new RestUpstream(runtime, url).json(callOf('query', 1_000), { path: '/x' })).rejects.toMatchObject({
      code: 'upstream-fault',
    });
    expect(Date.now() - startedAt).toBeLessThan(2_000);
  });
});

describe('the circuit', () => {
  const stateOf = (runtime: UpstreamRuntime): number =>
    runtime.metrics.gauge('lgsp_circuit_state', { system: runtime.system }).value;

  it('opens after failures in a row, refuses at once, and closes after a success', async () => {
    let sick = true;
    const { url, count } = await serve((_request, response) => json(response, sick ? 500 : 200, {}));
    const runtime = runtimeWith({ failuresMax: 3 });
    const upstream = new RestUpstream(runtime, url);
    for (let n = 0; n < 3; n++)
      await expect(upstream.json(callOf('query'), { path: '/x' })).rejects.toMatchObject({ code: 'upstream-fault' });
    await expect(upstream.json(callOf('query'), { path: '/x' })).rejects.toMatchObject({
      code: 'circuit-open',
      retryAfterMs: expect.any(Number),
    });
    expect({ requests: count(), state: stateOf(runtime) }).toEqual({ requests: 3, state: 2 });
    sick = false;
    await new Promise((resolve) => setTimeout(resolve, 250));
    await upstream.json(callOf('query'), { path: '/x' });
    expect(stateOf(runtime)).toBe(0);
  });

  it('that opens between two attempts leaves the call what had gone wrong', async () => {
    const { url, count } = await serve((_request, response) => json(response, 503, {}));
    const upstream = new RestUpstream(runtimeWith({ attemptsMax: 3, failuresMax: 2 }), url);
    await expect(upstream.json(callOf('query'), { path: '/x' })).rejects.toMatchObject({ code: 'upstream-fault' });
    expect(count()).toBe(2);
    await expect(upstream.json(callOf('query'), { path: '/x' })).rejects.toMatchObject({ code: 'circuit-open' });
  });

  it('is not opened by callers that give the upstream no time', async () => {
    const { url } = await serve((_request, response) => void setTimeout(() => json(response, 200, {}), 100));
    const upstream = new RestUpstream(runtimeWith({ failuresMax: 2 }), url);
    for (let n = 0; n < 5; n++) {
      await expect(upstream.json(callOf('query', 20, 10_000), { path: '/x' })).rejects.toMatchObject({
        code: 'upstream-timeout',
      });
    }
    await expect(upstream.json(callOf('query'), { path: '/x' })).resolves.toMatchObject({ status: 200 });
  });
});

it('the bulkhead answers overloaded beyond its queue, at once', async () => {
  const { url } = await serve((_request, response) => void setTimeout(() => json(response, 200, {}), 200));
  const upstream = new RestUpstream(runtimeWith({ inFlightMax: 2, queuedMax: 1 }), url);
  const results = await Promise.allSettled(
    Array.from({ length: 5 }, () => upstream.json(callOf('query'), { path: '/x' })),
  );
  const codes = results.map((result) =>
    result.status === 'fulfilled' ? 'ok' : (result.reason as { code: string }).code,
  );
  expect(codes.toSorted()).toEqual(['ok', 'ok', 'ok', 'overloaded', 'overloaded']);
});

it('an answer beyond the size limit is refused', async () => {
  const { url } = await serve((_request, response) => json(response, 200, 'x'.repeat(5_000)));
  const upstream = new RestUpstream(runtimeWith({ answerBytesMax: 1_024 }), url);
  const ask = (kind: 'query' | 'command', repeatable?: boolean) =>
    upstream.json(callOf(kind), { path: '/x', json: {}, repeatable });
  await expect(ask('query')).rejects.toMatchObject({ code: 'upstream-invalid' });
  await expect(ask('command')).rejects.toMatchObject({ code: 'outcome-unknown' });
  await expect(ask('command', true)).rejects.toMatchObject({ code: 'upstream-invalid' });
});

describe('the token', () => {
  async function guarded(validMs: number) {
    let issued = 0;
    const refused = new Set<string>();
    const { url, count } = await serve((request, response) => {
      if (request.url === '/base/token') return setTimeout(() => json(response, 200, { token: `t${++issued}` }), 30);
      const token = String(request.headers.authorization).replace('Bearer ', '');
      return json(response, refused.has(token) ? 401 : 200, { token });
    });
    const runtime = runtimeWith();
    const door = new RestUpstream(runtime, url);
    const cache = new TokenCache(async (call) => {
      const { json: body } = await door.json(call, { path: '/token', form: { grant_type: 'client_credentials' } });
      return { token: (body as { token: string }).token, validMs };
    });
    const upstream = new RestUpstream(runtime, url, {
      headers: async (call) => ({ authorization: `Bearer ${await cache.get(call)}` }),
      refused: () => cache.drop(),
    });
    return { upstream, refused, issued: () => issued, count };
  }

  it('is fetched once however many calls wait for it', async () => {
    const { upstream, issued } = await guarded(60_000);
    await Promise.all(Array.from({ length: 20 }, () => upstream.json(callOf('query'), { path: '/x' })));
    expect(issued()).toBe(1);
  });

  it('is renewed before it expires, while the old one still serves', async () => {
    const { upstream, issued } = await guarded(5_000);
    await upstream.json(callOf('query'), { path: '/x' });
    await new Promise((resolve) => setTimeout(resolve, 4_200));
    const { json: body } = await upstream.json(callOf('query'), { path: '/x' });
    expect(body).toEqual({ token: 't1' });
    for (const until = Date.now() + 5_000; issued() < 2 && Date.now() < until;)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(issued()).toBe(2);
  }, 20_000);

  it('is replaced once when it is refused, for a command too', async () => {
    const { upstream, refused, issued } = await guarded(60_000);
    await upstream.json(callOf('query'), { path: '/x' });
    refused.add('t1');
    const call = callOf('command');
    await upstream.json(call, { path: '/x', json: {} });
    expect({ issued: issued(), attempts: call.attempts }).toEqual({ issued: 2, attempts: 2 });
    refused.add('t2').add('t3');
    await expect(upstream.json(callOf('command'), { path: '/x', json: {} })).rejects.toMatchObject({
      code: 'upstream-fault',
    });
    expect(issued()).toBe(3);
  });

  it('that cannot be had is no unknown outcome: nothing was sent', async () => {
    const { url } = await serve(() => undefined);
    const runtime = runtimeWith();
    const cache = new TokenCache(async () => new Promise(() => undefined));
    const upstream = new RestUpstream(runtime, url, {
      headers: async (call) => ({ authorization: await cache.get(call) }),
    });
    await expect(upstream.json(callOf('command', 100), { path: '/x', json: {} })).rejects.toMatchObject({
      code: 'upstream-timeout',
    });
  });
});

describe('SOAP', () => {
  const soap = (body: string): string =>
    `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`;
  const answering = async (body: string, status = 200): Promise<SoapUpstream> => {
    const { url } = await serve(
      (_request, response) => void response.writeHead(status, { 'content-type': 'text/xml' }).end(body),
    );
    return new SoapUpstream(runtimeWith({ attemptsMax: 1 }), url);
  };

  it('gives the body without prefixes', async () => {
    const upstream = await answering(soap('<n:Answer xmlns:n="urn:n"><n:Ok>true</n:Ok></n:Answer>'));
    expect(await upstream.call(callOf('query'), { body: { Ask: '' } })).toEqual({ Answer: { Ok: 'true' } });
  });

  it('tells a fault by its code', async () => {
    const upstream = await answering(
      soap('<s:Fault><faultcode>s:Client</faultcode><faultstring>no</faultstring></s:Fault>'),
      500,
    );
    await expect(upstream.call(callOf('query'), { body: {} })).rejects.toMatchObject({
      code: 'upstream-fault',
      upstream: { code: 'soap:Client', message: 'no' },
    });
  });

  it.each([
    ['a bare HTTP 500', '', { code: 'circuit-open' }],
    ['a fault of its own', soap('<s:Fault><faultcode>s:Server</faultcode></s:Fault>'), { code: 'circuit-open' }],
    [
      'a fault that blames the call',
      soap('<s:Fault><faultcode>Client</faultcode></s:Fault>'),
      { code: 'upstream-fault' },
    ],
  ])('answered again and again with %s, it is known whether the outside system is sick', async (_name, body, then) => {
    const { url } = await serve(
      (_request, response) => void response.writeHead(500, { 'content-type': 'text/xml' }).end(body),
    );
    const upstream = new SoapUpstream(runtimeWith({ attemptsMax: 1, failuresMax: 3, pauseMs: 60_000 }), url);
    for (let nth = 0; nth < 3; nth++)
      await expect(upstream.call(callOf('query'), { body: {} })).rejects.toMatchObject({ code: 'upstream-fault' });
    await expect(upstream.call(callOf('query'), { body: {} })).rejects.toMatchObject(then);
  });

  it('refuses a document type, entities and what is not SOAP', async () => {
    for (const body of ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', '<html></html>', 'not xml']) {
      await expect((await answering(body)).call(callOf('query'), { body: {} })).rejects.toMatchObject({
        code: 'upstream-invalid',
      });
    }
  });
});
