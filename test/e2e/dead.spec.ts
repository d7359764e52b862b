import { courierSubjects, type DeadPage, type DeadView, type JobView } from '#lgsp/jobs';
import { auditSubject, openAudit } from '#lgsp/bus';
import { until } from '../../apps/gateway/testing/gateway.harness';
import { CourierHarness, idOf } from './courier.harness';

const harness = new CourierHarness();
const who = 'nobody@here';
const perSecond = 20;
let keys = 0;

beforeAll(async () => {
  await harness.startAll(
    { LGSP_COURIER_PER_SECOND: String(perSecond), LGSP_COURIER_REPLAYS_PER_SECOND: '1000' },
    { attemptsMax: '1', sensitivity: 'personal' },
  );
}, 60_000);
afterAll(() => harness.stop());
beforeEach(() => {
  harness.connector.decide = () => 'ok';
});

const job = (id: string): Promise<JobView> => harness.ask<JobView>(courierSubjects.job, { id });
const isIn = (id: string, state: JobView['state']): Promise<void> =>
  until(async () => (await job(id)).state === state, 20_000);
const letters = async (question: object = {}): Promise<string[]> =>
  (await harness.ask<DeadPage>(courierSubjects.deadLetters, { limit: 200, ...question })).letters.map(
    ({ transactionId }) => transactionId,
  );
const effectsOf = (key: string): number => harness.connector.effects.filter((effect) => effect === key).length;
const eventsOf = async (id: string) =>
  (await harness.eventsOf('tester')).map(({ event }) => event).filter((event) => event.transactionId === id);

/** A command that died of this. */
async function dead(code: 'upstream-unreachable' | 'upstream-rejected' | 'lose', body: object = { to: 'nobody' }) {
  const key = `dead-${++keys}`;
  harness.connector.decide = () => code;
  const id = idOf(await harness.send(key, { body }));
  await isIn(id, 'dead');
  harness.connector.decide = () => 'ok';
  return { key, id };
}

it('keeps what did not succeed with its reason and its last answer, and shows its input masked only', async () => {
  const { id } = await dead('upstream-unreachable', { to: 'Nguyễn Thị Bí Mật', number: '031190000016' });
  expect(await letters({ system: 'parcels', client: 'tester' })).toContain(id);
  expect(await letters({ system: 'other-system' })).toEqual([]);
  const view = await harness.ask<DeadView>(courierSubjects.deadLetter, { id });
  expect(view).toMatchObject({
    state: 'dead',
    reason: 'attempts-used-up',
    attempts: 1,
    outcome: 'failed',
    final: false,
    lastAnswer: { code: 'upstream-unreachable' },
  });
  expect(JSON.stringify(view)).not.toContain('Bí Mật');
  expect(JSON.stringify(view)).not.toContain('031190000016');
  expect(view.input).toEqual({ to: 'N* T* B* M*', number: '***016' });
});

it('is sent again under the same key, as the same transaction, and succeeds then', async () => {
  const { key, id } = await dead('upstream-unreachable');
  await harness.ask(courierSubjects.replay, { id, who });
  await isIn(id, 'ended');
  expect(effectsOf(key)).toBe(1);
  expect(await letters()).not.toContain(id);
  expect((await eventsOf(id)).map(({ type }) => type)).toEqual(['transaction.failed', 'transaction.succeeded']);
  await expect(harness.ask(courierSubjects.replay, { id, who })).rejects.toMatchObject({ code: 'wrong-state' });
  const audit = await openAudit(harness.connection);
  const entries: unknown[] = [];
  for await (const { data } of audit.read(auditSubject('jobs', id)))
    entries.push(JSON.parse(Buffer.from(data).toString()));
  expect(entries).toEqual([expect.objectContaining({ who, action: 'replay', thing: id })]);
}, 30_000);

it('that may have taken effect is asked about first, so that it takes effect once', async () => {
  const { key, id } = await dead('lose');
  expect(await job(id)).toMatchObject({ outcome: 'unknown', final: false });
  await harness.ask(courierSubjects.replay, { id, who });
  await isIn(id, 'ended');
  expect(effectsOf(key)).toBe(1);
  expect(await job(id)).toMatchObject({ outcome: 'succeeded' });
}, 30_000);

it('that was refused is put right and sent in its place, as a transaction of its own; it is not replayed', async () => {
  const { key, id } = await dead('upstream-rejected', { to: 'nobody', places: ['a', 'b'] });
  expect(await job(id)).toMatchObject({ outcome: 'rejected', final: true });
  await expect(harness.ask(courierSubjects.replay, { id, who })).rejects.toMatchObject({ code: 'wrong-state' });
  const wrong = harness.ask(courierSubjects.fix, { id, who, set: { '/no/such': 1 } });
  await expect(wrong).rejects.toMatchObject({ code: 'invalid-request' });
  const fixed = await harness.ask<JobView>(courierSubjects.fix, {
    id,
    who,
    set: { '/to': 'somebody', '/places/1': null },
  });
  expect(fixed.replaces).toBe(id);
  await isIn(fixed.transactionId, 'ended');
  const sent = harness.connector.sent.find(({ transaction }) => transaction === fixed.transactionId)!;
  expect(sent.body).toEqual({ to: 'somebody', places: ['a'] });
  expect(effectsOf(key)).toBe(0);
  expect(await letters()).not.toContain(id);
  expect((await eventsOf(fixed.transactionId))[0]).toMatchObject({ data: { replaces: id, outcome: 'succeeded' } });
}, 30_000);

it('is given up with a reason, and final then; one that nobody knows of only with a word of what became of it', async () => {
  const failed = await dead('upstream-unreachable');
  expect(await harness.ask(courierSubjects.giveUp, { id: failed.id, who, reason: 'withdrawn' })).toMatchObject({
    state: 'ended',
    outcome: 'failed',
    final: true,
    reason: 'given-up',
  });
  const again = await harness.send(failed.key, { prefer: '' });
  expect(again.body).toMatchObject({ code: 'upstream-unreachable' });
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  const lost = await dead('lose');
  const silent = harness.ask(courierSubjects.giveUp, { id: lost.id, who, reason: 'asked by telephone' });
  await expect(silent).rejects.toMatchObject({ code: 'wrong-state' });
  await harness.ask(courierSubjects.giveUp, { id: lost.id, who, reason: 'asked by telephone', outcome: 'succeeded' });
  expect((await eventsOf(lost.id)).map(({ type }) => type)).toEqual(['transaction.unknown', 'transaction.succeeded']);
}, 30_000);

it('is of no use any more once its caller has sent the command again', async () => {
  const { key, id } = await dead('upstream-unreachable');
  expect(await harness.send(key, { prefer: '' })).toMatchObject({ status: 200, body: { parcel: 'sent' } });
  await expect(harness.ask(courierSubjects.replay, { id, who })).rejects.toMatchObject({ code: 'wrong-state' });
  expect(await letters()).not.toContain(id);
  expect(effectsOf(key)).toBe(1);
}, 30_000);

it('makes no storm: however many are put back, however often, the system is sent no more than its rate', async () => {
  const ids: string[] = [];
  harness.connector.decide = () => 'upstream-unreachable';
  for (let nth = 0; nth < 40; nth++) ids.push(idOf(await harness.send(`storm-${nth}`)));
  for (const id of ids) await isIn(id, 'dead');
  const from = harness.connector.sent.length;
  const startedAt = Date.now();
  const stormMs = 4_000;
  // Everything that died is put back at once by ten impatient operators, again and again.
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      while (Date.now() - startedAt < stormMs)
        for (const id of ids) await harness.ask(courierSubjects.replay, { id, who }).catch(() => undefined);
    }),
  );
  const within = harness.connector.sent.slice(from);
  const seconds = (Date.now() - startedAt) / 1_000;
  expect(within.length).toBeGreaterThan(10);
  expect(within.length).toBeLessThanOrEqual(Math.ceil(perSecond * seconds) + 3);
  const busiest = Math.max(
    ...within.map(({ at }) => within.filter((other) => other.at >= at && other.at < at + 1_000).length),
  );
  expect(busiest).toBeLessThanOrEqual(perSecond + 6);
}, 90_000);
