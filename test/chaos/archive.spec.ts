import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { loadConfig } from '#lgsp/config';
import { transactionIdAt } from '#lgsp/records';
import { createLogger } from '#lgsp/telemetry';
import { readMonthFile } from '../../apps/ledger/archive/month.file';
import { LedgerConfig } from '../../apps/ledger/ledger.config';
import type { Database } from '../../apps/ledger/store/database';
import { openDatabase } from '../../apps/ledger/store/open.database';
import { databaseKinds, LedgerHarness, until } from '../../apps/ledger/testing/ledger.harness';
import { sampleRecord } from '../../apps/ledger/testing/sample.records';

/** In CI a few; `npm run chaos -- archive` does many. */
const rounds = process.env['LGSP_CHAOS'] === 'full' ? 40 : 2;
const perMonth = 4_000;
const program = resolve(__dirname, '../../dist/apps/ledger/main.js');
const silent = createLogger({ app: 'test', level: 'silent' });
const months = ['2021-03', '2021-04'] as const;

describe.each(databaseKinds)('months of a book on %s whose archiving and bringing back is killed with -9', (kind) => {
  const harness = new LedgerHarness(kind);
  const files = join(harness.folder, 'archive');
  let whole: unknown;
  let wholeCounts: unknown;

  beforeAll(async () => {
    await harness.start();
    const recorder = await harness.recorder();
    let last = 0;
    for (let nth = 0; nth < perMonth * months.length; nth += 1_000) {
      const at = Date.parse(`${months[Math.floor(nth / perMonth)]}-15T08:00:00+07:00`) + nth;
      last = await recorder.append(
        ...Array.from({ length: 1_000 }, (_, more) =>
          sampleRecord({ id: transactionIdAt(at + more), dossier: `${more}` }),
        ),
      );
    }
    await harness.applied(last);
    await harness.stopLedger();
    await inBook(async (database) => ([whole, wholeCounts] = await tell(database)));
  }, 120_000);
  afterAll(() => harness.stop());

  async function inBook<T>(work: (database: Database) => Promise<T>): Promise<T> {
    const database = await openDatabase(loadConfig(LedgerConfig, harness.environment()), silent);
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  }

  /** Every row as it is, and what is counted. */
  async function tell(database: Database): Promise<[unknown, unknown]> {
    const rows = await database.query(
      `select count(*), md5(string_agg(row_to_json(one)::text, ',' order by id)) from transactions one`,
    );
    const counts = await database.query(
      `select month, outcome, final, sum(count) as count from rollup_month group by month, outcome, final order by 1, 2, 3`,
    );
    return [rows, counts];
  }

  const started = (...args: string[]): ChildProcess =>
    fork(program, args, { env: { PATH: process.env['PATH'], ...harness.environment() }, stdio: 'ignore' });
  const ended = async (child: ChildProcess): Promise<number | null> =>
    ((await once(child, 'exit')) as [number | null])[0];

  /** As a month is that was not touched for a while. */
  const settle = (database: Database) => database.run("update months set changed_at = now() - interval '8 days'");

  /** Every month is either in the database or in the file that the book names, and the counts are what they were. */
  async function expectWhole(database: Database): Promise<void> {
    await until(async () => (await locks(database, `locktype = 'advisory'`)) === 0); // What it had sent is over too.
    const archived = await database.query<{ month: string; file: string; sha256: string; transactions: number }>(
      'select month, file, sha256, transactions from archived_months order by month',
    );
    for (const { file, sha256, transactions } of archived) {
      expect(transactions).toBe(perMonth);
      expect((await readMonthFile(join(files, file))).sha256).toBe(sha256);
    }
    const [{ count } = { count: -1 }] = await database.query<{ count: number }>('select count(*) from transactions');
    expect(count).toBe((months.length - archived.length) * perMonth);
    expect((await tell(database))[1]).toEqual(wholeCounts);
    await settle(database);
  }

  it(
    'are whole after each kill, in the database or in a file, and at the end as they were',
    async () => {
      await inBook(settle);
      const beganAt = performance.now();
      expect(await ended(started('archive'))).toBe(0);
      const wholeMs = performance.now() - beganAt;
      for (let round = 0; round < rounds; round++) {
        const restored = started('restore', months[round % months.length]!);
        await pause(Math.random() * wholeMs);
        restored.kill('SIGKILL');
        if (restored.exitCode === null && restored.signalCode === null) await ended(restored);
        await inBook(expectWhole);
        const archived = started('archive');
        await pause(Math.random() * wholeMs);
        archived.kill('SIGKILL');
        if (archived.exitCode === null && archived.signalCode === null) await ended(archived);
        await inBook(expectWhole);
      }
      await inBook(settle);
      expect(await ended(started('archive'))).toBe(0);
      for (const month of months) expect(await ended(started('restore', month))).toBe(0);
      expect(await inBook(tell)).toEqual([whole, wholeCounts]);
      await inBook(settle);
    },
    60_000 + rounds * 60_000,
  );

  // Somebody else has to hold the table meanwhile: PGlite has one connection.
  if (kind === 'postgresql')
    it('are still in the database when it comes between the file and the dropping of the table', async () => {
      await inBook(async (database) => {
        const child = started('archive');
        await database.transaction(async (reader) => {
          await reader.run('lock table transactions_2021_03 in access share mode');
          await until(async () => (await locks(database, 'not granted')) > 0, 60_000);
          child.kill('SIGKILL');
          await ended(child);
        });
        expect(existsSync(join(files, 'transactions-2021-03.jsonl.gz'))).toBe(true);
        expect(await tell(database)).toEqual([whole, wholeCounts]);
        expect(await ended(started('archive'))).toBe(0);
        expect(await database.query('select count(*) from archived_months')).toEqual([{ count: months.length }]);
        await expectWhole(database);
      });
    }, 120_000);

  const locks = async (database: Database, condition: string): Promise<number> =>
    (await database.query<{ count: number }>(`select count(*) from pg_locks where ${condition}`))[0]!.count;
});
