import { setTimeout as pause } from 'node:timers/promises';
import { startNats, type TestNats } from './testing';
import { DurableQueue, type BusConnection, type Delivery, type DurableQueueOptions, type QueueReader } from '.';

let nats: TestNats;
let connection: BusConnection;
let queue: DurableQueue;
let ids = 0;

const options: DurableQueueOptions = {
  stream: 'WORK',
  subject: 'work.>',
  description: 'work of a test',
  until: 'done',
  messagesMax: 1_000,
  bytesMax: 10_000_000,
  duplicateMs: 60_000,
};

beforeAll(async () => {
  nats = await startNats();
  connection = await nats.connect();
  queue = await DurableQueue.open(connection, options);
});
afterAll(() => nats.stop());

const put = (subject: string, text: string, id = `id-${++ids}`): Promise<number> =>
  queue.put(subject, Buffer.from(text), { id, headers: { 'X-Word': text } });
const open = (name: string, change: object = {}): Promise<QueueReader> =>
  queue.reader({ name, subject: `work.${name}.>`, redeliverMs: 2_000, pendingMax: 10, ...change });
const textOf = (delivery: Delivery | undefined): string | undefined =>
  delivery && Buffer.from(delivery.data).toString('utf8');

it('hands out messages in order, each until it is done', async () => {
  const reader = await open('order');
  const places = [await put('work.order.a', 'one'), await put('work.order.b', 'two')];
  const first = await reader.next(1_000);
  expect(textOf(first)).toBe('one');
  expect(first).toMatchObject({ sequence: places[0], subject: 'work.order.a' });
  expect(first!.header('X-Word')).toBe('one');
  expect(Math.abs(first!.at - Date.now())).toBeLessThan(60_000);
  first!.done();
  const second = await reader.next(1_000);
  expect(textOf(second)).toBe('two');
  second!.done();
  expect(await reader.next(200)).toBeUndefined();
  expect(await reader.backlog()).toEqual({ waiting: 0, pending: 0 });
});

it('brings a message back after the pause that was asked for, and not before; others come meanwhile', async () => {
  const reader = await open('later');
  await put('work.later.a', 'again');
  await put('work.later.b', 'other');
  const startedAt = Date.now();
  (await reader.next(1_000))!.later(1_200);
  const other = await reader.next(1_000);
  expect(textOf(other)).toBe('other');
  other!.done();
  const again = await reader.next(5_000);
  expect(textOf(again)).toBe('again');
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(1_150);
  again!.done();
});

it('brings back what its reader never spoke of, and keeps what is still worked on', async () => {
  const reader = await open('silent');
  await put('work.silent.a', 'one');
  const first = await reader.next(1_000);
  const working = setInterval(() => first!.working(), 500);
  expect(await reader.next(3_500)).toBeUndefined();
  clearInterval(working);
  const again = await reader.next(8_000);
  expect(textOf(again)).toBe('one');
  again!.done();
}, 30_000);

it('hands out no more than may be pending', async () => {
  const reader = await open('few', { pendingMax: 2 });
  for (const text of ['one', 'two', 'three']) await put('work.few.a', text);
  const [one] = [await reader.next(1_000), await reader.next(1_000)];
  expect(await reader.next(300)).toBeUndefined();
  expect(await reader.backlog()).toEqual({ waiting: 1, pending: 2 });
  one!.done();
  expect(textOf(await reader.next(2_000))).toBe('three');
});

it('knows a message that is put again, finds the oldest of a subject, and lets one be taken out', async () => {
  const place = await put('work.look.a', 'one', 'same');
  expect(await put('work.look.a', 'one', 'same')).toBe(place);
  const later = await put('work.look.a', 'two');
  expect((await queue.oldest('work.look.*'))!.sequence).toBe(place);
  expect((await queue.oldest('work.look.a', place + 1))!.sequence).toBe(later);
  expect(await queue.oldest('work.look.b')).toBeUndefined();
  expect((await queue.at(place))!.header('X-Word')).toBe('one');
  expect(await queue.remove(place)).toBe(true);
  expect(await queue.remove(place)).toBe(false);
  expect(await queue.at(place)).toBeUndefined();
  expect((await queue.oldest('work.look.a'))!.sequence).toBe(later);
});

it('takes nothing more when it is full, and says so', async () => {
  const full = await DurableQueue.open(connection, { ...options, stream: 'SMALL', subject: 'small.>', messagesMax: 1 });
  const one = (id: string): Promise<number> => full.put('small.a', Buffer.from('x'), { id });
  await one('first');
  await expect(one('second')).rejects.toMatchObject({ code: 'overloaded' });
});

it('loses nothing when the server is killed, and reads on by the same reader', async () => {
  const reader = await open('crash');
  for (let nth = 0; nth < 5; nth++) await put('work.crash.a', `text ${nth}`);
  (await reader.next(1_000))!.done();
  await reader.next(1_000); // In hand when the server dies: it comes back.
  await nats.crash();
  const lost = reader.next(1_000).catch((error: { code: string }) => error.code);
  expect([undefined, 'bus-unavailable']).toContain(await lost);
  await nats.restart();
  const read = new Set<string>();
  const deadline = Date.now() + 20_000;
  while (read.size < 4 && Date.now() < deadline) {
    const delivery = await reader.next(1_000).catch(() => pause(100, undefined));
    if (!delivery) continue;
    read.add(textOf(delivery)!);
    delivery.done();
  }
  expect([...read].toSorted()).toEqual(['text 1', 'text 2', 'text 3', 'text 4']);
}, 40_000);
