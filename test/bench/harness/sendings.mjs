/** What a log of sendings tells of the jobs that were sent: order, doubles, retries, rates, and whose turn it was. */
import { median, quantile } from './statistics.mjs';

/**
 * @typedef {[number, number, 0 | 1 | 2]} Sending number of the job, epoch milliseconds; 0 it failed, 1 it took effect, 2 it had
 *   taken effect before
 * @typedef {import('./backlog.mjs').Job} Job
 */

/**
 * What the log of sendings tells of the jobs.
 * @param {readonly Sending[]} sendings in their order @param {readonly Job[][]} units
 */
export function readLog(sendings, units) {
  const jobs = units.flat();
  /** @type {Map<number, number>} place in the log at which each took effect */
  const effects = new Map();
  const first = new Map();
  const retries = [];
  let doubles = 0;
  let sentAgain = 0;
  for (const [at, [nth, time, verdict]] of sendings.entries()) {
    const before = first.get(nth);
    if (before === undefined) first.set(nth, { at, time, failed: verdict === 0 });
    else if (before.failed) {
      retries.push(time - before.time);
      before.failed = false;
    } else sentAgain++;
    if (verdict === 1 && effects.has(nth)) doubles++;
    if (verdict === 1) effects.set(nth, at);
  }
  let violations = 0;
  const behind = [];
  for (const unit of units)
    for (const [place, job] of unit.entries()) {
      if (place === 0) continue;
      const own = first.get(job.nth);
      const effect = effects.get(unit[place - 1].nth) ?? Infinity;
      if (!own || own.at < effect) violations++;
      else behind.push(own.time - sendings[effect][1]);
    }
  const forgotten = jobs.filter(({ nth }) => !effects.has(nth)).length;
  return { doubles, sentAgain, forgotten, violations, retries: spanOf(retries), behind: spanOf(behind) };
}

/** @param {number[]} values milliseconds */
function spanOf(values) {
  if (values.length === 0) return { count: 0, p50: 0, p99: 0, most: 0 };
  const [p50, p99, most] = [median(values), quantile(values, 0.99), quantile(values, 1)];
  return { count: values.length, p50, p99, most };
}

/** Sendings of each whole slice of time, per second. @param {readonly Sending[]} sendings @param {number} sliceMs */
export function ratesOf(sendings, sliceMs) {
  const from = sendings[0][1];
  const counts = Array.from({ length: Math.floor((sendings.at(-1)[1] - from) / sliceMs) }, () => 0);
  for (const [, time] of sendings) {
    const slice = Math.floor((time - from) / sliceMs);
    if (slice < counts.length) counts[slice]++;
  }
  return counts.map((count) => (count * 1_000) / sliceMs);
}

/**
 * How clients fare that have little beside the one that has much.
 * @param {readonly Sending[]} sendings @param {readonly Job[][]} units @param {number} clients
 */
export function turnsOf(sendings, units, clients) {
  const clientOf = new Map(units.flat().map(({ nth, client }) => [nth, client]));
  const own = Array.from({ length: clients }, () => 0);
  for (const client of clientOf.values()) own[client]++;
  const left = [...own];
  /** @type {number[]} place in the log of the last job of each */
  const lastAt = [];
  const greedyAt = [];
  let greedy = 0;
  for (const [at, [nth, , verdict]] of sendings.entries()) {
    const client = clientOf.get(nth);
    if (client === 0) greedy++;
    greedyAt.push(greedy);
    if (verdict === 1 && --left[client] === 0) lastAt[client] = at + 1;
  }
  const small = own.map((count, client) => ({ count, last: lastAt[client] ?? Infinity })).slice(1);
  // Everybody's turn comes round: with equal turns a client is done after as many rounds as it has jobs.
  const ratios = small.map(({ count, last }) => last / (count * clients));
  const soonest = Math.min(...small.map(({ last }) => last));
  const share = small.length === 0 ? 1 : greedyAt[Math.min(soonest, greedyAt.length) - 1] / soonest;
  return { ratios, share, equalShare: 1 / clients, doneAt: Math.max(0, ...small.map(({ last }) => last)) };
}
