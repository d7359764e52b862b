import { randomUUID } from 'node:crypto';
import { BusClient, type BusConnection, type KeyValueStore } from '#lgsp/bus';
import { startNats, type TestNats } from '#lgsp/bus/testing';
import { BusError, toProblem } from '#lgsp/errors';
import { EventLog, type BusEvent } from '#lgsp/events';
import { openFollowed, ProgressLog, type FollowedCommand, type FollowedItem, type FollowTerms } from '#lgsp/progress';
import { createLogger, Metrics } from '#lgsp/telemetry';
import { RateGate } from '../drain/rate.gate';
import { SystemHold } from '../drain/system.hold';
import { Ageing } from './ageing';
import { FollowedItems } from './followed.items';
import { Poller } from './poller';

const log = createLogger({ app: 'test', level: 'silent' });
const terms: FollowTerms = { firstMs: 1_000, mostMs: 5_000, batchMax: 3, overdueMs: 60_000, ageMaxMs: 120_000 };
const subject = 'lgsp.parcels.v1.send-parcel';
const declared = { system: 'parcels', subject, timeoutMs: 2_000, follow: terms };
const hold = new SystemHold(undefined);
let nats: TestNats;
let connection: BusConnection;
let events: EventLog;
let store: KeyValueStore<FollowedItem>;
let items: FollowedItems;
let poller: Poller;

beforeAll(async () => {
  nats = await startNats();
  connection = await nats.connect();
  const progress = await ProgressLog.open(connection);
  [events, store] = await Promise.all([EventLog.open(connection), openFollowed(connection)]);
  items = new FollowedItems(store, () => undefined);
  await items.start();
  const client = new BusClient(connection);
  const rate = new RateGate(1_000);
  poller = new Poller({ system: 'parcels', client, progress, items, hold, rate, log, metrics: new Metrics() });
});
afterAll(() => nats.stop());

async function follow(change: Partial<FollowedItem> = {}): Promise<FollowedItem> {
  const item: FollowedItem = {
    transactionId: randomUUID(),
    client: 'one-stop',
    idempotencyKey: 'key',
    system: 'parcels',
    operation: 'send-parcel',
    subject,
    since: Date.now(),
    asked: 0,
    failures: 0,
    nextAt: 1,
    pauseMs: terms.firstMs,
    ...change,
  };
  await items.add(item);
  return item;
}

const now = (item: FollowedItem): FollowedItem => items.find('parcels', '', item.transactionId)[0]!;

/** A connector that answers as it is told, for as long as the work takes. */
async function answered(answer: (commands: FollowedCommand[]) => object, work: () => Promise<void>): Promise<void> {
  const subscription = connection.nats.subscribe(`${subject}.progress`, {
    callback: (_error, message) => {
      const told = answer(message.json<FollowedCommand[]>());
      if (!(told instanceof BusError)) return void message.respond(JSON.stringify(told));
      const headers = message.headers!;
      headers.set('Nats-Service-Error-Code', String(told.row.status));
      headers.set('Nats-Service-Error', told.code);
      message.respond(JSON.stringify(toProblem(told)), { headers });
    },
  });
  await connection.nats.flush();
  await work().finally(() => subscription.unsubscribe());
}

it.each(['no connector', 'an open circuit'])('%s holds the system, and nothing is put off', async (what) => {
  const item = await follow();
  const ask = () => poller.ask([item], declared, terms);
  const open = new BusError('circuit-open', { retryAfterMs: 3_000 });
  await (what === 'no connector' ? ask() : answered(() => open, ask));
  expect(hold.at(Date.now())?.why).toBe(what === 'no connector' ? 'connector-unavailable' : 'circuit-open');
  expect(now(item)).toEqual(item);
  hold.passed();
});

it('asks later each time, up to the longest pause, and counts what was asked in vain', async () => {
  const item = await follow();
  const pauses: number[] = [];
  await answered(
    () => [],
    async () => {
      for (let nth = 0; nth < 4; nth++) {
        await poller.ask([now(item)], declared, terms);
        pauses.push(now(item).pauseMs);
      }
    },
  );
  expect(pauses).toEqual([2_000, 4_000, 5_000, 5_000]);
  expect(now(item)).toMatchObject({ asked: 4, failures: 0, lastAnswer: 'absent' });
  await answered(
    () => new BusError('upstream-fault'),
    () => poller.ask([now(item)], declared, terms),
  );
  expect(now(item)).toMatchObject({ asked: 5, failures: 1, lastAnswer: 'upstream-fault', pauseMs: 5_000 });
  // Sooner than what has nothing new: the failure was the outside system's.
  expect(now(item).nextAt - Date.now()).toBeLessThanOrEqual(terms.firstMs);
});

it('takes what is well-formed of an answer, and nothing of what is not', async () => {
  const [good, bad, absent] = [await follow(), await follow(), await follow()];
  const standing = {
    reference: 'P1',
    state: 'sent',
    upstreamState: '2',
    final: false,
    at: '2026-11-01T10:00:00+07:00',
  };
  await answered(
    ([first, second]) => [
      { ...standing, transactionId: first!.transactionId, personalId: '031190000016' },
      { ...standing, transactionId: second!.transactionId, at: 'yesterday' },
      null,
      { ...standing, transactionId: randomUUID() },
    ],
    () => poller.ask([good, bad, absent], declared, terms),
  );
  expect([good, bad, absent].map((item) => now(item).lastAnswer)).toEqual(['ok', 'upstream-invalid', 'absent']);
  const kept: string[] = [];
  const stop = new AbortController();
  const progress = await ProgressLog.open(connection);
  for await (const { observation } of progress.follow('parcels', 0, stop.signal)) {
    kept.push(JSON.stringify(observation));
    break;
  }
  expect(JSON.parse(kept[0]!)).toEqual({
    ...standing,
    system: 'parcels',
    source: 'poll',
    transactionId: good.transactionId,
  });
  expect((await progress.state()).last).toBe(1);
});

it('tells once that something is overdue, and once that nobody asks any more, and keeps it in the list', async () => {
  const ageing = new Ageing(items, events, log);
  const item = await follow({ client: 'patient', since: 0 });
  const told = async (): Promise<BusEvent['data'][]> => {
    const all: BusEvent['data'][] = [];
    for await (const { event } of events.read('patient')) all.push(event.data);
    return all;
  };
  await ageing.look(now(item), terms, terms.overdueMs);
  expect(await told()).toEqual([]);
  for (const ms of [1, 2_000]) await ageing.look(now(item), terms, terms.overdueMs + ms);
  expect(await told()).toEqual([{ since: '1970-01-01T07:00:00+07:00', abandoned: false }]);
  for (const ms of [1, 2_000]) await ageing.look(now(item), terms, terms.ageMaxMs + ms);
  expect((await told()).map((data) => (data as { abandoned: boolean }).abandoned)).toEqual([false, true]);
  expect(now(item)).toMatchObject({ ended: 'too-old', endedAt: terms.ageMaxMs + 1 });
  await ageing.look(now(item), terms, terms.ageMaxMs + 89 * 86_400_000);
  expect(now(item)).toBeDefined();
  await ageing.look(now(item), terms, terms.ageMaxMs + 91 * 86_400_000);
  expect(now(item)).toBeUndefined();
});

it('gives up what waited for room once a question was answered, or when it could be asked about for as long', async () => {
  const ageing = new Ageing(items, events, log);
  const got = 10 * terms.ageMaxMs;
  const told = async (client: string): Promise<unknown[]> => {
    const all: unknown[] = [];
    for await (const { event } of events.read(client)) all.push((event.data as { abandoned: boolean }).abandoned);
    return all;
  };
  const answers = { none: [0, 0], 'in vain': [3, 3], one: [1, 0], 'one, then in vain': [4, 3] } as const;
  for (const [how, [asked, failures]] of Object.entries(answers)) {
    const client = `late-${how.replaceAll(/[^a-z]/g, '-')}`;
    const isHeard = asked > failures;
    const item = await follow({ client, since: 0, followedAt: got, asked, failures });
    await ageing.look(now(item), terms, got + 1);
    expect({ how, told: await told(client), ended: now(item).ended }).toEqual({
      how,
      told: isHeard ? [true] : [],
      ended: isHeard ? 'too-old' : undefined,
    });
    await ageing.look(now(item), terms, got + terms.overdueMs + 1);
    await ageing.look(now(item), terms, got + terms.ageMaxMs + 1);
    expect({ how, told: await told(client) }).toEqual({ how, told: isHeard ? [true] : [false, true] });
    expect(now(item).ended).toBe('too-old');
  }
});

it('changes an item as it is now, whoever else changes it meanwhile', async () => {
  const item = await follow();
  const others = new FollowedItems(store, () => undefined);
  await others.start();
  const add = (to: FollowedItems) => to.change(item, (current) => ({ ...current, asked: current.asked + 1 }));
  for (let nth = 0; nth < 10; nth++) await Promise.all([add(items), add(others), add(items)]);
  expect((await store.get(`parcels.${item.transactionId}`))!.value.asked).toBe(30);
});
