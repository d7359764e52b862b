import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { readSheet } from 'read-excel-file/node';
import { until } from '../../apps/gateway/testing/gateway.harness';
import { historySystems } from '../../apps/cli/demo/history/history.services';
import { openBrowser } from './chromium';
import { connect } from './plain.nats';
import { Launched, readyTimeoutMs, root, type Terminal } from './launched';

/**
 * The half-years of Hải Phòng on a bus that runs as `npm start` starts it: at one for a hundred here, and in full with
 * `LGSP_HISTORY_SCALE=1 npm test -- test/e2e/reports.spec.ts`.
 */

const scale = Number(process.env['LGSP_HISTORY_SCALE'] ?? 100);
const madeTimeoutMs = scale < 10 ? 1_200_000 : 120_000;
jest.setTimeout(madeTimeoutMs);

const counts = { previous: Math.floor(696_339 / scale), now: Math.floor(2_452_045 / scale) };
const total = { count: counts.now, previous: counts.previous, ratio: 3.52, growthPercent: 252.1 };
const period = ['--from', '2022-01-01', '--to', '2022-06-30'];
const address = '/v1/reports/transactions?from=2022-01-01&to=2022-06-30&compare=previous-year';
const thousands = (count: number): string => new Intl.NumberFormat('en-US').format(count);

const bus = new Launched();
const folder = mkdtempSync(join(tmpdir(), 'lgsp-reports-'));
let launcher: Terminal;

beforeAll(async () => {
  await bus.prepare();
  launcher = bus.terminal('start.mjs');
  await launcher.says('Ctrl-C stops everything.');
}, readyTimeoutMs + 5_000);
afterAll(async () => {
  launcher.child.kill('SIGINT');
  await launcher.exited;
  bus.remove();
  rmSync(folder, { recursive: true, force: true });
});

const lgsp = (...args: string[]): Promise<string> => bus.lgsp(...args);

/** What the gateway answers an operator. */
async function ask(path: string, method = 'GET'): Promise<Response> {
  const { LGSP_URL: url, LGSP_OPERATOR_SECRET: secret } = bus.demo();
  return fetch(`${url}${path}`, { method, headers: { authorization: `ApiKey ${secret}` } });
}

/** `LGSP_WRITE_DOCS=1` writes the examples of docs/reports.md instead of comparing them. */
const writes = process.env['LGSP_WRITE_DOCS'] === '1';

/** Without what is other at each time, and without the marks of a file that a spreadsheet reads. */
const comparable = (printed: string): string =>
  printed.replaceAll(/[\uFEFF\r]/g, '').replaceAll(/20\d\d-\d\d-\d\dT[\d:]+\+07:00/g, '2022-07-01T08:00:00+07:00');

interface Made {
  transactions: number;
  written: number;
  report: { total: typeof total; frozenMonths: unknown[] };
}
const demoHistory = async (...args: string[]): Promise<Made> =>
  JSON.parse(await lgsp('demo', 'history', '--scale', String(scale), '--json', ...args)) as Made;

describe('lgsp demo history', () => {
  it('makes calls of operations that there are', async () => {
    const { systems } = (await (await ask('/v1/services')).json()) as {
      systems: {
        system: string;
        operations: { operation: string; kind: string; version: string; timeoutMs: number }[];
      }[];
    };
    for (const { system, operations } of historySystems) {
      const there = systems.find((one) => one.system === system)!.operations;
      for (const { operation, kind, timeoutMs } of operations)
        expect(there).toContainEqual(expect.objectContaining({ operation, kind, timeoutMs, version: '1.0.0' }));
    }
  });

  it('refuses a book in which others have transactions', async () => {
    const { secret } = JSON.parse(
      await lgsp('clients', 'add', 'real-one-stop', '--agency', '*', '--grant', '*', '--json'),
    ) as {
      secret: string;
    };
    const called = await bus.call(
      'population/verify-citizen',
      { identityNumber: '031190000016', fullName: 'Nguyễn Thị Mẫu', birthDate: '1990-02-14' },
      { authorization: `ApiKey ${secret}`, 'lgsp-officer': 'canbo.mau', 'lgsp-dossier': 'H24.11-261101-0001' },
    );
    expect(called.status).toBe(200);
    await until(async () => {
      const { transactions } = (await (await ask('/v1/transactions?client=real-one-stop')).json()) as {
        transactions: [];
      };
      return transactions.length > 0;
    });
    await expect(demoHistory()).rejects.toThrow(/holds transactions of real-one-stop.*--beside-others/);
  });

  it('counts both half-years to the last transaction, also when it was stopped in the middle', async () => {
    const args = ['demo', 'history', '--scale', String(scale), '--beside-others'];
    expect(await bus.interrupted('recorded', ...args)).toBe(1);
    const made = await demoHistory('--beside-others');
    const all = counts.now + counts.previous;
    expect(made).toMatchObject({ transactions: all, report: { total } });
    expect(made.written).toBeGreaterThan(0);
    expect(made.written).toBeLessThan(all);
  });

  it('run again makes nothing twice, and goes on with no other history', async () => {
    expect(await demoHistory('--beside-others')).toMatchObject({ written: 0, report: { total } });
    await expect(demoHistory('--beside-others', '--seed', 'another')).rejects.toThrow(/another --seed or --scale/);
  });

  it('has a user of NATS that may record, and may neither call nor ask the book nor register a client', async () => {
    const access = parseEnv(readFileSync(join(bus.folder, 'env/cli.env'), 'utf8'));
    const { hostname, port } = new URL(access['LGSP_NATS_URL']!);
    const nats = await connect(hostname, Number(port), {
      user: access['LGSP_HISTORY_NATS_USER']!,
      pass: access['LGSP_HISTORY_NATS_PASSWORD']!,
    });
    for (const subject of ['lgsp.population.v1.verify-citizen', 'lgsp.book.report', '$KV.CLIENTS.intruder']) {
      nats.publish(subject, '{}');
      expect(await nats.nextError()).toContain(`Permissions Violation for Publish to "${subject}"`);
    }
    nats.close();
  });

  it('is proven like any other record', async () => {
    const file = join(folder, 'today.evidence.gz');
    const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
    await lgsp('evidence', 'export', '--from', today, '--to', today, '--output', file);
    const verdict = JSON.parse(await lgsp('verify', file, '--json')) as { proven: boolean; facts: { records: number } };
    expect(verdict.proven).toBe(true);
    expect(verdict.facts.records).toBeGreaterThan(counts.now + counts.previous);
    const ofThen = ['--from', '2022-01-01', '--to', '2022-06-30', '--output', join(folder, 'then.evidence.gz')];
    expect(await lgsp('evidence', 'export', ...ofThen)).toContain('was recorded when it was made');
  });
});

describe('lgsp report', () => {
  it('prints the half-year, the one before, how many times as many, and how much more', async () => {
    const printed = await lgsp('report', ...period, '--compare', 'previous-year');
    const figures = printed.trimEnd().split('\n').at(-1)!.trim().split(/ {2,}/);
    expect(figures).toEqual([thousands(counts.now), thousands(counts.previous), '3.52', '252.1 %']);
  });

  it('is what the gateway answers over HTTP', async () => {
    const answered = (await (await ask(address)).json()) as { total: unknown };
    const printed = JSON.parse(await lgsp('report', ...period, '--compare', 'previous-year', '--json')) as {
      total: unknown;
    };
    expect(answered.total).toEqual(total);
    expect(printed.total).toEqual(total);
  });

  it('adds up, by any groups', async () => {
    for (const groups of ['system,month', 'client', 'agency', 'procedure,outcome', 'operation,system']) {
      const told = await lgsp('report', ...period, '--compare', 'previous-year', '--group-by', groups, '--json');
      const { rows } = JSON.parse(told) as { rows: { count: number; previous: number }[] };
      const sum = (field: 'count' | 'previous') => rows.reduce((all, row) => all + row[field], 0);
      expect([groups, sum('count'), sum('previous')]).toEqual([groups, counts.now, counts.previous]);
    }
  });

  it('writes a workbook whose figures are numbers, CSV, and a page', async () => {
    const file = (ending: string) => join(folder, `half-year.${ending}`);
    const asked = [...period, '--compare', 'previous-year', '--group-by', 'system'];
    for (const ending of ['xlsx', 'csv', 'html']) await lgsp('report', ...asked, '--output', file(ending));
    const lines = await readSheet(file('xlsx'));
    expect(lines[0]).toEqual(['Hệ thống', 'Số giao dịch', 'Cùng kỳ năm trước', 'Gấp (lần)', 'Tăng trưởng (%)']);
    expect(lines.at(-1)).toEqual(['Tổng cộng', counts.now, counts.previous, 3.52, 252.1]);
    const csv = readFileSync(file('csv'), 'utf8').split('\r\n');
    expect(csv[0]).toBe('\uFEFFsystem,count,previous,ratio,growthPercent');
    expect(csv).toHaveLength(historySystems.length + 2);
    expect(readFileSync(file('html'), 'utf8')).toContain(counts.now.toLocaleString('vi-VN'));
    await expect(lgsp('report', ...asked, '--output', file('csv'))).rejects.toThrow(/is there already/);
  });

  it.each([
    ['a desk', 1_280],
    ['a telephone', 390],
  ])('has a page that fits %s, asks for a password, and loads nothing', async (_name, width) => {
    const { LGSP_URL: url, LGSP_OPERATOR_ID: username = '', LGSP_OPERATOR_SECRET: password = '' } = bus.demo();
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ viewport: { width, height: 900 }, httpCredentials: { username, password } });
      const loaded: string[] = [];
      page.on('request', (request) => loaded.push(request.url()));
      await page.goto(`${url}${address}&format=html`);
      expect(new Set(loaded)).toEqual(new Set([`${url}${address}&format=html`]));
      const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
      expect(wide).toBeLessThanOrEqual(width);
      const headline = await page.locator('.headline dd').allTextContents();
      const vietnamese = (count: number): string => count.toLocaleString('vi-VN');
      expect(headline).toEqual([vietnamese(counts.now), vietnamese(counts.previous), '3,52 lần', '+252,1 %']);
      expect(await page.locator('svg').count()).toBe(4);
    } finally {
      await browser.close();
    }
  });

  it.each([
    [['--from', '2022-02-30', '--to', '2022-06-30'], /2022-02-30.*must be a day/],
    [['--from', '2022-07-01', '--to', '2022-06-30'], /--from 2022-07-01 is after --to 2022-06-30/],
    [['--from', '2022-07-01'], /--to must be given/],
    [[...period, '--group-by', 'systm'], /"systm" is no grouping: there are system, operation/],
    [[...period, '--format', 'xlsx'], /name it with --output/],
  ])('refuses %j by name', async (args, said) => {
    await expect(lgsp('report', ...args)).rejects.toThrow(said);
  });
});

it('docs/reports.md shows what its commands print', async () => {
  const page = join(root, 'docs/reports.md');
  let text = readFileSync(page, 'utf8');
  const blocks = [...text.matchAll(/```console\n\$ npx lgsp (.*)\n([^]*?)```/g)];
  expect(blocks.length).toBeGreaterThan(4);
  for (const [block, command, shown] of blocks) {
    // The first is of the whole history, the others of a hundredth of it.
    if (shown!.includes('2,452,045') !== (scale === 1) || ![1, 100].includes(scale)) continue;
    const printed = comparable(await lgsp(...command!.split(' ')));
    if (writes) text = text.replace(block, () => `\`\`\`console\n$ npx lgsp ${command}\n${printed}\`\`\``);
    else expect(comparable(shown!)).toBe(printed);
  }
  if (writes) writeFileSync(page, text);
});

describe('lgsp report freeze', () => {
  it('freezes months that are over, for ever, and no other', async () => {
    const [frozen] = JSON.parse(await lgsp('report', 'freeze', '2022-01', '--json')) as { frozen: { count: number } }[];
    const again = await lgsp('report', 'freeze', '2022-01');
    expect(again).toContain(thousands(frozen!.frozen.count));
    expect(await lgsp('report', 'frozen')).toContain('demo-operator');
    expect(await lgsp('report', ...period)).toContain('frozen        2022-01');
    await expect(lgsp('report', 'freeze', '2199-01')).rejects.toThrow(/must be over/);
    await expect(lgsp('report', 'freeze', '2019-01')).rejects.toThrow(/no transaction to freeze/);
    await expect(lgsp('report', 'freeze', '2022-1')).rejects.toThrow(/must be a month, yyyy-MM/);
  });
});
