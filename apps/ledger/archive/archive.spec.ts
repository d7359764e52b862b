import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { loadConfig } from '#lgsp/config';
import { BusError } from '#lgsp/errors';
import { bookSubjects, transactionIdAt, type TransactionPage, type TransactionRecord } from '#lgsp/records';
import { createLogger } from '#lgsp/telemetry';
import { LedgerConfig } from '../ledger.config';
import { runLedgerTask } from '../ledger.tasks';
import { databaseKinds, LedgerHarness, until } from '../testing/ledger.harness';
import { tellBook } from '../testing/naive.book';
import { sampleIntent, sampleRecord } from '../testing/sample.records';
import type { TestRecorder } from '../testing/test.recorder';

const silent = createLogger({ app: 'test', level: 'silent' });

describe.each(databaseKinds)('old months of a book on %s', (kind) => {
  const harness = new LedgerHarness(kind);
  let recorder: TestRecorder;
  const file = join(harness.folder, 'archive', 'transactions-2021-03.jsonl.gz');

  beforeAll(async () => {
    await harness.start();
    recorder = await harness.recorder();
  }, 60_000);
  afterAll(() => harness.stop());

  const at = (time: string, nth: number): string => {
    const random = Buffer.alloc(8);
    random.writeUInt32BE(nth, 4);
    return transactionIdAt(Date.parse(time), 0, random);
  };
  const task = async (name: string, ...args: string[]): Promise<void> => {
    await harness.stopLedger();
    try {
      await runLedgerTask(name, args, loadConfig(LedgerConfig, harness.environment()), silent);
    } finally {
      await harness.startLedger();
    }
  };
  const tell = () => tellBook(harness.ledger.database);
  const counts = async () => ({ ...(await tell()), rows: [] });
  const monthsOf = async (table: string) =>
    (await harness.rows<{ month: string }>(`select month from ${table} where month < '2022-01-01' order by month`)).map(
      ({ month }) => month,
    );
  const search = (id: string) => harness.rows('select id from transactions where id = $1', [id]);
  const refusal = async (subject: string, id: string): Promise<string> => {
    const error = await harness.ask(subject, { id }).then(
      () => new Error('it was found'),
      (refused: unknown) => BusError.from(refused),
    );
    return error instanceof BusError && error.code === 'unknown-transaction' ? error.message : String(error);
  };
  const archivedIn = async (question: object) =>
    (await harness.ask<TransactionPage>(bookSubjects.transactions, question)).archivedMonths;

  it('are put into files that hold every row, and what was counted of them stays', async () => {
    const march = Array.from({ length: 7_000 }, (_, nth) =>
      sampleRecord({ id: at('2021-03-10T08:00:00+07:00', nth), dossier: nth % 2 ? undefined : `"${nth}" \\ ß` }),
    );
    const april = sampleRecord({ id: at('2021-04-01T00:00:00+07:00', 1) });
    const open = sampleIntent({ id: at('2021-05-01T00:00:00+07:00', 1), deadline: Date.now() + 3_600_000 });
    for (let nth = 0; nth < march.length; nth += 1_000) await recorder.append(...march.slice(nth, nth + 1_000));
    await harness.applied(await recorder.append(april, open, sampleRecord()));
    const [before, sums] = [await tell(), await counts()];
    await task('archive');
    expect(await monthsOf('archived_months')).toEqual([]); // They have changed just now.
    await harness.rows("update months set changed_at = now() - interval '8 days'");
    await task('archive');
    expect(await monthsOf('archived_months')).toEqual(['2021-03-01', '2021-04-01']);
    expect(await monthsOf('months')).toEqual(['2021-05-01']); // Something of it is open.
    expect(await counts()).toEqual(sums);
    expect(await refusal(bookSubjects.transaction, march[0]!.id)).toMatch(/transactions of 2021-03 are archived/);
    expect(await refusal(bookSubjects.receipt, march[0]!.id)).toMatch(/transactions of 2021-03 are archived/);
    expect(await refusal(bookSubjects.transaction, at('2021-06-01T00:00:00+07:00', 1))).toBe(
      'There is no such transaction',
    );
    expect(await archivedIn({})).toEqual(['2021-03', '2021-04']);
    expect(await archivedIn({ from: '2021-03-31', to: '2021-03-31' })).toEqual(['2021-03']);
    expect(await archivedIn({ from: '2021-05-01' })).toBeUndefined();
    const [head, ...lines] = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n');
    expect(JSON.parse(head!)).toEqual({ v: 1, kind: 'lgsp-archived-month', month: '2021-03', transactions: 7_000 });
    expect(lines.map((line) => (JSON.parse(line) as TransactionRecord).id)).toEqual(
      march.map(({ id }) => id).toSorted(),
    );
    expect(before['rows']).toHaveLength(7_003);
  }, 60_000);

  it('take nothing more in: what comes late is noted', async () => {
    const late = sampleRecord({ id: at('2021-03-31T23:59:59.999+07:00', 9) });
    const sequence = await recorder.append(late, sampleRecord());
    await harness.applied(sequence);
    expect(await search(late.id)).toEqual([]);
    const faults = await harness.rows('select fault, uncounted from evidence_faults where sequence = $1', [sequence]);
    expect(faults).toEqual([{ fault: 'archived-month', uncounted: 1 }]);
  });

  it('stay archived when the book is made anew, which then says the same', async () => {
    await harness.rows(`insert into frozen_months values ('2021-03-01', 'production', now(), 'a tester')`);
    await harness.rows(`insert into frozen_month select * from rollup_month where month = '2021-03-01'`);
    const [before, faults] = [await tell(), await harness.rows('select * from evidence_faults order by sequence')];
    await task('rebuild');
    await until(async () => (await harness.rows('select sequence from applied')).length === 1);
    expect(await tell()).toEqual(before);
    expect(await monthsOf('archived_months')).toEqual(['2021-03-01', '2021-04-01']);
    expect(await harness.rows('select count from frozen_month')).toEqual([{ count: 7_000 }]);
    const again = await harness.rows('select * from evidence_faults order by sequence');
    expect(again.map((fault) => ({ ...fault, found_at: 0 }))).toEqual(
      faults.map((fault) => ({ ...fault, found_at: 0 })),
    );
    const schemas = await harness.rows(`select nspname from pg_namespace where nspname like 'book%'`);
    expect(schemas).toEqual([{ nspname: 'book' }]);
  }, 60_000);

  it('are brought back whole, from their own file only', async () => {
    const copy = join(harness.folder, 'copy.gz');
    copyFileSync(join(harness.folder, 'archive', 'transactions-2021-04.jsonl.gz'), copy);
    await expect(task('restore', '2021-03', copy)).rejects.toThrow(/not the file/);
    expect(await monthsOf('archived_months')).toEqual(['2021-03-01', '2021-04-01']);
    const sums = await counts();
    await task('restore', '2021-03');
    expect(await monthsOf('archived_months')).toEqual(['2021-04-01']);
    const [{ count } = {}] = await harness.rows(`select count(*) from transactions_2021_03`);
    expect(count).toBe(7_000);
    expect(await counts()).toEqual(sums);
    await task('archive'); // Brought back just now, it stays for a while.
    expect(await monthsOf('months')).toEqual(['2021-03-01', '2021-05-01']);
  }, 60_000);

  it('are as they were after they were brought back', async () => {
    await harness.rows("update months set changed_at = now() - interval '8 days'");
    const before = await harness.rows('select * from transactions_2021_03 order by id');
    await task('archive');
    expect(existsSync(file)).toBe(true);
    await task('restore', '2021-03');
    expect(await harness.rows('select * from transactions_2021_03 order by id')).toEqual(before);
  }, 60_000);

  it('are no affair of a task that there is not, nor of one while a ledger writes', async () => {
    await expect(task('destroy')).rejects.toThrow('no task "destroy"');
    await until(() => harness.ledger.applier.isWriter);
    const config = loadConfig(LedgerConfig, harness.environment());
    await expect(runLedgerTask('archive', [], config, silent)).rejects.toThrow(/stop it first|has .* open/);
  }, 60_000);
});
