import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '#lgsp/records';
import { groupsOption } from './report.command';
import { checkFree, formatOf, writeReportFile } from './report.file';
import { drawFrozenMonths, drawReport } from './report.table';

const folder = mkdtempSync(join(tmpdir(), 'lgsp-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

const total = { count: 2_452_045, previous: 696_339, ratio: 3.52, growthPercent: 252.1 };
const report: Report = {
  environment: 'production',
  period: { from: '2022-01-01', to: '2022-06-30' },
  previousPeriod: { from: '2021-01-01', to: '2021-06-30' },
  groupBy: [],
  total,
  rows: [total],
  frozenMonths: [],
  madeAt: '2022-07-01T08:00:00+07:00',
};

describe('a report at the terminal', () => {
  it('tells how many times as many, and how much more, apart', () => {
    const drawn = drawReport(report);
    expect(readFileSync(join(__dirname, '../../../docs/reports.md'), 'utf8')).toContain(drawn);
    expect(drawn).toBe(`transactions  2022-01-01 to 2022-06-30, production
against       2021-01-01 to 2021-06-30
made at       2022-07-01T08:00:00+07:00

    count  previous  ratio   growth
─────────  ────────  ─────  ───────
2,452,045   696,339   3.52  252.1 %
`);
  });

  it('has a line for each group and the total last; what was nothing before has neither ratio nor growth', () => {
    const rows = [
      { system: 'land', agency: null, count: 7, previous: 0, ratio: null, growthPercent: null },
      { system: 'payment', agency: 'H24.11', count: 5, previous: 10, ratio: 0.5, growthPercent: -50 },
    ];
    const drawn = drawReport({
      ...report,
      groupBy: ['system', 'agency'],
      rows,
      client: 'one-stop',
      frozenMonths: [{ month: '2022-01', frozenAt: '2022-02-02T08:00:00+07:00', frozenBy: 'operator' }],
    });
    const lines = drawn.split('\n');
    expect(lines[0]).toBe('transactions  2022-01-01 to 2022-06-30, production, of the client one-stop only');
    expect(lines[3]).toBe('frozen        2022-01');
    expect(lines.slice(5).map((line) => line.trimEnd().split(/ {2,}/))).toEqual([
      ['system', 'agency', 'count', 'previous', 'ratio', 'growth'],
      expect.anything(),
      ['land', '(none)', '7', '0', '–', '–'],
      ['payment', 'H24.11', '5', '10', '0.50', '-50.0 %'],
      ['total', '2,452,045', '696,339', '3.52', '252.1 %'],
      [''],
    ]);
  });

  it('shows frozen months beside what the book says now', () => {
    expect(drawFrozenMonths([])).toBe('no month is frozen\n');
    const mark = { month: '2022-01', frozenAt: '2022-02-02T08:00:00+07:00', frozenBy: 'operator' };
    const figures = { frozen: { count: 1_000, open: 2 }, now: { count: 1_001, open: 0 } };
    const drawn = drawFrozenMonths([{ ...mark, environment: 'production', ...figures }]);
    expect(drawn).toContain('2022-01  2022-02-02T08:00:00+07:00  operator  1,000     2  1,001         0');
  });
});

describe('what is asked for', () => {
  it('are groupings that there are, each once', () => {
    expect(groupsOption('system, month')).toEqual(['system', 'month']);
    expect(() => groupsOption('systm')).toThrow('"systm" is no grouping: there are system, operation, client');
    expect(() => groupsOption('month,month')).toThrow('"month" is named twice');
    expect(() => groupsOption('')).toThrow('"" is no grouping');
  });

  it('has the form that the file says', () => {
    const forms = ['a.xlsx', 'a.csv', 'a.html', 'a.json', 'a.txt', 'xlsx', undefined].map(formatOf);
    expect(forms).toEqual(['xlsx', 'csv', 'html', 'json', 'table', 'table', 'table']);
  });
});

it('a file is written whole, and one that is there is replaced only when that is said', async () => {
  const path = join(folder, 'report.csv');
  checkFree(path);
  await writeReportFile(path, 'one');
  expect(() => checkFree(path)).toThrow('is there already');
  checkFree(path, true);
  await writeReportFile(path, Buffer.from('two'));
  expect(readFileSync(path, 'utf8')).toBe('two');
  writeFileSync(join(folder, 'no-folder'), '');
  await expect(writeReportFile(join(folder, 'no-folder', 'x.csv'), 'x')).rejects.toThrow('cannot be written');
});
