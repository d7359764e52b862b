/** What became of a backlog, in tables and verdicts. */
import { lines } from './chart.svg.mjs';
import { ratesOf, readLog, turnsOf } from './sendings.mjs';
import { median } from './statistics.mjs';
import { digits, table } from './table.mjs';

/** Of the rates: shorter slices tell of single timers. */
const sliceMs = 5_000;
/** Of the configured rate: the median of the slices, and the fastest of them. */
const [rateAtLeast, fastestAtMost] = [0.95, 1.1];
/**
 * Of the last quarter beside the first. A courier's memory goes up and down by a fifth; if it kept 1 KB of each of 100,000 jobs it would
 * grow by two fifths. NATS remembers the ids of events for an hour, of which each job has one.
 */
const growthAtMost = { courier: 1.25, gateway: 1.1, nats: 1.5 };
/** Until then code is compiled and buffers grow: share of the looks that is left out. */
const settleShare = 0.1;
const turnsAtMost = 1.15;
/** Beyond the longest first pause, in milliseconds. */
const retryLateMsAtMost = 1_000;

const percent = (/** @type {number} */ share) => `${(share * 100).toFixed(1)} %`;
const inSeconds = (/** @type {number} */ ms) => (ms / 1_000).toFixed(2);
const spanText = (/** @type {{p50: number, p99: number, most: number}} */ { p50, p99, most }) =>
  [p50, p99, most].map(inSeconds).join(', ');

/**
 * @typedef {{at: number, left: number, memory: Record<string, number>}} Look `at` in seconds from the beginning
 * @typedef {object} Found
 * @property {{jobs: number, rate: number, atOnce: number, clients: number, retryMs: number, greedyShare: number,
 *   dossierShare: number, perDossier: number, failEvery: number}} wanted
 * @property {import('./backlog.mjs').Job[][]} units
 * @property {{transactions: string[], seconds: number, refused: Record<string, number>, cpu: Record<string, number>}} filled
 * @property {{looks: Look[], seconds: number, cpu: Record<string, number>, othersCores: number}} drained
 * @property {import('./sendings.mjs').Sending[]} sendings
 * @property {number} underWayMost
 * @property {Map<string, string[]>} told types of events by transaction
 */

/** @param {Found} found @returns {import('./results.mjs').Results} */
export function backlogResults(found) {
  const { wanted, units, filled, drained, sendings, told } = found;
  const log = readLog(sendings, units);
  const rates = ratesOf(sendings, Math.min(sliceMs, (drained.seconds * 1_000) / 20));
  const turns = turnsOf(sendings, units, wanted.clients);
  const untold = filled.transactions.filter((id) => (told.get(id) ?? []).join() !== 'transaction.succeeded').length;
  const memory = memoryIn(drained.looks);
  const { violations, doubles, forgotten, sentAgain } = log;
  const faults = {
    'out of the order of their dossier': violations,
    'took effect twice': doubles,
    'sent again though they had succeeded': sentAgain,
    forgotten,
    'whose end was not told, or not once': untold,
  };
  return {
    tables: [
      {
        title: `A backlog of ${wanted.jobs.toLocaleString('en-US')}`,
        text: table(['', 'measured'], rowsOf(found, { log, rates, turns, faults })),
      },
      { title: 'While it drains', text: memoryTable(memory, found) },
    ],
    claims: claimsOf(wanted, { rates, memory, turns }),
    failures: failuresOf(found, { log, rates, faults }),
    notes: notesOf(found),
    charts: { memory: chart(drained.looks) },
    figures: { wanted, log, rates, turns, memory, looks: drained.looks, filledSeconds: filled.seconds },
  };
}

/** @param {Look[]} looks */
function memoryIn(looks) {
  const settled = looks.slice(Math.floor(looks.length * settleShare));
  const quarter = Math.ceil(settled.length / 4);
  return Object.keys(growthAtMost).map((role) => {
    const all = settled.map(({ memory }) => memory[role]);
    const [first, last] = [median(all.slice(0, quarter)), all.slice(-quarter)];
    return { role, first, last: median(last), most: Math.max(...all), growth: last.map((value) => value / first) };
  });
}

/** @param {Found} found */
function rowsOf({ wanted, filled, drained, sendings, underWayMost }, { log, rates, turns, faults }) {
  const { jobs, rate, atOnce } = wanted;
  const { retries, behind } = log;
  return [
    ['handed in, per second', digits(jobs / filled.seconds)],
    ['sent, per second', `${digits(sendings.length / drained.seconds)} of ${rate}`],
    ['in the slowest and the fastest slice', `${digits(Math.min(...rates))}, ${digits(Math.max(...rates))}`],
    ['at once, at most', `${underWayMost} of ${atOnce}`],
    [`first retry after s, of ${retries.count}: p50, p99, most`, spanText(retries)],
    [`next of a dossier s after the one before, of ${behind.count}: p50, p99, most`, spanText(behind)],
    ['share of the greedy client while all others wait', `${percent(turns.share)} of ${percent(turns.equalShare)}`],
    ['all others are done after', `${percent(turns.doneAt / sendings.length)} of the sendings`],
    ...Object.entries(faults).map(([what, count]) => [what, String(count)]),
  ];
}

/** @param {ReturnType<typeof memoryIn>} memory @param {Found} found */
function memoryTable(memory, { wanted: { jobs }, filled, drained }) {
  const head = ['process', 'first quarter MB', 'last quarter MB', 'most MB', 'growth', 'CPU µs a job in', 'and out'];
  const rows = memory.map(({ role, first, last, most }) => [
    role,
    ...[first, last, most].map(digits),
    percent(last / first - 1),
    ...[filled.cpu, drained.cpu].map((cpu) => digits(cpu[role] / jobs)),
  ]);
  return table(head, rows);
}

/** @param {Found['wanted']} wanted @returns {import('./statistics.mjs').Claim[]} */
function claimsOf({ rate }, { rates, memory, turns }) {
  return [
    {
      what: `sendings per second, of ${rate}`,
      ratios: rates.map((/** @type {number} */ value) => value / rate),
      atLeast: rateAtLeast,
    },
    ...memory.map(({ role, growth }) => ({
      what: `${role} memory while it drains, last quarter / first quarter`,
      ratios: growth,
      atMost: growthAtMost[role],
    })),
    { what: 'others are done, of the time that equal turns take', ratios: turns.ratios, atMost: turnsAtMost },
  ];
}

/** @param {Found} found */
function failuresOf({ wanted, underWayMost }, { log, rates, faults }) {
  const { rate, atOnce, retryMs } = wanted;
  const fastest = Math.max(...rates);
  const late = log.retries.p99 - retryMs;
  return [
    ...Object.entries(faults).flatMap(([what, count]) => (count > 0 ? [`${count} jobs ${what}`] : [])),
    ...(underWayMost > atOnce ? [`${underWayMost} jobs were sent at once, of ${atOnce}`] : []),
    ...(fastest > fastestAtMost * rate ? [`${digits(fastest)} jobs were sent in a second, of ${rate}`] : []),
    ...(late > retryLateMsAtMost ? [`first retries come ${inSeconds(late)} s late (p99)`] : []),
  ];
}

/** @param {Found} found */
function notesOf({ wanted, filled, drained }) {
  const { clients, greedyShare, dossierShare, perDossier, failEvery, retryMs } = wanted;
  const pause = `${retryMs / 2_000} to ${retryMs / 1_000} s`;
  return [
    `${clients} clients, of whom one has ${percent(greedyShare)} of the jobs and handed its own in first. ${percent(dossierShare)} of the jobs belong to dossiers of ${perDossier}. One in ${failEvery} fails at its first sending; its pause is ${pause}.`,
    `Refused while they were handed in, and handed in again: ${JSON.stringify(filled.refused)}. While it drained others used ${digits(drained.othersCores)} cores.`,
  ];
}

/** @param {Look[]} looks */
const chart = (looks) =>
  lines({
    title: 'Resident memory, in megabytes',
    note: 'while a backlog drains',
    horizontal: 'seconds',
    series: Object.keys(growthAtMost).map((role) => ({
      name: role,
      points: looks.map(({ at, memory }) => [Math.round(at), memory[role]]),
    })),
  });
