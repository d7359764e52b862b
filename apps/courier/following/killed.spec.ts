import { randomUUID } from 'node:crypto';
import { BusClient, Leases, type BusConnection, type KeyValueStore } from '#lgsp/bus';
import { startNats, type TestNats } from '#lgsp/bus/testing';
import { EventLog } from '#lgsp/events';
import { openJobStates, type JobState } from '#lgsp/jobs';
import {
  openFollowed,
  openFollowPositions,
  openUnclaimed,
  openWaitingItems,
  ProgressLog,
  waitingSubject,
  type FeedChange,
  type FollowedItem,
  type FollowPosition,
  type Observation,
  type Unclaimed,
} from '#lgsp/progress';
import { openCommandStore, openLedgerStream, Recorder } from '#lgsp/recorder';
import { newTransactionId } from '#lgsp/records';
import { sampleRecord } from '#lgsp/records/testing';
import { createLogger, Metrics } from '#lgsp/telemetry';
import { RateGate } from '../drain/rate.gate';
import { SystemHold } from '../drain/system.hold';
import { Killed, Mortal } from '../testing/mortal';
import type { Declared, DeclaredTerms } from './declared.terms';
import { FollowedItems } from './followed.items';
import { FollowingRoom } from './following.room';
import { LogPosition } from './log.position';
import { ObservationIntake } from './observation.intake';
import { Poller } from './poller';
import { RecordIntake } from './record.intake';
import { UnclaimedObservations } from './unclaimed.observations';

/** Killed with -9 after each durable step in turn, and gone on with by whoever comes next. */

const log = createLogger({ app: 'test', level: 'silent' });
const metrics = new Metrics();
let nats: TestNats;
let connection: BusConnection;
let events: EventLog;
let progress: ProgressLog;
let followed: KeyValueStore<FollowedItem>;
let unclaimed: KeyValueStore<Unclaimed>;
let positions: KeyValueStore<FollowPosition>;
let jobs: KeyValueStore<JobState>;

beforeAll(async () => {
  nats = await startNats();
  connection = await nats.connect();
  [events, progress, followed, unclaimed, positions, jobs] = await Promise.all([
    EventLog.open(connection),
    ProgressLog.open(connection),
    openFollowed(connection),
    openUnclaimed(connection),
    openFollowPositions(connection),
    openJobStates(connection),
  ]);
});
afterAll(() => nats.stop());

const itemOf = (system: string, client: string): FollowedItem => ({
  transactionId: randomUUID(),
  client,
  idempotencyKey: 'key-1',
  system,
  operation: 'create-payment',
  subject: `lgsp.${system}.v1.create-payment`,
  dossier: 'H24.11-261101-0001',
  since: Date.now(),
  asked: 0,
  failures: 0,
  nextAt: 0,
  pauseMs: 1_000,
});

const seen = (system: string, state: string, second: number, change: Partial<Observation> = {}): Observation => ({
  system,
  reference: 'R1',
  state,
  upstreamState: state,
  final: false,
  at: `2026-11-01T10:00:${String(second).padStart(2, '0')}+07:00`,
  source: 'poll',
  ...change,
});

async function itemsOf(life: Mortal): Promise<FollowedItems> {
  const items = new FollowedItems(life.of(followed, 'create', 'update', 'delete'), () => undefined);
  await items.start();
  return items;
}

/** One life of the consumer of a system; whether it came to the end. */
async function consume(system: string, last: number, life: Mortal): Promise<boolean> {
  const items = await itemsOf(life);
  const store = life.of(positions, 'put');
  const parts = {
    system,
    progress,
    items,
    events: life.of(events, 'append'),
    jobs,
    firstMsOf: () => 1_000,
    log,
    metrics,
  };
  const stop = new AbortController();
  const position = await LogPosition.open(store, system, progress);
  const own = await UnclaimedObservations.load(life.of(unclaimed, 'put', 'delete'), system);
  const follow = new ObservationIntake(parts, own).follow(position, stop.signal);
  const watch = setInterval(() => position.last >= last && stop.abort(), 5);
  try {
    await follow;
    await position.close();
    return !life.isDead;
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    await position.close();
    return false;
  } finally {
    clearInterval(watch);
  }
}

it('tells each change once and in order, wherever the consumer is killed', async () => {
  for (let steps = 1, whole = false; !whole; steps++) {
    const [system, client] = [`pay-${steps}`, `client-${steps}`];
    const item = itemOf(system, client);
    const { transactionId } = item;
    await followed.create(`${system}.${transactionId}`, item);
    // A callback before the reference is known, then what was asked; some of it again, and late.
    for (const observation of [
      seen(system, 'pending', 2, { source: 'callback' }),
      seen(system, 'opened', 1, { transactionId }),
      seen(system, 'opened', 1, { source: 'callback' }),
      seen(system, 'checking', 3, { transactionId }),
      seen(system, 'pending', 2, { upstreamState: 'pending', linkedDossier: 'again' }),
      seen(system, 'paid', 4, { transactionId, final: true }),
      seen(system, 'checking', 5, { source: 'callback' }),
    ])
      await progress.append(observation);
    const { last } = await progress.state();
    whole = await consume(system, last, new Mortal(steps));
    if (!whole) expect(await consume(system, last, new Mortal())).toBe(true);
    const told: string[] = [];
    for await (const { event } of events.read(client)) told.push((event.data as { state: string }).state);
    expect({ steps, told }).toEqual({ steps, told: ['opened', 'pending', 'checking', 'paid'] });
    expect((await followed.get(`${system}.${transactionId}`))!.value).toMatchObject({
      reference: 'R1',
      ended: 'final',
    });
    expect(await unclaimed.all(`${system}.*`)).toEqual(new Map());
    if (whole) expect(steps).toBeGreaterThan(8);
  }
}, 60_000);

/** An outside system's list of changes, behind a connector. */
async function listOf(system: string, tokens: string[], keptFirst: () => Promise<Set<string>>) {
  const left = new Set(tokens);
  const early: string[] = [];
  const service = connection.nats;
  const feed = service.subscribe(`lgsp.${system}.v1.changed.feed`, {
    callback: (_error, message) => {
      const changes: FeedChange[] = [...left]
        .slice(0, 2)
        .map((token) => ({ ...seen(system, 'ready', 1), reference: token, token }));
      message.respond(JSON.stringify({ changes, more: left.size > 2 }));
    },
  });
  const take = async (message: { data: Uint8Array; respond(text: Uint8Array): boolean }): Promise<void> => {
    const kept = await keptFirst();
    const { tokens: told } = JSON.parse(Buffer.from(message.data).toString()) as { tokens: string[] };
    early.push(...told.filter((token) => !kept.has(token)));
    for (const token of told) left.delete(token);
    message.respond(Buffer.from('{}'));
  };
  const acknowledge = service.subscribe(`lgsp.${system}.v1.changed.acknowledge`, {
    callback: (_error, message) => void take(message),
  });
  return { left, early, stop: () => [feed, acknowledge].forEach((each) => each.unsubscribe()) };
}

it('acknowledges no change of a list before it is durable, and forgets none, wherever the reader is killed', async () => {
  for (let steps = 1, whole = false; !whole; steps++) {
    const system = `list-${steps}`;
    const tokens = ['a', 'b', 'c', 'd', 'e'];
    const kept = async (): Promise<Set<string>> => {
      const found = new Set<string>();
      const stop = new AbortController();
      const { last } = await progress.state();
      await progress.append(seen(system, 'mark', 0, { reference: `mark-${randomUUID()}` }));
      for await (const { sequence, observation } of progress.follow(system, 0, stop.signal)) {
        if (sequence > last) break;
        found.add(observation.reference);
      }
      return found;
    };
    const list = await listOf(system, tokens, kept);
    const declared: Declared = {
      system,
      subject: `lgsp.${system}.v1.changed.feed`,
      timeoutMs: 5_000,
      feed: { everyMs: 1_000, pageMax: 2 },
    };
    const read = async (life: Mortal): Promise<void> => {
      const poller = new Poller({
        system,
        client: life.of(new BusClient(connection), 'call'),
        progress: life.of(progress, 'append'),
        items: await itemsOf(life),
        hold: new SystemHold(undefined),
        rate: new RateGate(10_000),
        log,
        metrics,
      });
      while (!life.isDead && (await poller.read(declared))) continue;
    };
    const life = new Mortal(steps);
    await read(life).catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
    whole = !life.isDead;
    while (list.left.size > 0) await read(new Mortal());
    const found = await kept();
    expect({ steps, early: list.early, missing: tokens.filter((token) => !found.has(token)) }).toEqual({
      steps,
      early: [],
      missing: [],
    });
    list.stop();
    if (whole) expect(steps).toBeGreaterThan(10);
  }
}, 60_000);

it('begins to follow every command that took effect once, wherever the reader of records is killed', async () => {
  const [recorder, ledger, commands, leases, waiting] = await Promise.all([
    Recorder.open(connection, 'gateway', log, metrics),
    openLedgerStream(connection),
    openCommandStore(connection),
    Leases.open(connection, 10_000),
    openWaitingItems(connection),
  ]);
  const terms = { firstMs: 1_000, mostMs: 1_000, overdueMs: 10_000, ageMaxMs: 10_000 };
  const declared = { followOf: () => terms, of: () => ({}) } as unknown as DeclaredTerms;
  for (let steps = 1, whole = false; !whole; steps++) {
    const system = `records-${steps}`;
    const ids = Array.from({ length: 4 }, () => newTransactionId());
    for (const id of ids)
      await recorder.record(
        sampleRecord({ id, system, operation: 'create', kind: 'command', receivedAt: Date.now() }),
        Date.now() + 10_000,
      );
    const { last } = await ledger.state();
    const follow = async (life: Mortal): Promise<void> => {
      const items = await itemsOf(life);
      const store = life.of(positions, 'put');
      const lease = leases.of(`records-${steps}-${randomUUID()}`);
      const queue = life.of(waiting, 'put', 'remove');
      const room = new FollowingRoom({ items, waiting: queue, itemsMax: 2, log });
      const intake = new RecordIntake({ ledger, commands, positions: store, declared, room, lease, log });
      intake.start();
      for (const until = Date.now() + 20_000; Date.now() < until && !life.isDead;) {
        if (((await positions.get('records'))?.value.sequence ?? 0) >= last) break;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      await intake.stop();
    };
    const life = new Mortal(steps);
    await follow(life);
    whole = !life.isDead;
    if (!whole) await follow(new Mortal());
    const found = [...(await followed.all(`${system}.*`)).values()].map(({ transactionId }) => transactionId);
    expect(found.toSorted()).toEqual(ids.slice(0, 2).toSorted());
    // What has no room waits, and each once.
    const still: string[] = [];
    for (let next = await waiting.oldest(waitingSubject(system)); next;) {
      still.push((JSON.parse(Buffer.from(next.data).toString()) as FollowedItem).transactionId);
      next = await waiting.oldest(waitingSubject(system), next.sequence + 1);
    }
    expect(still).toEqual(ids.slice(2));
  }
  await recorder.stop();
}, 60_000);
