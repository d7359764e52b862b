import { setTimeout as pause } from 'node:timers/promises';
import { startNats, type TestNats } from './testing';
import { Leases } from '.';

const lastsMs = 1_500;
let nats: TestNats;
let one: Leases;
let other: Leases;

beforeAll(async () => {
  nats = await startNats();
  one = await Leases.open(await nats.connect('one'), lastsMs);
  other = await Leases.open(await nats.connect('other'), lastsMs);
});
afterAll(() => nats.stop());

it('is held by one only, also long after it would have run out, and by the other once it is released', async () => {
  const [mine, theirs] = [one.of('a'), other.of('a')];
  expect([await mine.take(), await theirs.take()]).toEqual([true, false]);
  await pause(2 * lastsMs + 1_500);
  expect(mine.held).toBe(true);
  expect(await theirs.take()).toBe(false);
  await mine.release();
  expect(mine.held).toBe(false);
  expect(await theirs.take()).toBe(true);
  await theirs.release();
}, 20_000);

it('is taken by one of many at once', async () => {
  const leases = Array.from({ length: 20 }, (_, nth) => (nth % 2 ? one : other).of('rush'));
  const taken = await Promise.all(leases.map((lease) => lease.take()));
  expect(taken.filter(Boolean)).toHaveLength(1);
  await Promise.all(leases.map((lease) => lease.release()));
});

it('ends by itself when the bus is away, and is another’s once the bus is back and its time is over', async () => {
  const mine = one.of('b');
  expect(await mine.take()).toBe(true);
  await nats.crash();
  await pause(lastsMs + 200);
  expect(mine.held).toBe(false);
  await nats.restart();
  const theirs = other.of('b');
  const deadline = Date.now() + 15_000;
  while (!(await theirs.take().catch(() => false)) && Date.now() < deadline) await pause(100);
  expect(theirs.held).toBe(true);
  expect(await mine.take().catch(() => false)).toBe(false);
  await theirs.release();
}, 30_000);

it('is let go of without an error when the bus is away', async () => {
  const mine = one.of('c');
  expect(await mine.take()).toBe(true);
  await nats.crash();
  await mine.release();
  expect(mine.held).toBe(false);
  await nats.restart();
}, 30_000);
