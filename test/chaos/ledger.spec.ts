import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BusClient } from '#lgsp/bus';
import { bookSubjects, type TransactionPage, type TransactionView } from '#lgsp/records';
import { reconcile, type Reconciliation } from '../../apps/cli/reconcile/reconcile';
import { until } from '../../apps/gateway/testing/gateway.harness';
import { databaseKinds, type DatabaseKind } from '../../apps/ledger/testing/ledger.harness';
import { TestPostgres } from '../../apps/ledger/testing/postgres';
import { TestBus } from '../e2e/test.bus';
import { Callers, type Told } from './callers';
import { closingTable } from './closing.table';

/** Once for each in CI; `npm run chaos -- ledger` does it twenty times, or as often as it is told, and shows how it goes. */
const isFull = process.env['LGSP_CHAOS'] === 'full';
const rounds = isFull ? Number(process.env['LGSP_CHAOS_ROUNDS'] ?? 20) : 1;
const callers = 12;
/** How long a round lets the load run before and after the kill. */
const roundMs = isFull ? 1_200 : 500;
const settleMs = 3_000;
const finalWithinMs = 180_000;
const judgeMs = 60_000;

const systems = ['population', 'civil-registry', 'payment'] as const;
const open = new Set(['accepted', 'unknown']);

const say = (line: string): void => void (isFull && process.stderr.write(`${line}\n`));

interface Victim {
  name: string;
  kill: () => Promise<void>;
  again: () => Promise<void>;
}

describe.each(databaseKinds)('under load, with the ledger on %s, processes are killed with -9 in turn', (kind) => {
  const bus = new TestBus();
  const folder = mkdtempSync(join(tmpdir(), 'lgsp-chaos-'));
  let postgres: TestPostgres | undefined;
  const load = new Callers(bus, ['one', 'two']);

  beforeAll(async () => {
    await bus.start();
    postgres = kind === 'postgresql' ? await TestPostgres.start() : undefined;
    const database: Record<string, string> = postgres
      ? { LGSP_DATABASE_URL: await postgres.database() }
      : { LGSP_LEDGER_DIR: folder };
    await bus.run('sandbox', 'sandbox', { LGSP_SANDBOX_PORT: '0', LGSP_SANDBOX_SECRET: 'invented for this test' });
    await Promise.all([
      bus.run('ledger', 'ledger', { ...database, LGSP_LEDGER_SETTLE_MS: String(settleMs) }),
      ...systems.map((system) => bus.run(system, system, bus.upstreams.get(system))),
      bus.run('one', 'gateway'),
      bus.run('two', 'gateway'),
    ]);
  }, 240_000);
  afterAll(async () => {
    await bus.stop();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    'every answered id is in the book once with the outcome its caller saw, every effect happened once, and the law holds',
    async () => {
      const startedAt = performance.now();
      load.start(callers);
      for (let round = 1; round <= rounds; round++)
        for (const victim of victims(kind)) {
          await strike(victim);
          const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
          say(
            `${kind}, round ${round} of ${rounds}: ${victim.name} was killed; ${load.told.length} calls, ${seconds} s`,
          );
        }
      await load.stop();
      say(`${kind}: waiting until nothing is open`);
      const transactions = await settled();
      expectTold(load.told, transactions);
      const effects = await expectEffects(transactions);
      const law = await judge();
      say(closingTable({ kind, rounds, told: load.told, transactions, effects, law }));
      expect(law.differences).toEqual([]);
      expect(law.figures).toMatchObject({
        stream: transactions.size,
        signed: transactions.size,
        rows: transactions.size,
      });
      expect(law.all).toMatchObject({ counted: transactions.size, metrics: { final: transactions.size, open: 0 } });
    },
    rounds * 120_000 + 400_000,
  );

  /** What is killed in a round, each with a load before and after, and is there again at the end. */
  const victims = (database: DatabaseKind): Victim[] => [
    ...['one', ...systems, 'ledger', 'two'].map((name) => ({
      name: name === 'one' || name === 'two' ? `gateway ${name}` : name,
      kill: () => bus.kill(name),
      again: () => bus.again(name),
    })),
    { name: 'NATS', kill: () => bus.nats.crash(), again: () => bus.nats.restart() },
    { name: 'Redis', kill: () => bus.redis.crash(), again: () => bus.redis.restart() },
    ...(database === 'postgresql'
      ? [{ name: 'PostgreSQL', kill: () => postgres!.crash(), again: () => postgres!.restart() }]
      : []),
  ];

  async function strike({ kill, again }: Victim): Promise<void> {
    await pause(roundMs);
    await kill();
    await pause(roundMs / 2);
    await again();
  }

  /** The counting law, over all there is. */
  async function judge(): Promise<Reconciliation> {
    const client = new BusClient(await bus.nats.connect('judge'));
    return reconcile((subject, question, withinMs = judgeMs) => client.call(subject, question, Date.now() + withinMs), {
      waitMs: judgeMs,
      onProgress: () => undefined,
    });
  }

  /** All transactions by id, once the book has caught up and nothing is open any more. */
  async function settled(): Promise<Map<string, TransactionView>> {
    const client = new BusClient(await bus.nats.connect('reader'));
    let all = new Map<string, TransactionView>();
    await until(async () => {
      all = await everything(client).catch(() => new Map<string, TransactionView>());
      const answered = load.told.filter(({ id }) => id !== undefined);
      return answered.every(({ id }) => all.has(id!)) && [...all.values()].every(({ outcome }) => !open.has(outcome));
    }, finalWithinMs);
    return all;
  }

  async function everything(client: BusClient): Promise<Map<string, TransactionView>> {
    const all = new Map<string, TransactionView>();
    for (let cursor: string | undefined; ;) {
      const question = { limit: 500, ...(cursor ? { cursor } : {}) };
      const page = await client.call<TransactionPage>(bookSubjects.transactions, question, Date.now() + 10_000);
      for (const transaction of page.transactions) {
        expect(all.has(transaction.id)).toBe(false);
        all.set(transaction.id, transaction);
      }
      if (!page.cursor) return all;
      cursor = page.cursor;
    }
  }

  async function expectEffects(transactions: ReadonlyMap<string, TransactionView>): Promise<number> {
    let sum = 0;
    const commands = [...transactions.values()].filter((one) => one.kind === 'command');
    for (const system of ['civil-registry', 'payment']) {
      const response = await fetch(`${bus.urls.get('sandbox')}/effects/${system}`, {
        signal: AbortSignal.timeout(10_000),
      });
      const effects = (await response.json()) as { key: string; count: number }[];
      expect(effects.filter(({ count }) => count !== 1)).toEqual([]);
      const took = commands.filter((one) => one.system === system && one.outcome === 'succeeded');
      expect(took.length).toBe(effects.length);
      expect(took.length).toBeGreaterThan(10);
      sum += effects.length;
    }
    return sum;
  }
});

function expectTold(told: readonly Told[], transactions: ReadonlyMap<string, TransactionView>): void {
  const answered = told.filter(({ id, outcome }) => id !== undefined && outcome !== undefined);
  expect(answered.length).toBeGreaterThan(100);
  const different = answered.filter(({ id, outcome }) => {
    const { outcome: booked } = transactions.get(id!)!;
    // Nobody knew when the caller was told so; it was found out since.
    return outcome === 'unknown' ? open.has(booked) : booked !== outcome;
  });
  expect(different).toEqual([]);
}
