/**
 * What one transaction makes the gateway do, counted and compared with what is recorded: counts are the same on a busy
 * machine and on a quiet one, so that this can fail a build. Optimisation by the compiler is off, since it depends on when it
 * happens.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bodyOf, smallBody } from '../harness/bodies.mjs';
import { compareCounts } from '../harness/counts.mjs';
import { numbers } from '../harness/options.mjs';
import { median } from '../harness/statistics.mjs';
import { mustEcho } from '../harness/subjects.mjs';
import { table } from '../harness/table.mjs';

const recordFile = join(import.meta.dirname, '../guard.baseline.json');
const counters = pathToFileURL(join(import.meta.dirname, '../harness/counters.mjs')).href;
/** So much of the young heap that it is hardly collected while it is counted. */
const execArgv = [
  '--import',
  counters,
  '--expose-gc',
  '--no-opt',
  '--min-semi-space-size=128',
  '--max-semi-space-size=128',
];
const measures = ['functionCalls', 'allocatedBytes', 'asyncResources', 'systemCalls'];
/** A large body comes in as many reads as the kernel likes. */
const unsteady = ['query of 10 KB systemCalls'];
const growthAtMost = 0.15;
const portions = 3;
/** Until caches are filled and connections are open. */
const warmupCalls = 300;

const order = { path: '/v1/echo/order', body: smallBody, newKey: true };
const calls = {
  query: { body: smallBody },
  'query of 10 KB': { body: bodyOf(10_000) },
  command: order,
};

/** @type {import('../harness/options.mjs').Scene} */
export const scene = {
  summary: 'counts what one transaction makes the gateway do, and fails when it is 15 % more than recorded',
  counted: true,
  options: {
    rounds: { value: '<n>', default: '1', says: 'how often it is counted, each time in a new gateway' },
    transactions: { value: '<n>', default: '100', says: 'of each of three counts, whose middle is taken' },
    record: { says: 'record the counts for this version of Node instead of comparing them' },
  },
  async run(lab) {
    const [transactions] = numbers('transactions', lab.options.transactions);
    const stage = await lab.stage();
    /** @type {Record<string, number[]>} */
    const counts = {};
    for (let round = 0; round < lab.rounds; round++) await countAll(stage, transactions, counts);
    const major = process.versions.node.split('.')[0];
    const recorded = JSON.parse(readFileSync(recordFile, 'utf8'));
    if (lab.options.record) {
      const steady = Object.entries(counts).map(([name, values]) => [
        name,
        compareCounts({ [name]: values }, {}, 0).rows[0].now,
      ]);
      const all = { ...recorded, [`node ${major}`]: Object.fromEntries(steady) };
      writeFileSync(recordFile, `${JSON.stringify(all, null, 2)}\n`);
      recorded[`node ${major}`] = all[`node ${major}`];
    }
    return results(counts, recorded[`node ${major}`], major);
  },
};

/** @param {Record<string, number[]>} counts @param {Record<string, number> | undefined} baseline @param {string} major */
function results(counts, baseline, major) {
  const { rows, dearer, cheaper } = compareCounts(counts, baseline ?? {}, growthAtMost);
  const figure = (/** @type {number | undefined} */ value) =>
    value === undefined ? '—' : value.toFixed(value < 1_000 ? 2 : 0);
  const share = (/** @type {number | undefined} */ value) =>
    value === undefined ? '—' : `${(value * 100).toFixed(1)} %`;
  const cells = rows.map(({ name, now, spread, before, growth }) => [
    name,
    figure(now),
    share(spread),
    figure(before),
    share(growth),
  ]);
  const notes = [];
  if (!baseline) notes.push(`Nothing is recorded for Node ${major}: npm run bench -- guard --record does.`);
  if (cheaper.length > 0) notes.push(`Cheaper than recorded: ${cheaper.join(', ')}. Record it, so that it stays so.`);
  return {
    tables: [
      {
        title: 'One transaction, counted in the gateway',
        text: table(['count', 'now', '±', 'recorded', 'change'], cells),
      },
    ],
    failures: dearer.map((name) => `${name} is more than ${growthAtMost * 100} % above what is recorded`),
    notes,
    figures: { rows, counts },
  };
}

/** @param {import('../harness/stage.mjs').Stage} stage @param {number} transactions @param {Record<string, number[]>} counts */
async function countAll(stage, transactions, counts) {
  const lgsp = await stage.contender('lgsp', { BENCH_CLIENT_SECRET: stage.clientSecret }, execArgv);
  stage.clientSecret = lgsp.started.told.client?.secret;
  await mustEcho(lgsp);
  for (const [name, call] of Object.entries(calls)) {
    const caller = new Caller(lgsp, call);
    await caller.call(warmupCalls);
    for (const measure of measures) {
      const count = `${name} ${measure}`;
      if (unsteady.includes(count)) continue;
      (counts[count] ??= []).push(await steadyCount(lgsp, caller, measure, transactions));
    }
    caller.end();
  }
  await stage.children.end(lgsp.started.child);
}

/**
 * The middle of several short counts: a garbage collection in the middle of one makes V8 forget calls.
 * @param {import('../harness/stage.mjs').Contender} contender @param {Caller} caller @param {string} measure @param {number} transactions
 */
async function steadyCount(contender, caller, measure, transactions) {
  const found = [];
  for (let portion = 0; portion < portions; portion++) {
    await caller.call(transactions / 10);
    await told(contender, { begin: measure });
    await caller.call(transactions);
    found.push((await told(contender, { end: measure })).count / transactions);
  }
  return median(found);
}

/** @param {import('../harness/stage.mjs').Contender} contender @param {object} message @returns {Promise<any>} its answer */
async function told({ started: { child } }, message) {
  child.send(message);
  const [answer] = await once(child, 'message', { signal: AbortSignal.timeout(60_000) });
  return answer;
}

/** Calls one after the other over one connection: nothing depends on which of two was faster. */
class Caller {
  #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  #run = randomBytes(6).toString('hex');
  #sent = 0;

  /** @param {import('../harness/stage.mjs').Contender} contender @param {{path?: string, body: string, newKey?: boolean}} call */
  constructor({ address, path, headers }, call) {
    this.newKey = call.newKey;
    this.body = Buffer.from(call.body);
    this.url = new URL(call.path ?? path, address);
    this.headers = { ...headers, 'Content-Type': 'application/json', 'Content-Length': this.body.length };
  }

  /** @param {number} times */
  async call(times) {
    for (let time = 0; time < times; time++) await this.#one();
  }

  end() {
    this.#agent.destroy();
  }

  #one() {
    const key = this.newKey && { 'Idempotency-Key': `${this.#run}-${++this.#sent}` };
    const options = { method: 'POST', agent: this.#agent, headers: { ...this.headers, ...key }, timeout: 30_000 };
    return new Promise((resolve, reject) => {
      const asked = request(this.url, options, (answer) => {
        if (answer.statusCode !== 200) reject(new Error(`the gateway answered ${answer.statusCode}`));
        answer.resume().once('end', resolve).once('error', reject);
      });
      asked.once('timeout', () => asked.destroy(new Error('the gateway does not answer')));
      asked.once('error', reject);
      asked.end(this.body);
    });
  }
}
