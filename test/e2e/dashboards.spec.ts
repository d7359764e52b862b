import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Pool, types } from 'pg';
import { until } from '../../apps/gateway/testing/gateway.harness';
import { TestPostgres } from '../../apps/ledger/testing/postgres';
import { panelsOf } from '../../deploy/grafana/dashboard';
import { dashboards } from '../../deploy/grafana/dashboards';
import { queues } from '../../deploy/grafana/queue.panels';
import { Launched, readyTimeoutMs, root, type Terminal } from './launched';
import { Receiver } from './receiver';
import { Scraper } from './scraper';

/**
 * Whether the dashboards are alive: every query of every panel, as it stands in the files that Grafana reads, against a real
 * Prometheus that scrapes the bus under the demonstration's load, and against the ledger's PostgreSQL as the reading role.
 */
jest.setTimeout(90_000);

/** How long a query may find nothing: rates need two looks, quotas are read every five seconds. */
const aliveWithinMs = 60_000;
const visits = 120;

/** What is chosen at the head of a dashboard, and what Grafana puts into a query. */
const chosen: Record<string, string> = { $system: 'payment', $client: 'demo-one-stop', $__rate_interval: '20s' };

interface Target {
  refId: string;
  expr?: string;
  rawSql?: string;
  instant?: boolean;
}
interface Panel {
  id: number;
  title: string;
  targets?: Target[];
}
interface Dashboard {
  uid: string;
  title: string;
  panels: Panel[];
  templating: { list: { type: string; name: string; query: string }[] };
}

const folder = join(root, 'deploy/grafana/dashboards');
const files = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Dashboard);

/** Why a query may find nothing, by `uid/panel/query`. */
const seldom = new Map<string, string>(
  dashboards.flatMap((dashboard) =>
    panelsOf(dashboard).flatMap(({ id, panel }) =>
      Object.entries(panel.seldom ?? {}).map(([nth, why]) => [
        `${dashboard.uid}/${id}/${String.fromCodePoint(65 + Number(nth))}`,
        why,
      ]),
    ),
  ),
);

/** What this test does on purpose, so that the panels that seldom show something show it here. */
const provoked = [
  'Lỗi theo loại, và lỗi của ai',
  'Trả lời lại theo khóa',
  'Bị từ chối tại cổng, theo mã lỗi',
  'Từ chối trước khi biết là ai',
  'Hạn mức còn lại',
  'Phần hạn mức còn lại',
  ...queues.filter(({ comesWith }) => comesWith === 'courier').map(({ title }) => title),
];

const scraper = new Scraper();
const receiver = new Receiver();
let postgres: TestPostgres;
let bus: Launched;
let launcher: Terminal;
let reader: Pool;
let databaseUrl: string;

beforeAll(async () => {
  postgres = await TestPostgres.start();
  databaseUrl = await postgres.database();
  bus = new Launched({ LGSP_DATABASE_URL: databaseUrl, LGSP_WEBHOOK_NETWORKS: '127.0.0.1' });
  launcher = bus.terminal('start.mjs');
  await launcher.says('Ctrl-C stops everything.');
  const owner = new Client(databaseUrl);
  await owner.connect();
  const script = readFileSync(join(root, 'deploy/grafana/reader.sql'), 'utf8');
  await owner.query(script);
  await owner.query(script); // As it says, it can be repeated.
  await owner.end();
  // PostgreSQL's own numbers as numbers.
  types.setTypeParser(types.builtins.INT8, Number);
  reader = new Pool({ connectionString: databaseUrl.replace(/\/\/[^@]+@/, '//lgsp_grafana@'), max: 3 });
  await Promise.all([scraper.start(join(bus.folder, 'prometheus.yml')), receiver.start()]);
}, readyTimeoutMs + 60_000);

afterAll(async () => {
  launcher.child.kill('SIGINT');
  await Promise.all([launcher.exited, reader.end(), scraper.stop(), receiver.stop()]);
  await postgres.stop();
  bus.remove();
});

const gateway = (path: string, method: string, authorization: string, body?: object, headers = {}) =>
  fetch(`${bus.demo()['LGSP_URL']}${path}`, {
    method,
    headers: { authorization, ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
    body: body && JSON.stringify(body),
  });

const order = (fault: object) =>
  fetch(`${bus.demo()['LGSP_SANDBOX_URL']}/faults/payment`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  });

/** The input of an operation that its connector gives as an example. */
async function exampleOf(system: string, operation: string): Promise<object> {
  const { systems } = (await (await fetch(`${bus.demo()['LGSP_URL']}/v1/services`)).json()) as {
    systems: { system: string; operations: { operation: string; example: { input: object } }[] }[];
  };
  const { operations } = systems.find((found) => found.system === system)!;
  return operations.find((found) => found.operation === operation)!.example.input;
}

/** What happens on some days and not on all: each of it leaves its trace on a panel. */
async function unusualDay(): Promise<void> {
  const client = `ApiKey ${bus.demo()['LGSP_CLIENT_SECRET']}`;
  const [create, status] = ['/v1/payment/create-payment', '/v1/payment/get-payment-status'] as const;
  const [payment, question] = await Promise.all(
    ['create-payment', 'get-payment-status'].map((operation) => exampleOf('payment', operation)),
  );
  const context = {
    'lgsp-agency': 'H24.11',
    'lgsp-officer': 'canbo.mau',
    'lgsp-dossier': 'H24.11-261124-0003',
    'lgsp-procedure': '2.000635',
  };
  await bus.lgsp('clients', 'limit', 'demo-one-stop', '--per-day', '1000000');
  // A stranger, a caller who is refused at the door, a command that is sent twice, and an outside system that fails.
  expect((await gateway(status, 'POST', 'ApiKey nobody.knows', question)).status).toBe(401);
  expect((await gateway(status, 'POST', client, question, { 'lgsp-deadline-ms': 'soon' })).status).toBe(400);
  for (let time = 0; time < 2; time++) {
    const paid = await gateway(create, 'POST', client, payment, { ...context, 'idempotency-key': 'twice' });
    expect(paid.status).toBe(200);
  }
  // A subscriber; a command that is sent later; and another that is refused then, and becomes a dead letter.
  expect((await gateway('/v1/subscriptions/demo', 'PUT', client, { url: receiver.url })).ok).toBe(true);
  const sendLater = async (key: string, body: object): Promise<void> => {
    const later = { ...context, prefer: 'respond-async', 'idempotency-key': key };
    expect((await gateway(create, 'POST', client, body, later)).status).toBe(202);
  };
  await sendLater('later', payment!);
  await sendLater('refused', { ...payment, noSuchField: 1 });
  await until(() => receiver.taken.length >= 2, 30_000);
  // A rate is of what grows while Prometheus looks.
  await until(async () => (await scraper.now('lgsp_job_seconds_count')).length > 0, 30_000);
  await sendLater('later still', payment!);
  // The courier asks and sends there too, and may be the one that meets the fault.
  for (let tries = 0; ; tries++) {
    await order({ kind: 'error-500', times: 1 });
    if ((await gateway(status, 'POST', client, question, context)).status === 502) break;
    expect(tries).toBeLessThan(20);
  }
}

const filledIn = (text: string): string =>
  Object.entries(chosen).reduce((filled, [name, value]) => filled.replaceAll(name, value), text);

/** Grafana's own word for the time of the dashboard. */
const withTime = (sql: string): string =>
  sql.replaceAll(/\$__timeFilter\((\w+)\)/g, "$1 between now() - interval '1 day' and now()");

/** @throws Error naming the panel when the query is wrong */
async function findsData({ name, target }: (typeof queries)[number]): Promise<boolean> {
  try {
    return await hasData(target);
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
}

async function hasData({ expr, rawSql, instant }: Target): Promise<boolean> {
  if (rawSql !== undefined) {
    const { rows } = await reader.query<Record<string, unknown>>(withTime(filledIn(rawSql)));
    return rows.some((row) => Object.values(row).some((value) => value !== null));
  }
  const query = filledIn(expr!);
  const series = instant ? await scraper.now(query) : await scraper.lastMinute(query);
  return series.some(({ values }) => values.length > 0);
}

const queries = files.flatMap(({ uid, title, panels }) =>
  panels.flatMap((panel) =>
    (panel.targets ?? []).map((target) => ({
      key: `${uid}/${panel.id}/${target.refId}`,
      name: `${title}: ${panel.title} (${target.refId})`,
      panel: panel.title,
      target,
    })),
  ),
);

it('every query of every panel finds data under load, but for what says why not', async () => {
  await bus.lgsp('demo', '--visits', String(visits), '--json');
  await unusualDay();
  // Rates are of what goes on now.
  const load = bus.lgsp('demo', '--visits', String(visits), '--json');
  const deadline = Date.now() + aliveWithinMs;
  let empty = queries;
  while (Date.now() < deadline) {
    const found = await Promise.all(empty.map(findsData));
    empty = empty.filter((_, index) => !found[index]);
    if (empty.every(({ key, panel }) => seldom.has(key) && !provoked.includes(panel))) break;
    await new Promise((done) => setTimeout(done, 1_000));
  }
  await load;
  const unexplained = empty.filter(({ key, panel }) => !seldom.has(key) || provoked.includes(panel));
  expect(unexplained.map(({ name, target }) => `${name}: ${target.expr ?? target.rawSql}`)).toEqual([]);
  expect(queries.length).toBeGreaterThan(70);
});

it('the heads of the dashboards offer every system and the client that called', async () => {
  const offered: Record<string, string[]> = {};
  for (const { templating } of files) {
    for (const { name, query } of templating.list.filter(({ type }) => type === 'query')) {
      const [, metric = '', label = ''] = /^label_values\((\w+), (\w+)\)$/.exec(query)!;
      offered[name] = await scraper.valuesOf(metric, label);
    }
  }
  expect(offered['system']).toEqual(expect.arrayContaining(['payment', 'population', 'vnpost']));
  expect(offered['client']).toContain('demo-one-stop');
});

it('the figures of the book are those of the ledger: of today, and of the half-year', async () => {
  const rowsOf = async (title: string): Promise<Record<string, number>[]> => {
    const { target } = queries.find(({ panel }) => panel === title)!;
    return (await reader.query<Record<string, string | number>>(target.rawSql!)).rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)])),
    );
  };
  const owner = new Client(databaseUrl);
  await owner.connect();
  // The book follows the stream: until it has all that was called.
  let [count, before] = [0, -1];
  for (const deadline = Date.now() + 30_000; count !== before && Date.now() < deadline;) {
    await new Promise((done) => setTimeout(done, 1_000));
    before = count;
    count = (await owner.query<{ count: number }>('select count(*) from book.transactions')).rows[0]!.count;
  }
  await owner.end();
  expect(count).toBeGreaterThan(2 * visits);
  expect(await rowsOf('Giao dịch hôm nay')).toEqual([{ 'Giao dịch': count }]);
  expect(await rowsOf('Giao dịch tháng này')).toEqual([{ 'Giao dịch': count }]);
  const sum = (counted: Record<string, number>[], column: string): number =>
    counted.reduce((total, row) => total + row[column]!, 0);
  expect(sum(await rowsOf('Theo hệ thống: hôm nay, hôm qua, tháng này'), 'Hôm nay')).toBe(count);
  expect(sum(await rowsOf('Nửa năm nay so với cùng kỳ năm trước'), 'Nửa năm nay')).toBe(count);
});

it.each([
  ['reads no transaction', 'select id from book.transactions limit 1', /permission denied/],
  ['reads nobody who is asked about', 'select * from book.questions', /permission denied/],
  ['changes nothing', 'update book.rollup_day set count = 0', /permission denied|read-only/],
  ['makes nothing', 'create table book.mine (id int)', /permission denied|read-only/],
])('the reading role %s', async (_what, sql, refused) => {
  const session = await reader.connect();
  await expect(session.query(sql)).rejects.toThrow(refused);
  // Neither when it takes back what its role was told.
  await session.query('set default_transaction_read_only = off');
  await expect(session.query(sql)).rejects.toThrow(/permission denied/);
  session.release(true);
});
