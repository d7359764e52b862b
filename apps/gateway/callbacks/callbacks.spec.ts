import type { ChildProcess } from 'node:child_process';
import { ProgressLog, type Observation } from '#lgsp/progress';
import { startForeign } from '../testing/foreign';
import { GatewayHarness, until } from '../testing/gateway.harness';

/** What the gateway makes of the answers of a connector of another make to callbacks. */

const harness = new GatewayHarness();
let foreign: ChildProcess;
beforeAll(async () => {
  await harness.start({ LGSP_CALLBACK_NETWORKS: '{"weather":["127.0.0.1"]}', LGSP_CALLBACKS_PER_SECOND: '1000' });
  foreign = await startForeign(harness);
  await until(async () => JSON.stringify((await harness.fetch('/v1/services')).body).includes('storm-warning'));
});
afterAll(async () => {
  foreign.kill('SIGKILL');
  await harness.stop();
});

const reply = { status: 202, contentType: 'text/xml; charset=utf-8', body: '<đã>nhận</đã>' };
const storm = {
  reference: 'storm-1',
  state: 'seen',
  upstreamState: 'S1',
  final: false,
  at: '2026-11-25T09:00:00+07:00',
};

async function warn(body: object, headers: Record<string, string> = { 'x-word': 'storm' }) {
  const response = await fetch(`${harness.gateway.url}/v1/callbacks/weather/storm-warning`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

/** The first that is kept of a thing, within a moment; undefined when nothing is. */
async function keptOf(reference: string, withinMs = 1_500): Promise<Observation | undefined> {
  const progress = await ProgressLog.open(await harness.nats.connect('tester'));
  for await (const { observation } of progress.follow('weather', 0, AbortSignal.timeout(withinMs)))
    if (observation.reference === reference) return observation;
  return undefined;
}

it('shows its kinds as 0 before the first one comes, so that a first forgery is an increase', () => {
  const results = harness.gateway.metrics.values('lgsp_callbacks_total');
  expect(results.map(({ labels, value }) => [labels.result, value])).toEqual(
    ['accepted', 'forged', 'mismatch', 'refused', 'blocked', 'failed'].map((result) => [result, 0]),
  );
});

it('answers as the connector says, byte for byte, once what it tells is kept', async () => {
  const answer = await warn({
    answer: { reply, observations: [{ ...storm, system: 'land', person: 'Nguyễn Thị Mẫu' }] },
  });
  expect(answer).toEqual({ status: 202, type: reply.contentType, text: reply.body });
  expect(await keptOf('storm-1')).toEqual({ ...storm, system: 'weather', source: 'callback' });
});

it('gives the connector the headers that it asked for, and refuses in its words', async () => {
  expect(await warn({ answer: { reply } }, {})).toEqual({ status: 401, type: 'text/plain', text: 'who are you?' });
  expect(await warn({ answer: { reply } }, { 'x-word': 'storms' })).toMatchObject({ status: 401 });
});

it('keeps nothing of what is refused', async () => {
  const refused = { refused: 'mismatch', reply, observations: [{ ...storm, reference: 'storm-refused' }] };
  expect((await warn({ answer: refused })).status).toBe(202);
  expect(await keptOf('storm-refused')).toBeUndefined();
});

it.each([
  ['no JSON', { raw: '{"reply"' }],
  ['no reply', { answer: {} }],
  ['a status that is none', { answer: { reply: { ...reply, status: 99 } } }],
  ['a way elsewhere', { answer: { reply: { ...reply, status: 302 } } }],
  ['a second header in its type', { answer: { reply: { ...reply, contentType: 'text/html\r\nSet-Cookie: a=b' } } }],
  ['a refusal that nobody knows', { answer: { reply, refused: 'perhaps' } }],
  ['an observation without a time', { answer: { reply, observations: [{ ...storm, at: 'soon' }] } }],
  ['a text without end', { answer: { reply, observations: [{ ...storm, reference: 'x'.repeat(201) }] } }],
  ['too many observations', { answer: { reply, observations: Array.from({ length: 51 }, () => storm) } }],
])('takes an answer with %s for none: whoever calls back is to come again', async (_what, body) => {
  const { status, type, text } = await warn(body);
  expect({ status, type, code: (JSON.parse(text) as { code: string }).code }).toEqual({
    status: 503,
    type: 'application/problem+json; charset=utf-8',
    code: 'connector-unavailable',
  });
});

it('takes a dossier only where somebody works on it', async () => {
  const submission = { reference: 'storm-2', dossier: 'storm-2' };
  expect((await warn({ answer: { reply, submission } })).status).toBe(503);
});

it('is counted by what became of it', async () => {
  const results = harness.gateway.metrics.values('lgsp_callbacks_total');
  const counted = results.filter(({ value }) => value > 0).map(({ labels }) => labels.result);
  expect(counted.toSorted()).toEqual(['accepted', 'failed', 'forged', 'mismatch']);
});

it('shows callbacks in the catalogue', async () => {
  const { body } = await harness.fetch('/v1/services');
  const [weather] = body['systems'] as { callbacks: object[] }[];
  expect(weather!.callbacks).toEqual([
    expect.objectContaining({ kind: 'storm-warning', mediaTypes: ['application/json'], bodyBytesMax: 20_000 }),
  ]);
  expect(JSON.stringify(weather!.callbacks)).not.toContain('lgsp.weather');
});

it('is answered with 503 as soon as the connector is dead', async () => {
  foreign.kill('SIGKILL');
  await new Promise((resolve) => foreign.once('exit', resolve));
  expect((await warn({ answer: { reply } })).status).toBe(503);
});
