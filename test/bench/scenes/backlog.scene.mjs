/** A backlog of asynchronous commands that drains: how fast, in which order, with how much memory, and whose turn it is. */
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { readParts } from '../../../deploy/local/parts.mjs';
import { root } from '../../../deploy/local/places.mjs';
import { Trouble } from '../../../deploy/local/say.mjs';
import { handIn, unitsOf } from '../harness/backlog.mjs';
import { backlogResults } from '../harness/backlog.results.mjs';
import { numbers } from '../harness/options.mjs';
import { memoryOf, openAccount } from '../harness/process.accounts.mjs';
import { manyClients } from '../harness/product.mjs';
import { digits } from '../harness/table.mjs';

const load = createRequire(import.meta.url);
const dist = (/** @type {string} */ path) => load(join(root, 'dist/libs', path, 'index.js'));

const system = 'registry';
const who = 'bench';
const askMs = 10_000;
const lookMs = 1_000;
const sayEveryMs = 10_000;
/** Longest time in which no job leaves the queue. */
const stuckMs = 120_000;
/** First pause before a job that failed is sent again. */
const retryMs = 2_000;
/** The greedy client's share, the share that belongs to dossiers of several, and one of so many fails at its first sending. */
const mixture = { greedyShare: 0.8, dossierShare: 0.5, perDossier: 5, failEvery: 50 };

/** @type {import('../harness/options.mjs').Scene} */
export const scene = {
  summary: 'a backlog of asynchronous commands: its rate, order, fairness, first retries and memory while it drains',
  // It has a load generator of its own.
  counted: true,
  options: {
    jobs: { value: '<n>', default: '100000', says: 'commands that wait' },
    rate: { value: '<n>', default: '300', says: 'sendings per second that the courier is allowed' },
    'at-once': { value: '<n>', default: '16', says: 'sendings at once that it is allowed' },
    delay: { value: '<ms>', default: '10', says: 'how long the outside system takes' },
    clients: { value: '<n>', default: '8', says: 'clients, of whom one has four fifths of the jobs' },
    connections: { value: '<n>', default: '64', says: 'connections over which they are handed in' },
  },
  async run(lab) {
    const wanted = wantedOf(lab.options);
    const bus = await startAll(lab, wanted);
    const units = unitsOf({ ...wanted, ...mixture });
    await bus.ask('pause', { system, who });
    const filled = await fill(lab, bus, units, wanted);
    const drained = await drain(lab, bus, wanted);
    const { sendings, underWayMost } = await bus.log();
    const told = await bus.told();
    await bus.close();
    return backlogResults({
      wanted: { ...wanted, ...mixture, retryMs },
      units,
      filled,
      drained,
      sendings,
      underWayMost,
      told,
    });
  },
};

/** @typedef {{jobs: number, rate: number, atOnce: number, delay: number, clients: number, connections: number}} Wanted */

/** @param {Record<string, string>} options @returns {Wanted} */
function wantedOf(options) {
  const one = (/** @type {string} */ name) => numbers(name, options[name])[0];
  const [jobs, rate, atOnce, delay, clients, connections] = [
    'jobs',
    'rate',
    'at-once',
    'delay',
    'clients',
    'connections',
  ].map(one);
  if (jobs < 100) throw new Trouble('--jobs: at least 100 are needed to tell anything');
  return { jobs, rate, atOnce, delay, clients, connections };
}

/** Gateway, courier, connector, and what this process needs to look at the queue. @param {import('../harness/lab.mjs').Lab} lab @param {Wanted} wanted */
async function startAll(lab, { rate, atOnce, delay, clients }) {
  const stage = await lab.stage({ systems: [] });
  const jobKey = { LGSP_JOB_KEY: randomBytes(32).toString('base64url') };
  const { NATS_URL } = stage.environment;
  const connector = await lab.children.node(join(import.meta.dirname, '../sending.log.mjs'), {
    environment: { NATS_URL, SYSTEM: system, DELAY_MS: String(delay) },
  });
  const gateway = await stage.contender('lgsp', jobKey);
  const { profile } = lab.options;
  const courier = await lab.children.node(readParts().find(({ kind }) => kind === 'courier').main, {
    execArgv: profile ? ['--cpu-prof', `--cpu-prof-dir=${resolve(profile)}`] : [],
    environment: {
      ...jobKey,
      LGSP_NATS_URL: NATS_URL,
      LGSP_METRICS_PORT: '0',
      LGSP_LOG_LEVEL: 'warn',
      LGSP_COURIER_PER_SECOND: String(rate),
      LGSP_COURIER_IN_FLIGHT_MAX: String(atOnce),
      LGSP_COURIER_RETRY_MS: String(retryMs),
    },
  });
  const tokens = await manyClients(NATS_URL, clients);
  const connection = await dist('bus').BusConnection.open({ url: NATS_URL, name: 'bench', log: quiet() });
  const client = new (dist('bus').BusClient)(connection);
  const { courierSubjects, openJobMessages } = dist('jobs');
  const messages = await openJobMessages(connection);
  return {
    address: gateway.address,
    tokens,
    processes: { courier: [courier.pid], gateway: gateway.processes.gateway, nats: stage.processes.nats },
    ask: (/** @type {string} */ what, /** @type {object} */ question) =>
      client.call(courierSubjects[what], question, Date.now() + askMs),
    /** @returns {Promise<number>} */
    size: () => messages.size(),
    log: () => logOf(connector),
    told: () => eventsOf(connection),
    close: () => connection.close(),
  };
}

const quiet = () => dist('telemetry').createLogger({ app: 'bench', level: 'warn' });

/** @param {import('../harness/children.mjs').Started} connector @returns {Promise<{sendings: import('../harness/backlog.mjs').Sending[], underWayMost: number}>} */
const logOf = ({ child }) =>
  new Promise((resolve) => {
    child.once('message', resolve);
    child.send('tell');
  });

/** How each transaction ended, as its client was told. @returns {Promise<Map<string, string[]>>} types by transaction */
async function eventsOf(connection) {
  /** @type {Map<string, Map<string, string>>} */
  const told = new Map();
  for await (const { event } of (await dist('events').EventLog.open(connection)).read()) {
    const known = told.get(event.transactionId) ?? new Map();
    told.set(event.transactionId, known.set(event.id, event.type));
  }
  return new Map([...told].map(([id, events]) => [id, [...events.values()]]));
}

/** @param {import('../harness/lab.mjs').Lab} lab @param {import('../harness/backlog.mjs').Job[][]} units @param {Wanted} wanted */
async function fill(lab, bus, units, { jobs, connections }) {
  let saidAt = performance.now();
  const tell = (/** @type {number} */ accepted, /** @type {number} */ perSecond) => {
    if (performance.now() - saidAt < sayEveryMs) return;
    saidAt = performance.now();
    process.stderr.write(`${accepted} of ${jobs} jobs are accepted, ${digits(perSecond)} per second\n`);
  };
  const account = openAccount(bus.processes);
  const { address, tokens } = bus;
  const filled = await handIn(units, { address, path: `/v1/${system}/order`, tokens, connections, tell });
  const { cpu } = account.close();
  const waiting = await bus.size();
  if (waiting !== jobs) throw new Trouble(`${jobs} jobs were accepted, and ${waiting} wait`);
  lab.say(`${jobs} jobs wait, handed in at ${digits(jobs / filled.seconds)} per second`);
  return { ...filled, cpu };
}

/**
 * Lets the jobs be sent, and looks at the processes until none is left.
 * @param {import('../harness/lab.mjs').Lab} lab @param {Wanted} wanted
 */
async function drain(lab, bus, { jobs, rate }) {
  /** @type {import('../harness/backlog.results.mjs').Look[]} */
  const looks = [];
  const account = openAccount(bus.processes);
  const startedAt = performance.now();
  await bus.ask('resume', { system, who });
  let [left, movedAt, saidAt] = [jobs, startedAt, startedAt];
  while (left > 0) {
    await new Promise((resolve) => setTimeout(resolve, lookMs));
    const now = performance.now();
    const before = left;
    left = await bus.size();
    if (left < before) movedAt = now;
    const at = (now - startedAt) / 1_000;
    looks.push({ at, left, memory: memoryOf(bus.processes) });
    if (now - movedAt > stuckMs) throw new Trouble(`the queue has stood at ${left} jobs for ${stuckMs / 1_000} s`);
    if (now - saidAt < sayEveryMs) continue;
    saidAt = now;
    const { courier, gateway, nats } = looks.at(-1).memory;
    const megabytes = [courier, gateway, nats].map((value) => `${Math.round(value)} MB`).join(', ');
    const perSecond = digits((jobs - left) / at);
    process.stderr.write(
      `${left} of ${jobs} jobs wait, ${perSecond} per second of ${rate}; courier, gateway, NATS: ${megabytes}\n`,
    );
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const { cpu, othersCores } = account.close();
  lab.say(`all were sent within ${Math.round(seconds)} s`);
  return { looks, seconds, cpu, othersCores };
}
