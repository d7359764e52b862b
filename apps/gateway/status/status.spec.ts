import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { startForeign } from '../testing/foreign';
import { GatewayHarness, until } from '../testing/gateway.harness';
import type { ConnectionStatus, Status } from './status.board';

/** `GET /status` as its gateway alone makes it: what connectors of any make tell, and what they cannot do to it. */
const harness = new GatewayHarness();
let weather: ChildProcess;

beforeAll(async () => {
  await harness.start();
  weather = await startForeign(harness);
  await until(async () => (await connection('weather'))?.state === 'up');
});
afterAll(async () => {
  weather.kill('SIGKILL');
  await harness.stop();
});

/** Without credentials: it is open to anybody. */
const ask = (query = '', headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${harness.gateway.url}/status${query}`, { headers });

async function connection(system: string): Promise<ConnectionStatus | undefined> {
  const { connections } = (await (await ask('?format=json')).json()) as Status;
  return connections.find((found) => found.system === system);
}

it('is a page for people and JSON for programs', async () => {
  const [page, wanted, named] = await Promise.all([
    ask('', { accept: 'text/html,application/xhtml+xml,application/json;q=0.9' }),
    ask('', { accept: 'application/json' }),
    ask('?format=json'),
  ]);
  expect([page, wanted, named].map(({ status, headers }) => [status, headers.get('content-type')])).toEqual([
    [200, 'text/html; charset=utf-8'],
    [200, 'application/json; charset=utf-8'],
    [200, 'application/json; charset=utf-8'],
  ]);
  expect(page.headers.get('cache-control')).toBe('no-store');
});

it('tells the class of the last fault, whose it was and when, and no more of it', async () => {
  await harness.post('/v1/weather/refuse');
  expect((await connection('weather'))!.lastError).toBeUndefined(); // A refusal is an answer.
  const before = Date.now();
  await harness.post('/v1/weather/hang', { secret: 'of a citizen' }, { 'lgsp-deadline-ms': '100' });
  const { lastError } = (await connection('weather'))!;
  expect(lastError).toEqual({ code: 'deadline-exceeded', fault: 'upstream', at: expect.stringMatching(/\+07:00$/) });
  expect(Date.parse(lastError!.at)).toBeGreaterThanOrEqual(before - 1_000);
});

it('counts the calls that are under way', async () => {
  const hanging = harness.post('/v1/weather/hang', {}, { 'lgsp-deadline-ms': '3000' });
  await until(async () => (await connection('weather'))!.inFlight === 1);
  await hanging;
  expect((await connection('weather'))!.inFlight).toBe(0);
});

it('follows the circuit of a connector of any make within seconds, and so do the catalogue and readiness', async () => {
  const { since, circuit } = (await connection('weather'))!;
  expect(circuit).toBeUndefined(); // It tells of none.
  await harness.post('/v1/weather/set-circuit', { circuit: 'open' });
  await until(async () => (await connection('weather'))!.state === 'degraded', 10_000);
  const sick = (await connection('weather'))!;
  expect(sick).toMatchObject({ state: 'degraded', reason: 'circuit-open', circuit: 'open' });
  expect(Date.parse(sick.since)).toBeGreaterThanOrEqual(Date.parse(since));
  const { systems } = (await harness.fetch('/v1/services')).body as { systems: { system: string; status: string }[] };
  expect(systems.find(({ system }) => system === 'weather')!.status).toBe('degraded');
  expect((await harness.fetch('/readyz')).body).toMatchObject({
    status: 'degraded',
    parts: { connectors: { weather: { status: 'degraded', reason: expect.stringContaining('circuit is open') } } },
  });
  await harness.post('/v1/weather/set-circuit', { circuit: 'closed' });
  await until(async () => (await connection('weather'))!.state === 'up', 10_000);
});

it('what is sick stands first', async () => {
  const tides = await startForeign(harness, 'tides');
  const systems = async (): Promise<string[]> =>
    ((await (await ask('?format=json')).json()) as Status).connections.map(({ system }) => system);
  await until(async () => (await systems()).join() === 'tides,weather');
  await until(async () => (await connection('tides'))!.state === 'up');
  const killed = await startForeign(harness, 'zebra');
  await until(async () => (await connection('zebra'))?.state === 'up');
  killed.kill('SIGKILL');
  await until(async () => (await connection('zebra'))!.state === 'down', 15_000);
  expect((await connection('zebra'))!.reason).toBe('no-instance');
  expect((await systems())[0]).toBe('zebra');
  tides.kill('SIGKILL');
});

it('has no script, one style that its policy names, and nothing of a description that is not text', async () => {
  const hostile = await startForeign(harness, 'hostile');
  await until(async () => (await connection('hostile'))?.state === 'up');
  const page = await ask('?lang=en');
  const text = await page.text();
  expect(text).toContain('tells &lt;b&gt;it&lt;/b&gt;');
  expect(text).not.toMatch(/<script|<b>|javascript:|\son\w+=/i);
  const [, style = ''] = /<style>([^]*)<\/style>/.exec(text)!;
  const hash = createHash('sha256').update(style).digest('base64');
  expect(page.headers.get('content-security-policy')).toContain(`style-src 'sha256-${hash}'`);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  hostile.kill('SIGKILL');
});

it.each([
  ['?lang=vi', {}, 'vi', 'Tình trạng kết nối'],
  ['?lang=en', { 'accept-language': 'vi' }, 'en', 'State of the connections'],
  ['', { 'accept-language': 'vi-VN,vi;q=0.9' }, 'vi', 'Tình trạng kết nối'],
])('%s with %j is in %s', async (query, headers, language, heading) => {
  const page = await ask(query, headers);
  const text = await page.text();
  expect(page.headers.get('content-language')).toBe(language);
  expect(text).toContain(`<html lang="${language}">`);
  expect(text).toContain(heading);
});

it('tells no secret and no address of ours', async () => {
  const text = `${await (await ask('?format=json')).text()}${await (await ask()).text()}`;
  for (const secret of [harness.secret, harness.nats.url, new URL(harness.nats.url).host, 'of a citizen'])
    expect(text).not.toContain(secret);
});
