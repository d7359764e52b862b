import { DurableLog, type BusConnection, type LogEntry } from '.';
import { startNats, type TestNats } from './testing';

const options = { stream: 'NOTES', subject: 'lgsp.notes.>', description: 'a log of the test' };
const subject = 'lgsp.notes.a';
const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = ({ data }: LogEntry): string => Buffer.from(data).toString('utf8');

let nats: TestNats;
let connection: BusConnection;
let log: DurableLog;

beforeEach(async () => {
  nats = await startNats();
  connection = await nats.connect();
  log = await DurableLog.open(connection, options);
});
afterEach(() => nats.stop());

async function append(count: number, size = 1): Promise<void> {
  for (let nth = 1; nth <= count; nth++) await log.append(subject, bytes(`${nth}`.padEnd(size)));
}

/** Follows until so many entries came, or the log has ended. */
async function follow(after: number, count: number, each?: (entry: LogEntry) => Promise<void>): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  const stop = new AbortController();
  for await (const entry of log.follow(options.subject, after, stop.signal, 10_000)) {
    entries.push(entry);
    await each?.(entry);
    if (entries.length === count) stop.abort();
  }
  return entries;
}

it('gives what is there after a position, and then what is added', async () => {
  await append(25);
  const followed = follow(20, 7);
  await log.append(subject, bytes('new'));
  await log.append('lgsp.notes.b', bytes('newer'));
  expect((await followed).map(({ sequence }) => sequence)).toEqual([21, 22, 23, 24, 25, 26, 27]);
});

it('fetches no more ahead of a slow reader than it was told', async () => {
  await append(200, 900);
  let received = 0;
  await follow(0, 3, async ({ sequence }) => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (sequence === 1) received = connection.nats.stats().inMsgs;
    else expect(connection.nats.stats().inMsgs - received).toBeLessThanOrEqual(10);
  });
});

it('misses nothing and repeats nothing when NATS is killed meanwhile, again and again', async () => {
  await append(60);
  const entries = await follow(0, 61, async ({ sequence }) => {
    if (sequence % 20 !== 0) return;
    await nats.crash();
    await nats.restart();
    if (sequence === 60) await until(async () => (await log.append(subject, bytes('61'))) > 0);
  });
  expect(entries.map(text)).toEqual(Array.from({ length: 61 }, (_, nth) => String(nth + 1)));
}, 60_000);

it('ends with an error when the stream is gone', async () => {
  await append(1);
  const followed = follow(0, 2, async () => {
    await (await connection.nats.jetstreamManager()).streams.delete(options.stream);
  });
  await expect(followed).rejects.toMatchObject({ code: 'bus-unavailable' });
}, 60_000);

it('ends when it is told to while it waits', async () => {
  const stop = new AbortController();
  const ended = log.follow(options.subject, 0, stop.signal).next();
  setTimeout(() => stop.abort(), 100);
  expect(await ended).toMatchObject({ done: true });
});

async function until(succeeds: () => Promise<boolean>, withinMs = 20_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      if (await succeeds()) return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
