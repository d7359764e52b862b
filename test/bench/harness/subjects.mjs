/** What is measured: requests to a contender, in rounds that take turns so that all subjects meet the same disturbances. */
import { join } from 'node:path';
import { Trouble } from '../../../deploy/local/say.mjs';
import { smallBody } from './bodies.mjs';
import { openLoad } from './open.load.mjs';
import { memoryOf, openAccount } from './process.accounts.mjs';
import { median, relativeSpread } from './statistics.mjs';
import { wrk, writeWrkScript } from './wrk.load.mjs';

/**
 * @typedef {object} Round one measurement of one subject
 * @property {number} perSecond
 * @property {number} requests
 * @property {number} errors
 * @property {Record<string, number>} [failures] by status, where the load generator tells; 0 is no answer
 * @property {{p50: number, p99: number, p999: number, max: number}} latencyMs
 * @property {Record<string, number>} cpu microseconds per transaction, by role
 * @property {number} generatorCpu the same of the load generator
 * @property {Record<string, number>} memory megabytes after the round, by role
 * @property {number} othersCores what the machine did for others meanwhile, in cores
 * @property {boolean} late the load generator did not keep its timetable
 *
 * @typedef {object} Subject
 * @property {string} name
 * @property {import('./process.accounts.mjs').Roles} processes
 * @property {(seconds: number) => Promise<import('./wrk.load.mjs').LoadResult & {late?: boolean}>} load
 * @property {Round[]} rounds
 * @property {Record<string, string | number>} [labels] what sets it apart from others of its contender
 */

let scripts = 0;

/**
 * A contender under `wrk`.
 * @param {import('./stage.mjs').Contender | readonly import('./stage.mjs').Contender[]} contenders several share the load
 * @param {{folder: string, connections: number, name?: string, body?: string, labels?: Subject['labels'],
 *   variants?: readonly import('./wrk.load.mjs').Variant[]}} options
 * @returns {Subject}
 */
export function wrkSubject(contenders, { folder, connections, name, body = smallBody, labels, variants }) {
  const all = Array.isArray(contenders) ? contenders : [contenders];
  const [first] = all;
  const script = join(folder, `load-${++scripts}.lua`);
  const requests = {
    addresses: all.map(({ address }) => address),
    headers: { 'Content-Type': 'application/json', ...first.headers },
    body,
    variants: variants ?? [{ path: first.path }],
  };
  writeWrkScript(script, requests);
  const gateway = all.flatMap(({ processes }) => processes.gateway);
  return {
    name: name ?? first.name,
    processes: { ...first.processes, gateway },
    load: (seconds) => wrk(script, requests, { seconds, connections }),
    rounds: [],
    labels,
  };
}

/**
 * A contender under load by a timetable.
 * @param {import('./stage.mjs').Contender} contender
 * @param {{perSecond: number, connections: number, name?: string, body?: string, labels?: Subject['labels'],
 *   napMs?: number, variants?: readonly import('./wrk.load.mjs').Variant[]}} options
 * @returns {Subject}
 */
export function openSubject(
  { name: contenderName, address, path, headers: own, processes },
  { perSecond, connections, name = contenderName, body = smallBody, labels, napMs, variants = [{ path }] },
) {
  const headers = { 'Content-Type': 'application/json', ...own };
  const timetable = { url: address.href, headers, body, variants, perSecond, connections, napMs };
  return {
    name,
    processes,
    load: (seconds) => openLoad({ ...timetable, seconds }),
    rounds: [],
    labels,
  };
}

/** Before it is measured, a contender must do what it is measured for. @param {import('./stage.mjs').Contender} contender */
export async function mustEcho({ name, address, path, headers }, body = smallBody) {
  const response = await fetch(new URL(path, address), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  const same = response.status === 200 && JSON.stringify(JSON.parse(text)) === JSON.stringify(JSON.parse(body));
  if (!same) throw new Trouble(`${name} does not echo: ${response.status} ${text.slice(0, 300)}`);
}

/** @param {Subject} subject @param {number} seconds @returns {Promise<Round>} */
export async function measure(subject, seconds) {
  const account = openAccount(subject.processes);
  const { requests, seconds: took, errors, failures, latencyMs, late = false } = await subject.load(seconds);
  const { cpu, generator, othersCores } = account.close();
  const each = (/** @type {number} */ microseconds) => microseconds / Math.max(1, requests);
  return {
    perSecond: requests / took,
    requests,
    errors,
    failures,
    latencyMs,
    cpu: Object.fromEntries(Object.entries(cpu).map(([role, microseconds]) => [role, each(microseconds)])),
    generatorCpu: each(generator),
    memory: memoryOf(subject.processes),
    othersCores,
    late,
  };
}

/**
 * Warms every subject up, then measures them in turn, each round beginning with the next one.
 * @param {readonly Subject[]} subjects
 * @param {{rounds: number, seconds: number, warmup: number, say: (text: string) => void}} options
 */
export async function measureInTurn(subjects, { rounds, seconds, warmup, say }) {
  for (const subject of subjects) await subject.load(warmup);
  for (let round = 0; round < rounds; round++) {
    const first = round % subjects.length;
    for (const subject of [...subjects.slice(first), ...subjects.slice(0, first)]) {
      subject.rounds.push(await measure(subject, seconds));
    }
    say(`round ${round + 1} of ${rounds} is done`);
  }
}

/** A figure's median over the rounds, and its spread as a share of it. @param {Subject} subject @param {(round: Round) => number} figure */
export function middle(subject, figure) {
  const values = subject.rounds.map(figure);
  return { median: median(values), spread: relativeSpread(values) };
}

/** Ratios of two subjects, round by round. @param {Subject} one @param {Subject} other @param {(round: Round) => number} figure */
export const ratios = (one, other, figure) => one.rounds.map((round, at) => figure(round) / figure(other.rounds[at]));

/** Why a figure of these subjects decides nothing, if so. @param {Subject[]} subjects @returns {string | undefined} */
export function doubtOf(...subjects) {
  const errors = errorsOf(...subjects);
  if (errors > 0) return `${errors} calls failed`;
  const late = subjects.flatMap(({ rounds }) => rounds).filter((round) => round.late).length;
  return late > 0 ? `the load generator was late in ${late} rounds` : undefined;
}

/** @param {Subject[]} subjects */
export const errorsOf = (...subjects) =>
  subjects.reduce((sum, { rounds }) => rounds.reduce((inner, { errors }) => inner + errors, sum), 0);
