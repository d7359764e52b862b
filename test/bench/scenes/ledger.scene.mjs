/** How fast the book follows the stream, and how fast it answers: on both kinds of database, over the same stream. */
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readParts, roomy } from '../../../deploy/local/parts.mjs';
import { root } from '../../../deploy/local/places.mjs';
import { Trouble } from '../../../deploy/local/say.mjs';
import { dossierOf, fillStream } from '../harness/half-years.mjs';
import { multiplyRows } from '../harness/multiplied.book.mjs';
import { numbers } from '../harness/options.mjs';
import { startPostgres } from '../harness/postgres.mjs';
import { openAccount } from '../harness/process.accounts.mjs';
import { startNats } from '../harness/servers.mjs';
import { median, quantile, relativeSpread } from '../harness/statistics.mjs';
import { digits, table } from '../harness/table.mjs';

const load = createRequire(import.meta.url);
const recordsPerSecondAtLeast = { postgresql: 50_000, pglite: 25_000 };
/** Of both half-years, in PostgreSQL. */
const [allTransactions, allSecondsAtMost] = [3_148_384, 90];
/** Of the half-year report: up to some millions of rows, and beyond. */
const [reportMsAtMost, bigReportMsAtMost, bigRows] = [50, 75, 10_000_000];
const searchMsAtMost = 10;
/** How often each question is asked, after some that warm up. */
const [asks, warmUpAsks] = [30, 3];
const askMs = 120_000;
/** CPU microseconds in a second of a process that has nothing to do. */
const idleMicroseconds = 50_000;
const pollMs = 250;
const sayEveryMs = 10_000;
/** Longest time without any progress. */
const stuckMs = 120_000;

const period = { from: '2022-01-01', to: '2022-06-30', compare: 'previous-year' };
const questions = {
  'half-year report': { subject: 'report', ask: () => period },
  'the same by system and month': { subject: 'report', ask: () => ({ ...period, groupBy: ['system', 'month'] }) },
  'all of its printed page': {
    subject: 'report',
    ask: () => ({ ...period, further: [['month'], ['system'], ['outcome']], durations: true }),
  },
  'search by dossier': {
    subject: 'transactions',
    ask: (/** @type {number} */ count) => ({ dossier: dossierOf(Math.floor(Math.random() * count)) }),
  },
};

/**
 * @typedef {'pglite' | 'postgresql'} Kind
 * @typedef {{perSecond: number, perCommit: number, cpu: Record<string, number>, othersCores: number}} Round CPU in microseconds per record
 * @typedef {{kind: Kind, rows: number, rounds: Round[], answers: Record<string, number[]>}} Measured
 */

/** @type {import('../harness/options.mjs').Scene} */
export const scene = {
  summary: 'records per second from the stream into SQL, and how long reports and searches take then',
  counted: true,
  options: {
    transactions: {
      value: '<n>',
      default: '300000',
      says: 'from the beginning of either half-year on; 3148384 are all of them',
    },
    databases: { value: '<a,b>', default: 'pglite,postgresql', says: 'kinds of database' },
    batch: { value: '<n>', default: '100', says: 'records of a signed batch' },
    times: {
      value: '<n>',
      default: '1',
      says: 'before it is asked, rows are copied in SQL under other ids until there are so many times as many',
    },
  },
  async run(lab) {
    const [count] = numbers('transactions', lab.options.transactions);
    const [batchRecords] = numbers('batch', lab.options.batch);
    const kinds = /** @type {Kind[]} */ (lab.options.databases.split(','));
    const unknown = kinds.find((kind) => !(kind in recordsPerSecondAtLeast));
    if (unknown !== undefined) throw new Trouble(`--databases: there is no ${unknown}`);
    const nats = await startNats(lab.children, lab.natsProgram, join(lab.folder, 'nats'));
    const tell = (/** @type {number} */ done) => done % 100_000 === 0 && lab.say(`${done} records are in the stream`);
    const records = await fillStream(nats.url, { count, batchRecords, tell });
    lab.say(`${records} records of ${count} transactions are in the stream`);
    const measured = [];
    for (const kind of kinds) measured.push(await measure(lab, kind, { natsUrl: nats.url, records, count }));
    return resultsOf(measured, { records, count, batchRecords });
  },
};

/** @param {import('../harness/lab.mjs').Lab} lab @param {Kind} kind @returns {Promise<Measured>} */
async function measure(lab, kind, { natsUrl, records, count }) {
  const [times] = numbers('times', lab.options.times);
  const postgres = kind === 'postgresql' ? await startPostgres(lab.children) : undefined;
  const rounds = [];
  /** @type {import('../harness/children.mjs').Started | undefined} */
  let ledger;
  const end = async () => {
    if (ledger) await lab.children.end(ledger.child);
  };
  try {
    for (let round = 1; ; round++) {
      const folder = join(lab.folder, `${kind}-${round}`);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const database = postgres && { LGSP_DATABASE_URL: await postgres.database() };
      const settings = {
        LGSP_NATS_URL: natsUrl,
        LGSP_LEDGER_DIR: folder,
        LGSP_LEDGER_ONLINE_MONTHS: '1200',
        ...database,
      };
      ledger = await startLedger(lab, settings);
      const writers = () => postgres?.writers(settings.LGSP_DATABASE_URL);
      rounds.push(await follow(ledger, { records, writers, say: lab.say }));
      const { perSecond, perCommit, cpu } = rounds.at(-1);
      const used = Object.entries(cpu).map(([role, microseconds]) => `${role} ${digits(microseconds)} µs`);
      lab.say(
        `${kind}, round ${round} of ${lab.rounds}: ${digits(perSecond)} records per second, ${used.join(', ')} each`,
      );
      lab.say(`  ${digits(perCommit)} records in a transaction`);
      if (round < lab.rounds) {
        await end();
        rmSync(folder, { recursive: true, force: true });
        continue;
      }
      if (times > 1) {
        await end();
        await multiplyRows(settings, times, lab.say);
        ledger = await startLedger(lab, settings);
        await untilIdle(ledger.pid);
      }
      return { kind, rows: count * times, rounds, answers: await askAll(natsUrl, count) };
    }
  } finally {
    await end(); // First: PostgreSQL waits for whoever is connected.
    await postgres?.stop();
  }
}

/** @param {import('../harness/lab.mjs').Lab} lab @param {Record<string, string>} settings */
function startLedger({ children, options }, settings) {
  const { main } = readParts().find(({ name }) => name === 'ledger');
  const environment = { ...roomy, LGSP_METRICS_PORT: '0', LGSP_LOG_LEVEL: 'error', ...settings };
  const execArgv = options.profile ? ['--cpu-prof', `--cpu-prof-dir=${options.profile}`] : [];
  return children.node(main, { environment, execArgv });
}

/** Waits until a ledger that was started again has read what it had not sealed yet. @param {number} pid */
async function untilIdle(pid) {
  const givenUpAt = performance.now() + stuckMs;
  for (;;) {
    const account = openAccount({ ledger: [pid] });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    if (account.close().cpu.ledger < idleMicroseconds) return;
    if (performance.now() > givenUpAt) throw new Trouble('the ledger finds no rest after its start');
  }
}

/** Waits until all is applied. @returns {Promise<Round>} */
async function follow({ pid, told: { metricsUrl } }, { records, writers, say }) {
  const applied = async () => {
    const text = await (await fetch(metricsUrl, { signal: AbortSignal.timeout(60_000) })).text();
    return ['records_total', 'commit_seconds_count'].map((name) =>
      Number(new RegExp(`^lgsp_ledger_${name} (\\d+)`, 'm').exec(text)?.[1] ?? 0),
    );
  };
  let [first, firstCommits, firstAt, account] = [0, 0, 0, undefined];
  let [newest, movedAt, saidAt] = [0, performance.now(), performance.now()];
  for (;;) {
    const [done, commits] = await applied();
    const now = performance.now();
    if (done > newest) [newest, movedAt] = [done, now];
    if (now - saidAt > sayEveryMs) {
      saidAt = now;
      say(`  ${newest} of ${records} records are applied`);
    }
    if (now - movedAt > stuckMs) throw new Trouble(`the ledger has stood at ${newest} of ${records} records`);
    if (first === 0 && done > 0) {
      const pids = await writers();
      account = openAccount({ ledger: [pid], ...(pids && { postgresql: pids }) });
      [first, firstCommits, firstAt] = [...(await applied()), performance.now()];
      continue;
    }
    if (done >= records) {
      const { cpu, othersCores } = account.close();
      const perCommit = (done - first) / (commits - firstCommits);
      const perRecord = Object.entries(cpu).map(([role, used]) => [role, used / (done - first)]);
      const perSecond = ((done - first) * 1_000) / (now - firstAt);
      return { perSecond, perCommit, cpu: Object.fromEntries(perRecord), othersCores };
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** How long each answer takes, over the bus, in milliseconds. @param {string} url @param {number} count */
async function askAll(url, count) {
  const dist = (/** @type {string} */ path) => load(join(root, 'dist/libs', path, 'index.js'));
  const { BusClient, BusConnection } = dist('bus');
  const { bookSubjects } = dist('records');
  const log = dist('telemetry').createLogger({ app: 'bench', level: 'warn' });
  const connection = await BusConnection.open({ url, name: 'bench', log });
  const client = new BusClient(connection);
  /** @type {Record<string, number[]>} */
  const answers = {};
  for (const [name, { subject, ask }] of Object.entries(questions)) {
    const took = [];
    for (let nth = -warmUpAsks; nth < asks; nth++) {
      const startedAt = performance.now();
      const answer = await client.call(bookSubjects[subject], ask(count), Date.now() + askMs);
      if (nth >= 0) took.push(performance.now() - startedAt);
      check(answer);
    }
    answers[name] = took;
  }
  await connection.close();
  return answers;
}

/** An answer of nothing is fast, and would prove nothing. */
function check({ total, transactions }) {
  if (total ? !(total.count > 0 && total.previous > 0) : transactions.length === 0)
    throw new Trouble('the book answered with nothing');
}

/** @param {Measured[]} measured */
function resultsOf(measured, { records, count, batchRecords }) {
  const cell = (/** @type {number[]} */ values) =>
    `${digits(median(values))} ± ${(relativeSpread(values) * 100).toFixed(0)} %`;
  const cpu = (/** @type {Round[]} */ rounds, /** @type {string} */ role) =>
    role in rounds[0].cpu ? cell(rounds.map((round) => round.cpu[role])) : '';
  const writing = measured.map(({ kind, rounds }) => [
    kind,
    cell(rounds.map(({ perSecond }) => perSecond)),
    cpu(rounds, 'ledger'),
    cpu(rounds, 'postgresql'),
    `${(median(rounds.map(({ othersCores }) => othersCores)) * 100).toFixed(0)} %`,
  ]);
  const reading = measured.flatMap(({ kind, rows, answers }) =>
    Object.entries(answers).map(([name, took]) => [
      `${name}, ${kind}`,
      rows.toLocaleString('en-US'),
      digits(median(took)),
      digits(quantile(took, 0.95)),
    ]),
  );
  return {
    tables: [
      {
        title: 'From the stream into SQL',
        text: table(['database', 'records per second', 'ledger µs', 'postgresql µs', 'others'], writing),
      },
      { title: 'Asked over the bus', text: table(['question', 'rows', 'p50 ms', 'p95 ms'], reading) },
    ],
    claims: measured.flatMap((one) => [...claimsOf(one), ...(count < allTransactions ? [] : allOf(one, records))]),
    notes: [
      `${records} records of ${count} transactions, ${batchRecords} in a batch: signatures and Merkle roots are checked, rows, counts, heads and position written.`,
      'µs: CPU time per record, as the kernel accounts it. others: what the machine did for others, in hundredths of a core.',
    ],
    figures: measured,
  };
}

/** @param {Measured} measured @param {number} records in the stream */
function allOf({ kind, rounds }, records) {
  if (kind !== 'postgresql') return [];
  const ratios = rounds.map(({ perSecond }) => records / perSecond / allSecondsAtMost);
  return [{ what: `${kind}: both half-years, of ${allSecondsAtMost} s`, ratios, atMost: 1 }];
}

/** @param {Measured} measured */
function claimsOf({ kind, rows, rounds, answers }) {
  const wanted = recordsPerSecondAtLeast[kind];
  const reportMs = rows > bigRows ? bigReportMsAtMost : reportMsAtMost;
  const [report, search] = [answers['half-year report'], answers['search by dossier']];
  return [
    {
      what: `${kind}: records per second, of ${wanted}`,
      ratios: rounds.map(({ perSecond }) => perSecond / wanted),
      atLeast: 1,
    },
    { what: `${kind}: half-year report, of ${reportMs} ms`, ratios: report.map((ms) => ms / reportMs), atMost: 1 },
    {
      what: `${kind}: search by dossier, of ${searchMsAtMost} ms`,
      ratios: search.map((ms) => ms / searchMsAtMost),
      atMost: 1,
    },
  ];
}
