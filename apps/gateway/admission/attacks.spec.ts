import type { ChildProcess } from 'node:child_process';
import { issueSecret } from '#lgsp/clients';
import { startForeign } from '../testing/foreign';
import { GatewayHarness, until } from '../testing/gateway.harness';

/** Attacks on the door beside those on tokens (tokens.spec.ts) and on addresses (networks.spec.ts): each has its own code. */

const harness = new GatewayHarness();
let foreign: ChildProcess;
let other: string;

beforeAll(async () => {
  await harness.start();
  foreign = await startForeign(harness);
  other = await harness.register('other', { agencies: ['H24.11'], grants: ['weather.get-forecast'] });
});
afterAll(async () => {
  foreign.kill('SIGKILL');
  await harness.stop();
});

const as = (secret: string): { authorization: string } => ({ authorization: `ApiKey ${secret}` });

/** A request as bytes, with these header lines beside the necessary ones. */
function request(
  lines: readonly string[],
  { path = '/v1/weather/get-forecast', body = '{}', length = true } = {},
): string {
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: x',
    'Connection: close',
    'Content-Type: application/json',
    ...(length ? [`Content-Length: ${body.length}`] : []),
    ...lines,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

async function sendRaw(bytes: string): Promise<{ status: number; code?: string; answers: number }> {
  const received = await harness.raw(bytes, 4_000);
  const code = /"code":"([a-z-]+)"/.exec(received)?.[1];
  return { status: Number(received.split(' ')[1]), code, answers: received.split('HTTP/1.1 ').length - 1 };
}

it('a plain request of this form passes: so each attack below is refused for its own fault', async () => {
  expect(await sendRaw(request([`Authorization: ApiKey ${harness.secret}`]))).toMatchObject({ status: 200 });
});

describe('headers', () => {
  const key = (): string => `Authorization: ApiKey ${harness.secret}`;
  it.each<[string, () => string[], number, string]>([
    ['two keys', () => [key(), `Authorization: ApiKey ${other}`], 401, 'unauthenticated'],
    ['the same key twice', () => [key(), key()], 401, 'unauthenticated'],
    ['a key and a token', () => [key(), 'Authorization: Bearer a.b.c'], 401, 'unauthenticated'],
    ['two agencies', () => [key(), 'Lgsp-Agency: H24.11', 'Lgsp-Agency: H24.12'], 400, 'malformed-request'],
    ['two officers', () => [key(), 'Lgsp-Officer: a', 'lgsp-officer: b'], 400, 'malformed-request'],
    ['two idempotency keys', () => [key(), 'Idempotency-Key: a', 'Idempotency-Key: b'], 400, 'malformed-request'],
    ['two deadlines', () => [key(), 'Lgsp-Deadline-Ms: 1', 'Lgsp-Deadline-Ms: 9000'], 400, 'malformed-request'],
    ['two content types', () => [key(), 'Content-Type: text/plain'], 415, 'unsupported-media-type'],
    ['a header that is too long', () => [key(), `Lgsp-Dossier: ${'a'.repeat(256)}`], 400, 'missing-context'],
    ['headers that are too large', () => [key(), `X: ${'a'.repeat(20_000)}`], 431, 'headers-too-large'],
    ['a control character', () => [key(), 'Lgsp-Officer: a\u0001b'], 400, 'malformed-request'],
    ['a line break in a value', () => [key(), 'Lgsp-Officer: a\nLgsp-Agency: b'], 400, 'malformed-request'],
  ])('%s are refused', async (_name, lines, status, code) => {
    expect(await sendRaw(request(lines()))).toMatchObject({ status, code, answers: 1 });
  });

  it('one purpose with a comma is not two', async () => {
    const lines = [key(), 'Lgsp-Purpose: xac minh, doi chieu'];
    expect(await sendRaw(request(lines))).toMatchObject({ status: 200 });
  });
});

describe('rights', () => {
  it.each<[string, string, Record<string, string>, number, string]>([
    ['an operation that was not granted', 'show-headers', {}, 403, 'operation-not-granted'],
    ['another agency', 'get-forecast', { 'lgsp-agency': 'H24.99' }, 403, 'operation-not-granted'],
    ['any agency', 'get-forecast', { 'lgsp-agency': '*' }, 403, 'operation-not-granted'],
  ])('%s: refused', async (_name, operation, headers, status, code) => {
    const answer = await harness.post(`/v1/weather/${operation}`, {}, { ...as(other), ...headers });
    expect({ status: answer.status, code: answer.body['code'] }).toEqual({ status, code });
  });

  it("a client's idempotency key is its own: another's command under it is another command", async () => {
    await harness.clients.put({ ...(await harness.clients.get('other'))!, grants: ['*'] });
    const command = { 'lgsp-deadline-ms': '200', 'idempotency-key': 'the-same', 'lgsp-agency': 'H24.11' };
    await until(async () => (await harness.post('/v1/weather/show-headers', {}, as(other))).status === 200);
    const [mine, theirs] = await Promise.all([
      harness.post('/v1/weather/hang-command', {}, command),
      harness.post('/v1/weather/hang-command', {}, { ...command, ...as(other) }),
    ]);
    expect([mine.body['code'], theirs.body['code']]).toEqual(['outcome-unknown', 'outcome-unknown']);
    expect(mine.headers.get('lgsp-transaction-id')).not.toBe(theirs.headers.get('lgsp-transaction-id'));
  });
});

describe('secrets in the address', () => {
  it.each(['access_token', 'api_key', 'client_secret', 'x'])(
    '?%s= is refused, with a key and without',
    async (name) => {
      const path = `/v1/weather/get-forecast?${name}=${harness.secret}`;
      const without = await harness.post(path, {}, { authorization: undefined });
      expect({ status: without.status, code: without.body['code'] }).toEqual({
        status: 400,
        code: 'malformed-request',
      });
      expect((await harness.post(path)).body['code']).toBe('malformed-request');
      expect(JSON.stringify(without.body)).not.toContain(harness.secret);
      expect(harness.logLines.join('')).not.toContain(harness.secret);
    },
  );

  it('at the token endpoint as well', async () => {
    const path = `/oauth2/token?client_id=tester&client_secret=${harness.secret}`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization: undefined };
    const { status, body } = await harness.fetch(
      path,
      { method: 'POST', body: 'grant_type=client_credentials' },
      headers,
    );
    expect({ status, code: body['code'] }).toEqual({ status: 400, code: 'malformed-request' });
    expect(harness.logLines.join('')).not.toContain(harness.secret);
  });
});

describe('request smuggling', () => {
  const key = (): string => `Authorization: ApiKey ${harness.secret}`;
  const chunked = '2\r\n{}\r\n0\r\n\r\n';
  it.each<[string, () => string]>([
    ['length and chunks', () => request([key(), 'Transfer-Encoding: chunked'], { body: chunked })],
    ['two lengths', () => request([key(), 'Content-Length: 7'])],
    ['a signed length', () => request([key(), 'Content-Length: +2'], { length: false })],
    ['a negative length', () => request([key(), 'Content-Length: -2'], { length: false })],
    ['a length in hexadecimal', () => request([key(), 'Content-Length: 0x2'], { length: false })],
    ['two lengths in one', () => request([key(), 'Content-Length: 2, 2'], { length: false })],
    [
      'a blank before the colon',
      () => request([key(), 'Transfer-Encoding : chunked'], { body: chunked, length: false }),
    ],
    [
      'chunks that are not last',
      () => request([key(), 'Transfer-Encoding: chunked, x'], { body: chunked, length: false }),
    ],
    ['an unknown coding', () => request([key(), 'Transfer-Encoding: xchunked'], { body: chunked, length: false })],
    [
      'two codings',
      () => request([key(), 'Transfer-Encoding: chunked', 'Transfer-Encoding: x'], { body: chunked, length: false }),
    ],
    ['a folded line', () => request([key(), 'Lgsp-Purpose: a\r\n b'])],
    ['lines without return', () => request([key()]).replaceAll('\r\n', '\n')],
    [
      'a chunk size that is no number',
      () => request([key(), 'Transfer-Encoding: chunked'], { body: 'zz\r\n{}\r\n0\r\n\r\n', length: false }),
    ],
    [
      'a chunk size beyond all',
      () =>
        request([key(), 'Transfer-Encoding: chunked'], { body: `${'f'.repeat(17)}\r\n{}\r\n0\r\n\r\n`, length: false }),
    ],
  ])('%s: one refusal, and nothing of it is read as a second request', async (_name, bytes) => {
    const hidden = 'POST /v1/weather/get-forecast HTTP/1.1\r\nHost: y\r\nContent-Length: 0\r\n\r\n';
    expect(await sendRaw(bytes() + hidden)).toMatchObject({ status: 400, code: 'malformed-request', answers: 1 });
  });
});

it('an unknown client and a wrong secret take the same time, so that nobody can find out who is registered', async () => {
  const secrets = (await Promise.all([issueSecret('changing'), issueSecret('changing')])).map(({ record }) => record);
  await harness.register('changing', { secrets });
  await until(async () => (await harness.clients.get('changing')) !== undefined);
  const time = async (id: string, nth: number): Promise<number> => {
    const secret = `${id}.${String(nth).padStart(43, 'A')}`;
    const { ms, body } = await harness.post('/v1/weather/get-forecast', {}, as(secret));
    expect(body['code']).toBe('unauthenticated');
    return ms;
  };
  // Somebody with one secret, nobody, and somebody who changes over and has two.
  const times: Record<string, number[]> = { tester: [], nobody: [], changing: [] };
  for (let nth = 0; nth < 9; nth++) for (const id of Object.keys(times)) times[id]!.push(await time(id, nth));
  const [wrong, unknown, changing] = Object.values(times).map((list) => list.toSorted((a, b) => a - b)[4]!) as [
    number,
    number,
    number,
  ];
  for (const ratio of [unknown / wrong, changing / wrong]) {
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(1.6);
  }
});
