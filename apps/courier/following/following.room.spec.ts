import type { BusConnection, DurableQueue, KeyValueStore } from '#lgsp/bus';
import { startNats, type TestNats } from '#lgsp/bus/testing';
import { openFollowed, openWaitingItems, type FollowedItem } from '#lgsp/progress';
import { createLogger } from '#lgsp/telemetry';
import { Killed, Mortal } from '../testing/mortal';
import { FollowedItems } from './followed.items';
import { FollowingRoom } from './following.room';

const lines: string[] = [];
const log = createLogger({ app: 'test', level: 'info', destination: { write: (line) => void lines.push(line) } });
const itemsMax = 3;
const { signal } = new AbortController();
let nats: TestNats;
let connection: BusConnection;
let store: KeyValueStore<FollowedItem>;
let waiting: DurableQueue;

beforeAll(async () => {
  nats = await startNats();
  connection = await nats.connect();
  [store, waiting] = await Promise.all([openFollowed(connection), openWaitingItems(connection)]);
});
afterAll(() => nats.stop());

const itemOf = (system: string, nth: number): FollowedItem => ({
  transactionId: `transaction-${String(nth).padStart(2, '0')}`,
  client: 'one-stop',
  idempotencyKey: `key-${nth}`,
  system,
  operation: 'send-parcel',
  subject: `lgsp.${system}.v1.send-parcel`,
  since: nth,
  asked: 0,
  failures: 0,
  nextAt: 0,
  pauseMs: 1_000,
});

async function open(life = new Mortal()): Promise<{ items: FollowedItems; room: FollowingRoom }> {
  const items = new FollowedItems(life.of(store, 'create', 'update', 'delete'), () => undefined);
  await items.start();
  const room = new FollowingRoom({ items, waiting: life.of(waiting, 'put', 'remove'), itemsMax, log });
  await room.fill(signal);
  return { items, room };
}

const numbersOf = (items: FollowedItems, system: string): number[] =>
  items
    .of(system)
    .map(({ since }) => since)
    .toSorted((a, b) => a - b);
const end = (items: FollowedItems, system: string, nth: number, ended: 'final' | 'too-old' = 'final', endedAt = nth) =>
  items.change(itemOf(system, nth), (item) => ({ ...item, ended, endedAt }));

it('lets what has no room wait on the bus, and in as others end, the oldest first; other systems do not wait', async () => {
  const { items, room } = await open();
  for (let nth = 1; nth <= 8; nth++) await room.take(itemOf('parcels', nth));
  await room.take(itemOf('letters', 1));
  expect([numbersOf(items, 'parcels'), numbersOf(items, 'letters')]).toEqual([[1, 2, 3], [1]]);
  expect(await room.count()).toEqual(new Map([['parcels', 5]]));
  expect(lines.filter((line) => line.includes('what comes now waits'))).toHaveLength(1);
  await room.fill(signal);
  expect(numbersOf(items, 'parcels')).toEqual([1, 2, 3]);
  await end(items, 'parcels', 2);
  await room.fill(signal);
  expect(numbersOf(items, 'parcels')).toEqual([1, 3, 4]);
  await items.remove(itemOf('parcels', 1));
  // It came later than those that wait.
  await room.take(itemOf('parcels', 9));
  expect(numbersOf(items, 'parcels')).toEqual([3, 4]);
  for (const nth of [3, 4]) await end(items, 'parcels', nth);
  await room.fill(signal);
  expect(numbersOf(items, 'parcels')).toEqual([5, 6, 7]);
  for (const nth of [5, 6]) await end(items, 'parcels', nth);
  await room.fill(signal);
  expect(numbersOf(items, 'parcels')).toEqual([7, 8, 9]);
  expect(await room.count()).toEqual(new Map());
  expect(lines.filter((line) => line.includes('followed again'))).toHaveLength(1);
  await room.take(itemOf('parcels', 10));
  expect(await room.count()).toEqual(new Map([['parcels', 1]]));
});

it('says from when on something is followed: not while it waits', async () => {
  const { items, room } = await open();
  for (let nth = 1; nth <= 4; nth++) await room.take(itemOf('bags', nth));
  const followedAt = (nth: number) => items.find('bags', '', itemOf('bags', nth).transactionId)[0]!.followedAt!;
  const before = Date.now();
  expect(followedAt(3)).toBeLessThanOrEqual(before);
  await end(items, 'bags', 1);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await room.fill(signal);
  expect(followedAt(4)).toBeGreaterThan(before);
});

it('gives the place of what ended for good before that of what nobody asks about any more', async () => {
  const { items, room } = await open();
  for (let nth = 1; nth <= 3; nth++) await room.take(itemOf('posts', nth));
  await end(items, 'posts', 1, 'too-old', 1);
  await end(items, 'posts', 2, 'final', 9);
  await end(items, 'posts', 3, 'final', 8);
  const orders: number[][] = [];
  for (const nth of [4, 5, 6, 7]) {
    await room.take(itemOf('posts', nth));
    await room.fill(signal);
    orders.push(numbersOf(items, 'posts'));
  }
  expect(orders).toEqual([
    [1, 2, 4],
    [1, 4, 5],
    [4, 5, 6],
    [4, 5, 6],
  ]);
});

it('begins again where it stood: what waits is known to whoever reads next', async () => {
  const first = await open();
  for (let nth = 1; nth <= 5; nth++) await first.room.take(itemOf('boxes', nth));
  const { items, room } = await open();
  await items.remove(itemOf('boxes', 1));
  await room.take(itemOf('boxes', 6));
  expect(numbersOf(items, 'boxes')).toEqual([2, 3]);
  await room.fill(signal);
  expect(numbersOf(items, 'boxes')).toEqual([2, 3, 4]);
  expect((await room.count()).get('boxes')).toBe(2);
});

it('forgets nothing and follows nothing twice, wherever it is killed', async () => {
  for (let steps = 1, whole = false; !whole; steps++) {
    const system = `killed-${steps}`;
    let taken = 0;
    const live = async (life: Mortal): Promise<void> => {
      const { items, room } = await open(life);
      for (; taken < 5; taken++) await room.take(itemOf(system, taken + 1));
      for (const nth of [1, 2]) if (items.has(itemOf(system, nth))) await end(items, system, nth);
      await room.fill(signal);
    };
    const life = new Mortal(steps);
    whole = await live(life).then(
      () => true,
      (error: unknown) => {
        if (error instanceof Killed) return false;
        throw error;
      },
    );
    if (!whole) await live(new Mortal());
    const { items, room } = await open();
    const waits = (await room.count()).get(system) ?? 0;
    expect({ steps, numbers: numbersOf(items, system), waits }).toEqual({ steps, numbers: [3, 4, 5], waits: 0 });
    if (whole) expect(steps).toBeGreaterThan(10);
  }
}, 60_000);
