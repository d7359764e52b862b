/** A long load: memory must become flat, and nothing may fail. */
import { lines } from '../harness/chart.svg.mjs';
import { numbers } from '../harness/options.mjs';
import { errorsOf, measure, mustEcho, openSubject, wrkSubject } from '../harness/subjects.mjs';
import { accessOf } from '../harness/stage.mjs';
import { median } from '../harness/statistics.mjs';
import { digits, roles, table } from '../harness/table.mjs';

/** Memory that is called flat differs by no more than this share between the first and the last quarter. */
const growthAtMost = 1.03;
/** Until then caches fill and code is compiled; of a shorter soak it is a sixth. In minutes. */
const settleMinutes = 10;
/** Queries for each command. */
const queriesPerCommand = 9;
/** How long a token is used: half of what it is good for. */
const tokenMs = 1_800_000;

/** @type {import('../harness/options.mjs').Scene} */
export const scene = {
  summary: 'a long load of queries and commands, with the memory of every process',
  options: {
    minutes: { value: '<n>', default: '60', says: 'length of the load' },
    seconds: { value: '<n>', default: '10', says: 'between two looks at the memory' },
    'per-second': { value: '<n>', says: 'calls by a timetable; without it as many as the connections bear' },
  },
  async run(lab) {
    const [minutes] = numbers('minutes', lab.options.minutes);
    const stage = await lab.stage();
    const lgsp = await stage.contender('lgsp');
    await mustEcho(lgsp);
    const subject = subjectOf(lgsp, lab);
    let tokenAt = performance.now();
    const looks = Math.max(8, Math.round((minutes * 60) / lab.seconds));
    const toldEvery = Math.ceil(looks / 20);
    for (let look = 1; look <= looks; look++) {
      if (performance.now() - tokenAt > tokenMs) {
        tokenAt = performance.now();
        subject.load = subjectOf(await withNewToken(lgsp), lab).load;
      }
      subject.rounds.push(await measure(subject, lab.seconds));
      if (look % toldEvery === 0) lab.say(progress(subject, look, lab.seconds));
    }
    return results(subject, minutes, lab.seconds);
  },
};

/** @param {import('../harness/stage.mjs').Contender} lgsp @param {import('../harness/lab.mjs').Lab} lab */
function subjectOf(lgsp, lab) {
  const query = { path: lgsp.path };
  const command = { path: '/v1/echo/order', newKey: true };
  const variants = [...Array.from({ length: queriesPerCommand }, () => query), command];
  const rate = lab.options['per-second'];
  if (rate === undefined) return wrkSubject(lgsp, { ...lab, variants });
  const [perSecond] = numbers('per-second', rate);
  return openSubject(lgsp, { perSecond, connections: lab.connections, variants });
}

/** @param {import('../harness/stage.mjs').Contender} lgsp */
async function withNewToken({ started, address, headers, ...others }) {
  const access = await accessOf(address, /** @type {{id: string, secret: string}} */ (started.told.client));
  return { ...others, started, address, headers: { ...headers, ...access } };
}

/** @param {import('../harness/subjects.mjs').Subject} subject @param {number} look @param {number} seconds */
function progress(subject, look, seconds) {
  const { memory, perSecond, failures = {} } = subject.rounds.at(-1);
  const how = Object.entries(failures).map(([status, count]) => `, of these just now ${count} with ${status}`);
  const at = ((look * seconds) / 60).toFixed(1);
  return `minute ${at}: ${digits(perSecond)} per second, gateway ${digits(memory.gateway)} MB, ${errorsOf(subject)} errors${how.join('')}`;
}

/** @param {import('../harness/subjects.mjs').Subject} subject @param {number} minutes @param {number} seconds */
function results(subject, minutes, seconds) {
  const at = (/** @type {number} */ look) => ((look + 1) * seconds) / 60;
  const settled = Math.min(settleMinutes, minutes / 6);
  const after = subject.rounds.filter((_, look) => at(look) > settled);
  const quarter = Math.floor(after.length / 4);
  const part = (/** @type {string} */ role, /** @type {number} */ from) =>
    after.slice(from, from + quarter).map(({ memory }) => memory[role]);
  const last = after.length - quarter;
  const rows = roles.map((role) => {
    const [first, end] = [part(role, 0), part(role, last)];
    const share = (median(end) / median(first) - 1) * 100;
    return [role, digits(median(first)), digits(median(end)), `${share.toFixed(1)} %`];
  });
  const start = part('gateway', 0);
  const failed = errorsOf(subject);
  return {
    subjects: [subject],
    tables: [{ title: 'Memory', text: table(['process', 'first quarter MB', 'last quarter MB', 'growth'], rows) }],
    claims: [
      {
        what: `gateway memory after minute ${settled.toFixed(1)}, last quarter / first quarter`,
        ratios: part('gateway', last).map((value) => value / median(start)),
        atMost: growthAtMost,
        doubt: failed > 0 ? `${failed} calls failed` : undefined,
      },
    ],
    notes: [
      `${failed} errors in ${subject.rounds.reduce((sum, { requests }) => sum + requests, 0).toLocaleString('en-US')} calls, one of ${queriesPerCommand + 1} a command.`,
      'NATS grows by the kept commands: it holds their places in memory, and lets them go after seven days.',
    ],
    charts: {
      memory: lines({
        title: 'Resident memory, in megabytes',
        note: 'under a load of queries and commands',
        horizontal: 'minutes',
        series: roles.map((role) => ({
          name: role,
          points: subject.rounds.map(({ memory }, look) => [at(look), memory[role]]),
        })),
      }),
    },
  };
}
