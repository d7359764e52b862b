import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BusClient, type BusConnection } from '#lgsp/bus';
import { EventLog } from '#lgsp/events';
import { DeadLetters, openJobMessages } from '#lgsp/jobs';
import { bookSubjects, type TransactionPage, type TransactionView } from '#lgsp/records';
import { civilRegistry } from '../../apps/civil-registry/civil-registry.connector';
import { until } from '../../apps/gateway/testing/gateway.harness';
import type { Fault } from '../../apps/sandbox/faults';
import { TestBus } from '../e2e/test.bus';

/** So many births, so long the registry is down (in milliseconds), and so much is killed under each of its faults. */
const full = { births: 5_000, downMs: 60_000, killsPerFault: 6 };
/** `npm run chaos -- courier` does all of it. */
const { births, downMs, killsPerFault } =
  process.env['LGSP_CHAOS'] === 'full' ? full : { births: 120, downMs: 3_000, killsPerFault: 2 };
const callersAtOnce = 16;
const withinMs = births * 100 + downMs * 3 + 120_000;

const bus = new TestBus();
const folder = mkdtempSync(join(tmpdir(), 'lgsp-courier-chaos-'));
const jobKey = { LGSP_JOB_KEY: randomBytes(32).toString('base64url') };
const courier = {
  ...jobKey,
  LGSP_COURIER_LEASE_MS: '2000',
  LGSP_COURIER_RETRY_MS: '200',
  LGSP_COURIER_RETRY_MS_MAX: '3000',
  LGSP_COURIER_PER_SECOND: '400',
  LGSP_COURIER_IN_FLIGHT_MAX: '16',
};
let connection: BusConnection;

beforeAll(async () => {
  await bus.start();
  await bus.run('sandbox', 'sandbox', { LGSP_SANDBOX_PORT: '0', LGSP_SANDBOX_SECRET: 'invented for this test' });
  await bus.run('ledger', 'ledger', { LGSP_LEDGER_DIR: folder, LGSP_LEDGER_SETTLE_MS: '3000' });
  await Promise.all([
    bus.run('civil-registry', 'civil-registry', {
      ...bus.upstreams.get('civil-registry'),
      LGSP_UPSTREAM_PAUSE_MS: '1000',
    }),
    bus.run('one', 'gateway', jobKey),
    bus.run('two', 'gateway', jobKey),
    bus.run('courier-one', 'courier', courier),
    bus.run('courier-two', 'courier', courier),
  ]);
  connection = await bus.nats.connect('observer');
}, 240_000);
afterAll(async () => {
  await bus.stop();
  rmSync(folder, { recursive: true, force: true });
});

const dossierOf = (nth: number): string => `H24.11-261101-${String(nth).padStart(7, '0')}`;

/** Hands a birth in, under its key, until it is accepted or was so before. */
async function handIn(nth: number): Promise<string> {
  for (;;) {
    const answer = await bus
      .call(
        nth % 2 ? 'one' : 'two',
        'civil-registry/register-birth',
        civilRegistry.operations.registerBirth.example.input,
        {
          prefer: 'respond-async',
          'idempotency-key': `birth-${nth}`,
          'lgsp-agency': 'H24.11',
          'lgsp-officer': 'canbo.mau',
          'lgsp-dossier': dossierOf(nth),
        },
      )
      .catch(() => undefined); // The gateway was killed: nobody knows what it did, and the caller asks again.
    if (answer?.status === 202 || answer?.status === 200) return answer.headers.get('lgsp-transaction-id')!;
    await pause(150);
  }
}

async function handInAll(): Promise<Map<string, number>> {
  const accepted = new Map<string, number>();
  let next = 0;
  const work = async (): Promise<void> => {
    for (let nth = next++; nth < births; nth = next++) accepted.set(await handIn(nth), nth);
  };
  await Promise.all(Array.from({ length: callersAtOnce }, work));
  return accepted;
}

async function order(fault: Fault | undefined): Promise<void> {
  const response = await fetch(`${bus.urls.get('sandbox')}/faults/civil-registry`, {
    method: fault ? 'PUT' : 'DELETE',
    headers: fault ? { 'content-type': 'application/json' } : {},
    body: fault && JSON.stringify(fault),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`the sandbox answered ${response.status}: ${await response.text()}`);
}

const restart = async (name: string): Promise<void> => {
  await bus.kill(name);
  await pause(300);
  await bus.again(name);
};

/** The registry goes through its faults while everything is killed, at random; ends with everything there again. */
async function chaos(signal: AbortSignal): Promise<void> {
  const kills = [
    () => restart('courier-one'),
    () => restart('one'),
    () => restart('civil-registry'),
    () => restart('courier-two'),
    () => restart('two'),
    async () => {
      await bus.nats.crash();
      await pause(500);
      await bus.nats.restart();
    },
  ];
  const faults: [Fault, number][] = [
    [{ kind: 'lost-reply', probability: 0.3, path: 'nhanHoSo' }, 0],
    [{ kind: 'throttled', probability: 0.5 }, 0],
    [{ kind: 'down' }, downMs],
    [{ kind: 'lost-reply', probability: 0.1 }, 0],
  ];
  for (let round = 0; round < faults.length || !signal.aborted; round++) {
    const [fault, lasts] = faults[round % faults.length]!;
    if (round >= faults.length && fault.kind === 'down') continue;
    await order(fault);
    const endsAt = Date.now() + lasts;
    for (const kill of shuffled(kills).slice(0, killsPerFault)) await kill().then(() => pause(400));
    await pause(Math.max(0, endsAt - Date.now()));
    await order(undefined);
    await pause(500);
  }
}

function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((item) => [Math.random(), item] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, item]) => item);
}

async function effects(): Promise<{ kind: string; key: string; count: number }[]> {
  const response = await fetch(`${bus.urls.get('sandbox')}/effects/civil-registry`, {
    signal: AbortSignal.timeout(20_000),
  });
  return (await response.json()) as { kind: string; key: string; count: number }[];
}

async function transactions(): Promise<TransactionView[]> {
  const client = new BusClient(connection);
  const all: TransactionView[] = [];
  for (let cursor: string | undefined; ;) {
    const question = { limit: 500, ...(cursor ? { cursor } : {}) };
    const page = await client.call<TransactionPage>(bookSubjects.transactions, question, Date.now() + 20_000);
    all.push(...page.transactions);
    if (!page.cursor) return all;
    cursor = page.cursor;
  }
}

it(
  `registers ${births} births each exactly once, tells of each, and forgets none, whatever is killed and however the registry fails`,
  async () => {
    const done = new AbortController();
    const killing = chaos(done.signal);
    const accepted = await handInAll();
    expect(accepted.size).toBe(births);
    done.abort();
    await killing;
    const jobs = await openJobMessages(connection);
    await until(async () => (await jobs.size().catch(() => 1)) === 0, withinMs);

    const registered = await effects();
    expect(registered.filter(({ count }) => count !== 1)).toEqual([]);
    expect(new Set(registered.map(({ key }) => key)).size).toBe(births);
    expect(await (await DeadLetters.open(connection)).list({ limit: 10 })).toEqual([]);

    // Told again after a crash it has the same id. What goes on at the registry is told as well, once it was asked.
    const told = new Map<string, Map<string, string>>();
    for await (const { event } of (await EventLog.open(connection)).read('tester'))
      if (event.type.startsWith('transaction.'))
        told.set(event.transactionId!, (told.get(event.transactionId!) ?? new Map()).set(event.id, event.type));
    const ends = (id: string): string => [...(told.get(id)?.values() ?? [])].join();
    expect([...accepted.keys()].filter((id) => ends(id) !== 'transaction.succeeded')).toEqual([]);

    let booked: TransactionView[] = [];
    await until(async () => {
      booked = await transactions();
      return booked.length >= births && booked.every(({ final }) => final);
    }, 60_000);
    expect(booked).toHaveLength(births);
    expect(booked.filter(({ outcome }) => outcome !== 'succeeded')).toEqual([]);
    expect(new Set(booked.map(({ id }) => id))).toEqual(new Set(accepted.keys()));
  },
  withinMs + 300_000,
);
