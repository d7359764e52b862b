import { setTimeout as pause } from 'node:timers/promises';
import * as fc from 'fast-check';
import { reconcile, type Reconciliation } from '../../apps/cli/reconcile/reconcile';
import { reconciliationText } from '../../apps/cli/reconcile/reconcile.command';
import { databaseKinds, LedgerHarness } from '../../apps/ledger/testing/ledger.harness';
import { sampleIntent, sampleRecord } from '../../apps/ledger/testing/sample.records';
import type { TestRecorder } from '../../apps/ledger/testing/test.recorder';
import { transactionIdAt, type TransactionRecord } from '#lgsp/records';
import { flipValue, textOf } from './flipped.value';

/** An id of the morning of a day in Vietnam, never the same. */
const idOn = (day: string): string =>
  transactionIdAt(Date.parse(`${day}T08:00:00+07:00`) + ++made, 0, Buffer.alloc(8, made));
let made = 0;
const on = (day: string, change: Partial<TransactionRecord> = {}): TransactionRecord =>
  sampleRecord({ id: idOn(day), ...change });

/** What differs, each as one line. */
const said = ({ differences }: Reconciliation): string[] =>
  differences.map(({ what, time, id, detail }) => [what, time, id, detail].filter(Boolean).join(' '));

interface StoredRow {
  id: string;
  row: Record<string, unknown>;
}

/** The ledger and its database, and whatever somebody does to the one or the other. */
describe.each(databaseKinds)('the counting law over a ledger on %s', (kind) => {
  let harness: LedgerHarness;
  let gateway: TestRecorder;

  async function start(): Promise<void> {
    harness = new LedgerHarness(kind);
    await harness.start();
    gateway = await harness.recorder();
  }
  const stop = (): Promise<void> => harness.stop();

  /**
   * A few days of two months, with a command that was asked after and answered once more, and one under way; a day's last and
   * another's first moment.
   */
  async function record(): Promise<TransactionRecord[]> {
    const command = sampleIntent({ id: idOn('2026-10-31') });
    const outcome = { ...command, step: 'outcome', outcome: 'unknown', answeredAt: command.receivedAt + 900 } as const;
    const records = [
      on('2026-10-30'),
      sampleRecord({ id: transactionIdAt(Date.parse('2026-10-31T00:00:00+07:00') - 1) }),
      sampleRecord({ id: transactionIdAt(Date.parse('2026-10-31T00:00:00+07:00')), agency: undefined }),
      on('2026-11-02', { client: 'city', outcome: 'failed', code: 'upstream-fault', procedure: undefined }),
      // Whoever sent it still waits: the ledger does not ask what became of it yet.
      sampleIntent({ id: idOn('2026-11-02'), deadline: Date.now() + 3_600_000 }),
    ];
    await gateway.append(...records.slice(0, 3), command);
    await gateway.append(outcome);
    const ledger = await harness.recorder('ledger');
    await ledger.append({ ...outcome, outcome: 'succeeded', final: true });
    await gateway.append({ ...outcome, outcome: 'succeeded', final: true });
    await harness.applied(await gateway.append(...records.slice(3)));
    return records;
  }

  async function columnTypes(): Promise<Map<string, string>> {
    const columns = await harness.rows<{ name: string; type: string }>(
      `select attname as name, format_type(atttypid, null) as type from pg_attribute
       where attrelid = 'transactions'::regclass and attnum > 0`,
    );
    return new Map(columns.map(({ name, type }) => [name, type]));
  }

  const days = { from: '2026-10-29', to: '2026-11-05' };
  const law = (period: { from?: string; to?: string } = days, waitMs = 5_000): Promise<Reconciliation> =>
    reconcile((subject, question) => harness.ask(subject, question), {
      ...period,
      waitMs,
      onProgress: () => undefined,
    });

  describe('of which nothing was changed', () => {
    beforeAll(start, 60_000);
    afterAll(stop);

    it('holds, over a period, over a day, over all there is, and over nothing', async () => {
      expect(await law({})).toMatchObject({ differenceCount: 0, figures: { stream: 0, rows: 0 } });
      await record();
      const all = await law({});
      expect(said(all)).toEqual([]);
      const sixfold = { stream: 6, signed: 6, rows: 6, hours: 6, days: 6, monthRows: 6, months: 6 };
      expect(all).toMatchObject({ from: '2026-10-30', to: '2026-11-02', figures: sixfold, meanwhile: 0 });
      expect(all.all).toEqual({ rows: 6, archived: 0, counted: 6, metrics: { final: 5, open: 1 } });
      expect(reconciliationText(all)).toContain('✓ no difference');
      const day = await law({ from: '2026-10-31', to: '2026-10-31' });
      expect(said(day)).toEqual([]);
      expect(day.figures).toMatchObject({ stream: 2, signed: 2, rows: 2, hours: 2, days: 2 });
      expect((await law({ from: '2020-01-01', to: '2020-01-31' })).figures).toMatchObject({ stream: 0, rows: 0 });
    }, 60_000);

    it('judges nothing that comes meanwhile, and waits for a book that is behind the stream', async () => {
      const enough = new AbortController();
      const load = (async () => {
        while (!enough.signal.aborted) {
          await gateway.append(on('2026-11-04'), sampleIntent({ id: idOn('2026-11-04') }));
          await pause(5); // The ledger is in this process.
        }
      })();
      const under = await law().finally(() => enough.abort());
      await load;
      expect(said(under).filter((one) => !one.startsWith('metrics'))).toEqual([]);
      await harness.ledger.stop();
      await gateway.append(on('2026-11-05'));
      await harness.startLedger();
      expect(said(await law(days, 60_000))).toEqual([]);
    }, 120_000);

    it('names a metric that lies: that says too little, too much, or something that never was', async () => {
      const { metrics } = harness.ledger;
      for (const { labels } of metrics.values('lgsp_transactions_total'))
        metrics.counter('lgsp_transactions_total', labels).value = 0;
      const call = { system: 'payment', operation: 'create-payment', client: 'city', outcome: 'succeeded' } as const;
      metrics.counter('lgsp_transactions_total', call).inc(7);
      metrics.gauge('lgsp_transactions_open', { system: 'land', outcome: 'unknown' }).set(3);
      const found = said(await law());
      expect(found.filter((one) => !one.startsWith('metrics lgsp_transactions_'))).toEqual([]);
      expect(found).toContainEqual(
        expect.stringMatching(/^metrics \w+_total civil-registry register-birth .* succeeded: 0 exported, 1 counted$/),
      );
      expect(found).toContain(
        'metrics lgsp_transactions_total payment create-payment city succeeded: 7 exported, 0 counted',
      );
      expect(found).toContain('metrics lgsp_transactions_open land unknown: 3 exported, 0 counted');
    }, 60_000);
  });

  describe('whose rows and counts somebody changed', () => {
    let records: TransactionRecord[];
    beforeAll(async () => {
      await start();
      records = await record();
    }, 60_000);
    afterAll(stop);

    it('names any row of which one bit is flipped, in whatever column', async () => {
      const rows = await harness.rows<StoredRow>('select id::text, to_jsonb(transactions) as row from transactions');
      const types = await columnTypes();
      const bits = fc.record({ row: fc.nat(rows.length - 1), column: fc.nat(), bit: fc.nat() });
      await fc.assert(
        fc.asyncProperty(bits, async ({ row: nth, column, bit }) => {
          const { id, row } = rows[nth]!;
          const known = Object.keys(row).filter((name) => row[name] !== null);
          const name = known[column % known.length]!;
          const put = (value: unknown, of: string): Promise<unknown> =>
            harness.rows(`update transactions set ${name} = $1::${types.get(name)} where id = $2`, [value, of]);
          // A deadline that is over now would be asked about, and what comes of that is recorded.
          const flipped = flipValue(row[name], types.get(name)!, name === 'deadline' ? bit % 20 : bit);
          await put(flipped, id);
          const { differences } = await law({});
          await put(textOf(row[name]), name === 'id' ? flipped : id);
          expect(differences.filter((one) => one.id === id).map(({ what }) => what)).not.toEqual([]);
        }),
        { numRuns: 60 },
      );
      expect(said(await law({}))).toEqual([]);
    }, 120_000);

    it('names a row that was taken out, and what was counted of it', async () => {
      const { id } = records[0]!;
      await harness.rows('delete from transactions where id = $1', [id]);
      const found = said(await law());
      expect(found).toContain(`no-row 2026-10-30 ${id}`);
      expect(found.filter((one) => one.startsWith('rollup 2026-10-30'))).toHaveLength(3); // Hour, day and duration.
      expect(found).toEqual(
        expect.arrayContaining([expect.stringMatching(/^rollup 2026-10 month .*: \d rows, \d counted$/)]),
      );
      expect(found).toContain('rollup of all days: 5 rows and 0 archived, 6 counted');
      expect(reconciliationText(await law())).toContain(
        `✗ no-row: 2026-10-30, transaction ${id}: its records are signed, and the book has no row of it`,
      );
    });

    it('names a row that nobody recorded', async () => {
      const id = idOn('2026-11-02');
      const found = await harness.rows<{ name: string }>(
        `select column_name as name from information_schema.columns where table_name = 'transactions' and column_name <> 'id'`,
      );
      const columns = found.map(({ name }) => name).join(', ');
      await harness.rows(
        `insert into transactions (id, ${columns}) select $1::uuid, ${columns} from transactions where id = $2`,
        [id, records[1]!.id],
      );
      expect(said(await law())).toContain(`no-record 2026-11-02 ${id}`);
    });

    it('names rows that were changed, and what of each', async () => {
      const changes = [
        [
          `outcome = 'failed', code = 'internal'`,
          'outcome: succeeded recorded, failed in the row; code: undefined recorded, internal in the row',
        ],
        [
          `client = 'another', answered_at = answered_at + interval '1 ms'`,
          'client: one-stop recorded, another in the row; answeredAt',
        ],
        [`dossier = 'H24.11-261101-9999'`, 'dossier'],
      ] as const;
      const changed = records.slice(1, 4);
      for (const [nth, [change]] of changes.entries())
        await harness.rows(`update transactions set ${change} where id = $1`, [changed[nth]!.id]);
      const { differences } = await law();
      for (const [nth, [, detail]] of changes.entries()) {
        const own = differences.find(({ what, id }) => what === 'other-state' && id === changed[nth]!.id);
        expect(own!.detail!.split('; ').toSorted()).toEqual(detail.split('; ').toSorted());
      }
    });

    it('names the hour, the day, the month and the duration of a count that was changed', async () => {
      const rollups = ['hour', 'day', 'month', 'duration'];
      for (const rollup of rollups)
        await harness.rows(`update rollup_${rollup} set count = count + 1 where system = 'civil-registry'`);
      const found = said(await law());
      for (const rollup of rollups)
        expect(found).toContainEqual(
          expect.stringMatching(`^rollup [0-9-]+ ${rollup} .*civil-registry register-birth.*: 1 rows, 2 counted$`),
        );
    });

    it('names the sums of a month that were changed, by service and by agency', async () => {
      await harness.rows(`update rollup_month_services set count = count + 1 where client = 'city'`);
      await harness.rows(`update rollup_month_agencies set failed = failed + 1 where client = 'city'`);
      const found = said(await law());
      for (const rollup of ['service', 'agency'])
        expect(found).toContainEqual(
          expect.stringMatching(`^rollup 2026-11 ${rollup} .* city failed: 1 rows, 2 counted$`),
        );
    });

    it('names a count of something that there is no row of', async () => {
      await harness.rows(`update rollup_day set client = 'nobody' where client = 'city'`);
      const found = said(await law());
      expect(found).toContainEqual(expect.stringMatching(/^rollup 2026-11-02 day .* city .*: 1 rows, 0 counted$/));
      expect(found).toContainEqual(expect.stringMatching(/^rollup 2026-11-02 day .* nobody .*: 0 rows, 1 counted$/));
    });
  });

  describe('whose stream somebody changed', () => {
    beforeAll(async () => {
      await start();
      await record();
    }, 60_000);
    afterAll(stop);

    it('names a batch that is missing, and one that is there twice, which counts once', async () => {
      gateway.seal([on('2026-11-03')]); // It never came to the stream, or somebody took it out and wrote the stream anew.
      const text = gateway.seal([on('2026-11-03')]);
      await gateway.store(text);
      await harness.applied(await gateway.store(text));
      const result = await law();
      expect(said(result)).toEqual(
        expect.arrayContaining([
          expect.stringMatching(`^evidence missing-batch: batch 5 of ${gateway.name}`),
          expect.stringMatching(`^evidence repeated-batch: batch 6 of ${gateway.name}`),
          expect.stringMatching(/^fault position \d+, .*: gap/),
        ]),
      );
      expect(result.figures).toMatchObject({ stream: 7, signed: 7, rows: 7, hours: 7, days: 7, months: 7 });
    });

    it('names the transactions of a batch that is not proven: they are in no count', async () => {
      const [one, two] = [on('2026-11-03'), on('2026-11-03')];
      await harness.applied(await gateway.store(gateway.seal([one, two]).replace('"succeeded"', '"not-found"')));
      const result = await law();
      expect(result.figures).toMatchObject({ stream: 9, signed: 7, rows: 7 });
      expect(said(result)).toEqual(
        expect.arrayContaining([
          `unproven 2026-11-03 ${one.id}`,
          `unproven 2026-11-03 ${two.id}`,
          expect.stringMatching(`^evidence changed-record: transaction ${one.id}`),
        ]),
      );
    });

    it('names any batch of which one bit is flipped', async () => {
      const flipped = new Map<number, number>();
      for (const bit of fc.sample(fc.nat(), 60)) {
        const batch = Buffer.from(gateway.seal([on('2026-11-03'), sampleIntent({ id: idOn('2026-11-03') })]));
        const at = bit % (batch.length * 8);
        batch[at >> 3]! ^= 1 << (at & 7);
        flipped.set(await gateway.store(batch), at);
      }
      await harness.applied(Math.max(...flipped.keys()));
      const found = said(await law());
      const unfound = [...flipped].filter(
        ([position]) =>
          !found.some((one) => one.startsWith('evidence') && new RegExp(`position ${position}\\b`).test(one)),
      );
      expect(unfound).toEqual([]);
    }, 60_000);
  });
});
