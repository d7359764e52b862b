import { setTimeout as pause } from 'node:timers/promises';
import { BusClient } from '#lgsp/bus';
import { bookSubjects, type TransactionPage } from '#lgsp/records';
import { until } from '../../apps/gateway/testing/gateway.harness';
import { TestPostgres } from '../../apps/ledger/testing/postgres';
import { TestBus } from '../e2e/test.bus';
import { Callers } from './callers';

/** How long PostgreSQL is away: ten minutes with `npm run chaos -- database`, in CI long enough for every retry to be tried. */
const awayMs = process.env['LGSP_CHAOS'] === 'full' ? 600_000 : 12_000;
const callers = 4;
const aroundMs = 2_000;
/** Longer than a busy machine takes, so that only what waits for the database would be late. */
const deadlineMs = 20_000;
const caughtUpMs = 180_000;

const systems = ['population', 'civil-registry', 'payment'] as const;

describe('while the PostgreSQL of the ledger is stopped under load', () => {
  const bus = new TestBus();
  const load = new Callers(bus, ['gateway'], deadlineMs);
  let postgres: TestPostgres;

  beforeAll(async () => {
    await bus.start();
    postgres = await TestPostgres.start();
    await bus.run('sandbox', 'sandbox', { LGSP_SANDBOX_PORT: '0', LGSP_SANDBOX_SECRET: 'invented for this test' });
    await bus.run('ledger', 'ledger', { LGSP_DATABASE_URL: await postgres.database() });
    for (const system of systems) await bus.run(system, system, bus.upstreams.get(system));
    await bus.run('gateway');
  }, 180_000);
  afterAll(async () => {
    await load.stop();
    await bus.stop();
    await postgres.stop();
  });

  /** A metric of the ledger without labels. */
  async function metric(name: string): Promise<number> {
    const response = await fetch(bus.urls.get('ledger/metrics')!, { signal: AbortSignal.timeout(10_000) });
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(await response.text())?.[1]);
  }

  const isCaughtUp = async (): Promise<boolean> =>
    (await metric('lgsp_ledger_writer')) === 1 && (await metric('lgsp_ledger_lag_records')) === 0;

  it(
    'no caller notices, the lag is seen, and afterwards it goes to zero with nothing missing',
    async () => {
      load.start(callers);
      await pause(aroundMs);
      await postgres.crash();
      const toldBefore = load.told.length;
      await until(async () => (await metric('lgsp_ledger_writer')) === 0, 60_000);
      await pause(awayMs);
      expect(load.told.length - toldBefore).toBeGreaterThan(20);
      expect(await metric('lgsp_ledger_lag_records')).toBeGreaterThan(20);
      await postgres.restart();
      await pause(aroundMs);
      await load.stop();
      expect(load.troubles).toEqual([]);
      await until(isCaughtUp, caughtUpMs);
      await expectAllInBook();
    },
    awayMs + caughtUpMs + 300_000,
  );

  /** Every id that a caller was given is in the book, once, as it was told; and nothing else is. */
  async function expectAllInBook(): Promise<void> {
    const client = new BusClient(await bus.nats.connect('reader'));
    const told = new Set(load.told.map(({ id, outcome }) => `${id} ${outcome}`));
    const booked: string[] = [];
    for (let cursor: string | undefined; ;) {
      const question = { limit: 500, ...(cursor ? { cursor } : {}) };
      const page = await client.call<TransactionPage>(bookSubjects.transactions, question, Date.now() + 20_000);
      booked.push(...page.transactions.map(({ id, outcome }) => `${id} ${outcome}`));
      if (!page.cursor) break;
      cursor = page.cursor;
    }
    expect(booked.toSorted()).toEqual([...told].toSorted());
  }
});
