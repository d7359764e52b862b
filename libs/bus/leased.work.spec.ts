import { setTimeout as pause } from 'node:timers/promises';
import { startNats, type TestNats } from '#lgsp/bus/testing';
import { idle } from './idle';
import { LeasedWork, together } from './leased.work';
import { Leases } from './lease';

let nats: TestNats;
let leases: Leases;

beforeAll(async () => {
  nats = await startNats();
  leases = await Leases.open(await nats.connect(), 10_000);
});
afterAll(() => nats.stop());

/** Works until it is told to end; says what happens. */
function working(name: string, happened: string[], fails = 0) {
  let begun = 0;
  const work = async (signal: AbortSignal): Promise<void> => {
    happened.push(`${name} begins`);
    if (begun++ < fails) throw new Error(name);
    while (!signal.aborted) await idle(1_000, signal);
    happened.push(`${name} ends`);
  };
  const complain = (error: unknown) => void happened.push(`${(error as Error).message} fails`);
  return new LeasedWork(leases.of('work'), work, { pauseMs: 5, complain });
}

async function until(condition: () => boolean): Promise<void> {
  for (const last = Date.now() + 10_000; !condition() && Date.now() < last;) await pause(5);
}

it('is done by one at a time, anew after a failure, and by the next as soon as it was stopped', async () => {
  const happened: string[] = [];
  const [one, other] = [working('one', happened, 2), working('other', happened)];
  one.start();
  await until(() => happened.filter((what) => what === 'one begins').length === 3);
  other.start();
  await pause(50);
  await one.stop();
  await until(() => happened.includes('other begins'));
  await other.stop();
  const failed = ['one begins', 'one fails'];
  expect(happened).toEqual([...failed, ...failed, 'one begins', 'one ends', 'other begins', 'other ends']);
});

it('has all parts end with the first that does, and tells why it failed once all have', async () => {
  const ended: string[] = [];
  const part = (name: string, afterMs: number, how: () => void) => async (signal: AbortSignal) => {
    await idle(afterMs, signal);
    if (signal.aborted) await pause(20);
    ended.push(`${name}${signal.aborted ? ', told to' : ''}`);
    if (!signal.aborted) how();
  };
  const fail = () => {
    throw new Error('the bus is away');
  };
  const { signal } = new AbortController();
  await together(signal, part('quick', 1, Boolean), part('slow', 60_000, Boolean));
  expect(ended.splice(0)).toEqual(['quick', 'slow, told to']);
  await expect(together(signal, part('slow', 60_000, Boolean), part('failing', 1, fail))).rejects.toThrow('away');
  expect(ended.splice(0)).toEqual(['failing', 'slow, told to']);
  await together(AbortSignal.abort(), part('one', 60_000, fail), part('other', 60_000, fail));
  expect(ended).toEqual(['one, told to', 'other, told to']);
});
