/** What the metrics of one transaction cost: everything that gateway and connector count for it, and nothing else. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../../../deploy/local/places.mjs';
import { numbers } from '../harness/options.mjs';
import { median, relativeSpread } from '../harness/statistics.mjs';
import { digits, table } from '../harness/table.mjs';

const microsecondsAtMost = 3;
/** A province: so many systems, operations of each, and clients take turns, so that no series stays in the processor's cache. */
const [systems, operations, clients] = [10, 6, 50];
/** One in so many fails, and one in so many is sent to the outside system twice. */
const [failsEvery, repeatsEvery] = [50, 20];
/** Records that become durable together under load. */
const batchRecords = 16;
const warmupTransactions = 100_000;

/** @type {import('../harness/options.mjs').Scene} */
export const scene = {
  summary: `what the metrics of one transaction cost in gateway and connector, of ${microsecondsAtMost} µs`,
  // It takes the CPU time of its own process, and needs no load.
  counted: true,
  options: { transactions: { value: '<n>', default: '500000', says: 'transactions of one round' } },
  async run(lab) {
    const [transactions] = numbers('transactions', lab.options.transactions);
    const parts = makeParts();
    /** @type {Record<string, number[]>} */
    const spent = Object.fromEntries(Object.keys(parts).map((name) => [name, []]));
    for (const part of Object.values(parts)) for (let nth = 0; nth < warmupTransactions; nth++) part(nth);
    for (let round = 0; round < lab.rounds; round++) {
      for (const [name, part] of Object.entries(parts)) spent[name].push(microsecondsOf(part, transactions));
      lab.say(`round ${round + 1} of ${lab.rounds} is done`);
    }
    const whole = spent.gateway.map((value, round) => value + spent.connector[round]);
    const row = (/** @type {[string, number[]]} */ [name, values]) => [
      name,
      digits(median(values)),
      `± ${(relativeSpread(values) * 100).toFixed(0)} %`,
    ];
    return {
      tables: [
        {
          title: 'Metrics of one transaction',
          text: table(['in', 'µs', 'spread'], [...Object.entries(spent), ['both', whole]].map(row)),
        },
      ],
      claims: [
        {
          what: `metrics of one transaction, of ${microsecondsAtMost} µs`,
          ratios: whole.map((value) => value / microsecondsAtMost),
          atMost: 1,
        },
      ],
      notes: [
        `CPU time of this process. ${systems} systems with ${operations} operations each and ${clients} clients, in turn; one call in ${failsEvery} fails.`,
      ],
      figures: { ...spent, both: whole },
    };
  },
};

/** @param {(nth: number) => void} part @param {number} transactions */
function microsecondsOf(part, transactions) {
  const before = process.cpuUsage();
  for (let nth = 0; nth < transactions; nth++) part(nth);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / transactions;
}

/** The counting of both processes, by the modules that they count with. @returns {Record<string, (nth: number) => void>} */
function makeParts() {
  const require = createRequire(join(root, 'dist/index.js'));
  const { Metrics } = require('#lgsp/telemetry');
  const { TransactionMetrics } = require('./apps/gateway/transactions/transaction.metrics.js');
  return { gateway: gatewayPart(new Metrics(), TransactionMetrics), connector: connectorPart(new Metrics()) };
}

const names = Array.from({ length: systems * operations }, (_, at) => ({
  system: `system-${at % systems}`,
  operation: `operation-${at % operations}`,
}));
const nameOf = (/** @type {number} */ nth) => names[nth % names.length];

function gatewayPart(metrics, TransactionMetrics) {
  const counted = new TransactionMetrics(metrics);
  const left = Array.from({ length: clients }, (_, at) =>
    metrics.gauge('lgsp_rate_limit_remaining', { client: `client-${at}` }),
  );
  const append = metrics.histogram('lgsp_recorder_append_seconds', {});
  const size = metrics.histogram('lgsp_recorder_batch_records', {});
  return (/** @type {number} */ nth) => {
    const { system, operation } = nameOf(nth);
    left[nth % clients].set(nth % 1_000);
    counted.begin(system);
    const fails = nth % failsEvery === 0;
    if (fails) counted.answered(system, operation, 504, 900 + (nth % 100), 'upstream-timeout');
    else counted.answered(system, operation, 200, 5 + (nth % 100));
    counted.end(system);
    if (nth % batchRecords > 0) return;
    append.observe(0.001);
    size.observe(batchRecords);
  };
}

/** As HttpUpstream and Pipeline count (libs/kit): the attempts with their labels looked up each time, the call bound once. */
function connectorPart(metrics) {
  const durations = names.map((labels) => metrics.histogram('lgsp_connector_duration_seconds', labels));
  return (/** @type {number} */ nth) => {
    const { system, operation } = nameOf(nth);
    const seconds = 0.005 + (nth % 100) / 1_000;
    for (let attempt = nth % repeatsEvery === 0 ? 2 : 1; attempt > 0; attempt--) {
      const result = attempt === 2 ? 'upstream-unreachable' : 'ok';
      metrics.counter('lgsp_upstream_attempts_total', { system, operation, result }).inc();
      metrics.histogram('lgsp_upstream_duration_seconds', { system, operation }).observe(seconds);
    }
    durations[nth % names.length].observe(seconds);
  };
}
