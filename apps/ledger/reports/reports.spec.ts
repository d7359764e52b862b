import * as fc from 'fast-check';
import type { DurableLog } from '#lgsp/bus';
import { startNats, type TestNats } from '#lgsp/bus/testing';
import { openLedgerStream } from '#lgsp/recorder';
import { type ReportGroup, type ReportRequest, type ReportRow } from '#lgsp/records';
import { countFacts, enterFacts, type Fact } from '../testing/facts';
import { databaseKinds } from '../testing/ledger.harness';
import { base, facts, months, now, periodOf, requests, type Asked } from '../testing/report.arbitraries';
import { TestDatabase } from '../testing/test.database';
import { Freezing } from './freezing';
import { byMonth, isWholeMonth, monthOf, monthYearAfter, yearBefore } from './report.period';
import { Reports } from './reports';

describe.each(databaseKinds)('reports on %s', (kind) => {
  let test: TestDatabase;
  let nats: TestNats;
  let stream: DurableLog;
  let reports: Reports;
  let freezing: Freezing;

  beforeAll(async () => {
    [test, nats] = await Promise.all([TestDatabase.start(kind), startNats()]);
    stream = await openLedgerStream(await nats.connect());
    reports = new Reports(test.database);
    freezing = new Freezing(test.database, stream);
  }, 60_000);
  afterAll(async () => {
    await test.stop();
    await nats.stop();
  });
  beforeEach(() => test.empty());

  const enter = (...changes: Partial<Fact>[]): Promise<void> =>
    enterFacts(
      test.database,
      changes.map((change) => ({ ...base, ...change })),
      false,
    );
  const refusal = (request: ReportRequest): Promise<unknown> =>
    reports.report(request, 'en', now).catch((error: unknown) => (error as { errors: unknown }).errors);

  it("say Hải Phòng's figures, and the growth apart from the ratio", async () => {
    await enter({ count: 2_452_045 }, { day: '2021-06-30', count: 696_339 }, { day: '2021-07-01', count: 5 });
    const report = await reports.report({ from: '2022-01-01', to: '2022-06-30', compare: 'previous-year' }, 'vi', now);
    expect(report.total).toEqual({ count: 2_452_045, previous: 696_339, ratio: 3.52, growthPercent: 252.1 });
    expect(report.rows).toEqual([report.total]);
    expect(report).toMatchObject({
      environment: 'production',
      period: { from: '2022-01-01', to: '2022-06-30' },
      previousPeriod: { from: '2021-01-01', to: '2021-06-30' },
      frozenMonths: [],
      madeAt: '2026-11-25T12:00:00+07:00',
    });
  });

  it('count what a naive count counts, whatever the groups, the period, and what is frozen', async () => {
    const property = async (before: Fact[], after: Fact[], toFreeze: string[], asked: Asked) => {
      await test.empty();
      await enterFacts(test.database, before);
      const frozen = new Set<string>();
      for (const month of toFreeze) {
        if (!before.some(({ day, environment }) => monthOf(day) === month && environment === 'production')) continue;
        await freezing.freeze({ month, by: 'operator' }, 'en', now);
        frozen.add(month);
      }
      await enterFacts(test.database, after);
      const { groupBy, compare, environment = 'production', client } = asked;
      const period = periodOf(asked);
      const late = after.filter(({ day }) => environment === 'sandbox' || !frozen.has(monthOf(day)));
      const told = [...before, ...late];
      const periods = compare ? [period, yearBefore(period)] : [period];
      const isFine = groupBy.includes('agency') || groupBy.includes('procedure');
      const cut = periods
        .flatMap(byMonth)
        .filter((part) => environment === 'production' && !isWholeMonth(part) && frozen.has(monthOf(part.from)));
      if (isFine && cut.length > 0) {
        expect(await refusal({ ...period, groupBy, compare, environment, client })).toMatchObject([
          { path: '/groupBy', rule: 'whole-months' },
        ]);
        return;
      }
      const report = await reports.report({ ...period, groupBy, compare, environment, client }, 'en', now);
      const counts = countFacts(told, period, groupBy, { environment, client });
      expect(valuesOf(groupBy, report.rows, 'count')).toEqual(sorted(counts));
      expect(report.total.count).toBe([...counts.values()].reduce((sum, count) => sum + count, 0));
      if (!compare) return;
      const previous = countFacts(told, periods[1]!, groupBy, { environment, client });
      expect(valuesOf(groupBy, report.rows, 'previous')).toEqual(sorted(shifted(groupBy, previous)));
      expect(report.rows.every(({ count, previous: had }) => groupBy.length === 0 || count > 0 || had! > 0)).toBe(true);
    };
    const frozenMonths = fc.subarray(months);
    await fc.assert(fc.asyncProperty(facts, facts, frozenMonths, requests, property), { numRuns: 40 });
  }, 120_000);

  it('answer further groupings of the same figures, and durations by system', async () => {
    await enter({ count: 3 }, { system: 'payment', outcome: 'failed', count: 2 }, { day: '2022-04-01', count: 4 });
    for (const [day, bucket, count] of [
      ['2022-03-10', 10, 4],
      ['2022-04-01', 20, 4],
      ['2022-05-01', 30, 100],
    ]) {
      await test.database.query(
        `insert into rollup_duration (day, environment, system, operation, bucket, count) values ($1, 'production', 'payment', 'x', $2, $3)`,
        [day, bucket, count],
      );
    }
    const report = await reports.report(
      { from: '2022-03-01', to: '2022-04-30', further: [['month'], ['system', 'outcome'], []], durations: true },
      'en',
      now,
    );
    expect(report.rows).toEqual([{ count: 9 }]);
    expect(report.further).toEqual([
      {
        groupBy: ['month'],
        rows: [
          { month: '2022-03', count: 5 },
          { month: '2022-04', count: 4 },
        ],
      },
      {
        groupBy: ['system', 'outcome'],
        rows: [
          { system: 'payment', outcome: 'failed', count: 2 },
          { system: 'population', outcome: 'succeeded', count: 7 },
        ],
      },
      { groupBy: [], rows: [{ count: 9 }] },
    ]);
    expect(report.durations).toEqual([{ system: 'payment', count: 8, p50Ms: 7.4, p95Ms: 45.2 }]);
    const ragged = await reports.report({ from: '2022-03-11', to: '2022-05-01', durations: true });
    expect(ragged.durations).toMatchObject([{ count: 104 }]);
  });

  it('read sums that follow whatever becomes of what they are sums of', async () => {
    const asked: ReportRequest = {
      from: '2022-03-01',
      to: '2022-03-31',
      further: [['agency', 'outcome'], ['procedure']],
    };
    const told = async () => {
      const { total, further } = await reports.report(asked);
      return [total.count, further![0]!.rows, further![1]!.rows];
    };
    await enter({ count: 3 }, { outcome: 'timed-out', procedure: '1.001193', count: 2 });
    await test.database.run(`update rollup_month set count = count + 4 where outcome = 'timed-out'`);
    expect(await told()).toEqual([
      9,
      [
        { agency: 'H24.11', outcome: 'succeeded', count: 3 },
        { agency: 'H24.11', outcome: 'timed-out', count: 6 },
      ],
      [
        { procedure: null, count: 3 },
        { procedure: '1.001193', count: 6 },
      ],
    ]);
    await test.database.run(`delete from rollup_month where outcome = 'timed-out'`);
    expect(await told()).toEqual([
      3,
      [{ agency: 'H24.11', outcome: 'succeeded', count: 3 }],
      [{ procedure: null, count: 3 }],
    ]);
    await test.database.run('truncate rollup_month, rollup_month_services');
    expect(await told()).toEqual([0, [], []]);
  });

  it.each([
    ['an end before the beginning', { to: '2022-02-28' }, '/to', 'period-end'],
    ['ten years and a day', { to: '2032-03-01' }, '/to', 'period-length'],
    ['a group that there is not', { groupBy: ['count(*)'] }, '/groupBy', 'groups'],
    ['a group twice', { groupBy: ['system', 'system'] }, '/groupBy', 'groups'],
    ['a further group that there is not', { further: [['id']] }, '/further', 'groups'],
    ['durations of one client', { durations: true, client: 'a-client' }, '/durations', 'one-client'],
  ])('refuse %s by name', async (_name, change, path, rule) => {
    const asked: ReportRequest = { from: '2022-03-01', to: '2022-03-31', ...(change as Partial<ReportRequest>) };
    expect(await refusal(asked)).toEqual([{ path, rule, message: expect.any(String) }]);
  });

  it('may be of ten years to the day', async () => {
    expect((await reports.report({ from: '2022-03-01', to: '2032-02-29' }, 'en', now)).total).toEqual({ count: 0 });
  });

  it('refuse more rows than an answer can carry', async () => {
    await test.database.run(
      `insert into rollup_month select '2022-03-01', 'production', 's', 'o' || n, 'c', '', '', 'failed', true, 1
       from generate_series(1, 20001) n`,
    );
    const asked = { from: '2022-03-01', to: '2022-03-31' };
    expect(await refusal({ ...asked, groupBy: ['operation'] })).toMatchObject([{ rule: 'rows-max' }]);
    expect((await reports.report({ ...asked, groupBy: ['system'] })).total.count).toBe(20_001);
  });

  it('refuse a part of an archived month by agency, naming the month', async () => {
    await enter({ count: 3 });
    await test.database.query(
      `insert into archived_months (month, file, sha256, transactions, sequence, archived_at) values ('2022-03-01', 'f', 's', 3, 0, now())`,
    );
    const whole = { from: '2022-03-01', to: '2022-03-31', groupBy: ['agency'] as ReportGroup[] };
    expect((await reports.report(whole)).rows).toEqual([{ agency: 'H24.11', count: 3 }]);
    expect(await refusal({ ...whole, to: '2022-03-30' })).toMatchObject([
      { path: '/groupBy', rule: 'whole-months', message: expect.stringContaining('2022-03') },
    ]);
  });

  describe('a frozen month', () => {
    it('changes no more, says who froze it and when, and shows what came after', async () => {
      await enter({ count: 5 }, { outcome: 'unknown', final: false, count: 2 });
      const frozen = await freezing.freeze({ month: '2022-03', by: 'demo-operator' }, 'en', now);
      await enter({ outcome: 'unknown', final: false, count: -2 }, { outcome: 'failed', count: 2 }, { count: 1 });
      const asked = { from: '2022-03-01', to: '2022-03-31', groupBy: ['outcome'] as ReportGroup[] };
      const report = await reports.report(asked, 'en', now);
      expect(report.rows).toEqual([
        { outcome: 'succeeded', count: 5 },
        { outcome: 'unknown', count: 2 },
      ]);
      const mark = { month: '2022-03', frozenAt: '2026-11-25T12:00:00+07:00', frozenBy: 'demo-operator' };
      expect(report.frozenMonths).toEqual([mark]);
      expect(frozen).toEqual({
        ...mark,
        environment: 'production',
        frozen: { count: 7, open: 2 },
        now: { count: 7, open: 2 },
      });
      expect(await freezing.list()).toEqual([{ ...frozen, now: { count: 8, open: 0 } }]);
      expect(await freezing.list('sandbox')).toEqual([]);
    });

    it('stays as it is when it is frozen again, also by two at once', async () => {
      await enter({ count: 5 });
      const [first, second] = await Promise.all(
        ['one', 'two'].map((by) => freezing.freeze({ month: '2022-03', by }, 'en', now)),
      );
      await enter({ count: 1 });
      expect(second!.frozenBy).toBe(first!.frozenBy);
      const again = await freezing.freeze({ month: '2022-03', by: 'three' }, 'en', new Date(now.getTime() + 1_000));
      expect(again).toEqual({ ...first, now: { count: 6, open: 0 } });
    });

    it.each([
      ['a month under way', '2026-11', 'month-over'],
      ['one that is to come', '2027-01', 'month-over'],
      ['one without transactions', '2020-01', 'month-empty'],
    ])('is not %s', async (_name, month, rule) => {
      const refused = freezing.freeze({ month, by: 'operator' }, 'en', now);
      await expect(refused).rejects.toMatchObject({ code: 'invalid-request', errors: [{ path: '/month', rule }] });
      expect(await freezing.list()).toEqual([]);
    });

    it('is over ten minutes after its end in Vietnam', async () => {
      await enter({ count: 5 });
      const freeze = (at: string) => freezing.freeze({ month: '2022-03', by: 'operator' }, 'en', new Date(at));
      await expect(freeze('2022-04-01T00:09:59+07:00')).rejects.toMatchObject({ code: 'invalid-request' });
      expect(await freeze('2022-04-01T00:10:00+07:00')).toMatchObject({ frozen: { count: 5 } });
    });

    it('waits until the book holds the whole stream', async () => {
      await enter({ count: 5 });
      await stream.append('lgsp.ledger.test', Buffer.from('a batch'));
      const freeze = () => freezing.freeze({ month: '2022-03', by: 'operator' }, 'en', now);
      await expect(freeze()).rejects.toMatchObject({ code: 'ledger-unavailable' });
      await test.database.run(`insert into applied (stream_created_at, sequence) values ('x', 1)`);
      expect(await freeze()).toMatchObject({ frozen: { count: 5 } });
    });
  });
});

const sorted = (counts: ReadonlyMap<string, number>): [string, number][] =>
  [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));

function valuesOf(groupBy: readonly ReportGroup[], rows: readonly ReportRow[], field: 'count' | 'previous') {
  const values = rows.map((row): [string, number] => [JSON.stringify(groupBy.map((group) => row[group])), row[field]!]);
  return sorted(new Map(values.filter(([, count]) => count > 0)));
}

/** A month of the year before is told under the month it stands beside. */
function shifted(groupBy: readonly ReportGroup[], counts: ReadonlyMap<string, number>): Map<string, number> {
  const at = groupBy.indexOf('month');
  if (at < 0) return new Map(counts);
  return new Map(
    [...counts].map(([key, count]) => {
      const values = JSON.parse(key) as string[];
      return [JSON.stringify(values.with(at, monthYearAfter(values[at]!))), count];
    }),
  );
}
