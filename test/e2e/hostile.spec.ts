import { Pool } from 'undici';
import { PopulationConfig } from '../../apps/population/population.config';
import { population, PopulationAdapter } from '../../apps/population/population.connector';
import { PopulationUpstream } from '../../apps/population/population.upstream';
import { GatewayHarness, until } from '../../apps/gateway/testing/gateway.harness';
import { mulberry32 } from '../../apps/sandbox/people/population';
import { populationStandIn } from '../../apps/sandbox/population/population.stand-in';
import { startStandIn } from '../../apps/sandbox/start.stand-in';
import { errorTable, isErrorCode } from '#lgsp/errors';
import { loadConfig } from '#lgsp/config';
import { startConnector, type RunningConnector } from '#lgsp/kit';
import { createLogger } from '#lgsp/telemetry';

const requestsTotal = 10_000;
const rawEvery = 50;
const concurrency = 16;
const bodyBytesMax = 65_536;
const seed = 20_261_124;

const harness = new GatewayHarness();
let connector: RunningConnector;
let standIn: Awaited<ReturnType<typeof startStandIn>>;

beforeAll(async () => {
  await harness.start({ LGSP_BODY_BYTES_MAX: String(bodyBytesMax) });
  standIn = await startStandIn(populationStandIn);
  const config = loadConfig(PopulationConfig, { ...standIn.env, LGSP_NATS_URL: harness.nats.url });
  connector = await startConnector(
    { definition: population, adapter: PopulationAdapter, providers: [PopulationUpstream], config: PopulationConfig },
    { config, log: createLogger({ app: 'population', level: 'silent' }) },
  );
  await until(async () => (await send(good)).status === 200);
});

afterAll(async () => {
  await connector.stop();
  await standIn.stop();
  await harness.stop();
});

interface Hostile {
  kind: string;
  method: string;
  path: string;
  headers: Record<string, string | string[]>;
  body?: string | Buffer;
}

const { input } = population.operations.verifyCitizen.example;
const path = '/v1/population/verify-citizen';
const good: Hostile = {
  kind: 'good',
  method: 'POST',
  path,
  headers: { 'content-type': 'application/json', 'lgsp-officer': 'canbo.mau', 'lgsp-dossier': 'H24.11-261101-0001' },
  body: JSON.stringify(input),
};

/** Ways to be hostile; each spoils a good request so that it cannot succeed. */
const ways: Record<string, (random: () => number) => Partial<Hostile>> = {
  'malformed JSON': (random) => {
    const text = good.body as string;
    const at = 1 + Math.floor(random() * (text.length - 2));
    return {
      body: pick(random, [
        text.slice(0, at),
        `${text}}`,
        text.replace(':', ''),
        `\uFEFF${text},`,
        "{'a':1}",
        '',
        'NaN',
        '{"a":01}',
      ]),
    };
  },
  'wrong types': (random) => {
    const field = pick(random, ['identityNumber', 'fullName', 'birthDate']);
    const value = pick(random, [
      null,
      7,
      -0.1,
      true,
      [],
      {},
      [[]],
      ['031190000016'],
      { $gt: '' },
      '',
      '0'.repeat(5_000),
      '1990-02-30',
    ]);
    return { body: JSON.stringify({ ...input, [field]: value }) };
  },
  'unknown fields': (random) => {
    const field = pick(random, ['__proto__', 'constructor', 'toString', 'isAdmin', '\u202e', 'a'.repeat(500), '', ' ']);
    return { body: `${JSON.stringify(input).slice(0, -1)},${JSON.stringify(field)}:{"polluted":true}}` };
  },
  'no object': (random) => ({ body: pick(random, ['null', '[]', '1', '"x"', 'true', '[{}]']) }),
  huge: (random) => ({
    body: JSON.stringify({ ...input, fullName: 'a'.repeat(bodyBytesMax + Math.floor(random() * 1_000)) }),
  }),
  deep: (random) => {
    const depth = 40 + Math.floor(random() * 10_000);
    return { body: `{"identityNumber":${'['.repeat(depth)}${']'.repeat(depth)}}` };
  },
  'NUL and half surrogates': (random) => ({
    body: JSON.stringify(input).replace('Nguyễn', pick(random, ['\\u0000', '\\ud800', '\\udfff\\ud800', 'a\\u0000b'])),
  }),
  'not UTF-8': (random) => ({
    body: Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc0, 0x80 + random() * 60, 0xff]), Buffer.from('"}')]),
  }),
  'odd headers': (random) => ({
    headers: {
      ...good.headers,
      ...pick<Record<string, string | string[]>>(random, [
        { 'lgsp-officer': '' },
        { 'lgsp-officer': 'x'.repeat(300) },
        { 'lgsp-officer': 'c\u00e1n b\u1ed9'.normalize('NFC').replace('\u1ed9', '\u00f4') },
        { 'lgsp-dossier': ['a', 'b'].map((part) => part.repeat(200)) },
        { 'lgsp-deadline-ms': pick(random, ['-1', 'x', '0', '1e9', ' ', '0x10']) },
        { 'idempotency-key': 'k'.repeat(256) },
        {
          'content-type': pick(random, [
            'text/xml',
            'application/x-www-form-urlencoded',
            '*/*',
            'application/jsonp',
            ';;',
          ]),
        },
        { 'content-encoding': pick(random, ['gzip', 'br', 'deflate, gzip']) },
      ]),
    },
  }),
  'bad keys': (random) => ({
    headers: {
      ...good.headers,
      authorization: pick(random, [
        '',
        'ApiKey',
        'ApiKey ',
        'Bearer x.y.z',
        'Basic !!!',
        `ApiKey ${'k'.repeat(400)}`,
        'ApiKey no-dot',
      ]),
    },
  }),
  'wrong methods': (random) => ({
    method: pick(random, ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'LOCK']),
    body: undefined,
  }),
  traversal: (random) => ({
    path: pick(random, [
      '/v1/../../etc/passwd', '/v1/%2e%2e/%2e%2e/etc', '/v1/population/..%2fverify-citizen', '/v1/population/verify-citizen%00', '/v1/population/%zz',
      '/v1/population//', '/v1//verify-citizen', '/v1/$SRV/PING', '/v1/population/verify-citizen.outcome', '/v1/population/>', '/v1/*/verify-citizen',
      `/v1/${'a'.repeat(3_000)}/x`, '/v1/population/verify-citizen/extra', '/%', '/v1/popul%C3%A1tion/x', '/v1/population/verify-citizen;a=b', '/V1/population/verify-citizen',
    ]), // oxfmt-ignore
  }),
};

function hostile(random: () => number): Hostile {
  const kind = pick(random, Object.keys(ways));
  return { ...good, ...ways[kind]!(random), kind };
}

let pool: Pool | undefined;

async function send({
  method,
  path: target,
  headers,
  body,
}: Hostile): Promise<{ status: number; type: string; text: string }> {
  pool ??= new Pool(harness.gateway.url, { connections: concurrency, pipelining: 1 });
  const all = { authorization: `ApiKey ${harness.secret}`, ...headers };
  const response = await pool.request({ method, path: target, headers: all, body });
  const text = await response.body.text();
  return { status: response.statusCode, type: String(response.headers['content-type']), text };
}

/** What is not even HTTP. */
const rawRequests = [
  'GET\r\n\r\n',
  'POST /v1/population/verify-citizen HTTP/9.9\r\nHost: x\r\n\r\n',
  'POST /v1/a/b HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
  'POST /v1/a/b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'POST /v1/a/b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  'POST /v1/a/b HTTP/1.1\r\nHost: x\r\nX-Bad\u0000: y\r\n\r\n',
  'POST /v1/a/b HTTP/1.1\r\nHost: x\r\n X: folded\r\nA B: c\r\n\r\n',
  `POST /v1/a/b HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`,
  '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
  'NOSUCHMETHOD / HTTP/1.1\r\nHost: x\r\n\r\n',
];

it(`answers ${requestsTotal} hostile requests with ${requestsTotal} problems, and goes on serving`, async () => {
  const random = mulberry32(seed);
  const tally: Record<string, number> = {};
  const wrong: string[] = [];
  let begun = 0;
  const judge = (kind: string, status: number, type: string, text: string): void => {
    const problem = parsed(text);
    const code = problem['code'];
    const declared = isErrorCode(code) && errorTable[code].status === status && problem['status'] === status;
    tally[String(code)] = (tally[String(code)] ?? 0) + 1;
    if (declared && status < 500 && type.startsWith('application/problem+json')) return;
    if (wrong.length < 20) wrong.push(`${kind}: HTTP ${status} ${type} ${text.slice(0, 200)}`);
  };
  const attacker = async (): Promise<void> => {
    while (begun < requestsTotal) {
      const nth = begun++;
      if (nth % rawEvery === 0) {
        const answer = await harness.raw(rawRequests[(nth / rawEvery) % rawRequests.length]!);
        const [head = '', body = ''] = answer.split('\r\n\r\n');
        const type = /content-type: (.*)/i.exec(head)?.[1] ?? '';
        judge('raw', Number(head.split(' ')[1]), type, body);
        continue;
      }
      const request = hostile(random);
      const { status, type, text } = await send(request);
      judge(request.kind, status, type, text);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, attacker));
  expect(wrong).toEqual([]);
  expect(Object.values(tally).reduce((sum, count) => sum + count, 0)).toBe(requestsTotal);
  expect(Object.keys(tally).length).toBeGreaterThan(10);
  expect((await send(good)).status).toBe(200);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  await pool?.close();
}, 120_000);

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {}; // Judged as wrong: it has no code.
  }
}

function pick<T>(random: () => number, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)]!;
}
