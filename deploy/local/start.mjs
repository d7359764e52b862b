/** `npm start`: the whole bus on this machine, from nothing to a call that works. */
import { existsSync, rmSync } from 'node:fs';
import { demoClient, registerDemoClients } from './demo.clients.mjs';
import { ensureBuild } from './build.mjs';
import { writeEnvironment } from './environment.mjs';
import { checkNode, ensurePackages, ensureServer, servers } from './install.mjs';
import { frugal, readParts, roomy } from './parts.mjs';
import { places, readIfThere, root, writePrivate } from './places.mjs';
import { isAlive } from './commands.mjs';
import { freePort } from './ports.mjs';
import { localConfiguration } from './prometheus.conf.mjs';
import { drainMs, Processes } from './processes.mjs';
import { inSeconds, say, told, Trouble } from './say.mjs';
import { keepJobKey, keepSecrets } from './secrets.mjs';
import { startNats, startRedis } from './servers.mjs';
import { firstCall, untilUp } from './first.call.mjs';

/** @typedef {import('./parts.mjs').Part} Part @typedef {Record<string, string>} Environment */

const wanted = { gateway: 8080, metrics: 9464, sandbox: 4100 };
const beganAt = performance.now();
const interrupted = new AbortController();
const processes = new Processes((name, how) => {
  const isPart = readParts().some((part) => part.name === name);
  say(
    `${name} stopped (${how}); ${isPart ? `start it again with: npm run part -- ${name}` : 'Ctrl-C, then npm start'}`,
  );
});

process.on('SIGINT', onSignal);
process.on('SIGTERM', onSignal);
process.on('SIGHUP', onSignal);

let stopping = false;

async function main() {
  checkNode();
  takeLock();
  await ensurePackages(interrupted.signal);
  await ensureBuild(interrupted.signal);
  const means = await ensureServer(servers.nats, interrupted);
  const redisMeans = await ensureServer(servers.redis, interrupted);
  const parts = readParts();
  const connectors = parts.filter(({ kind }) => kind === 'connector');
  const systems = connectors.map(({ name }) => name);
  const secrets = keepSecrets(['gateway', 'ledger', 'courier', 'cli', 'history', 'developer', ...systems]);
  const natsUrl = await startNats(processes, means, { systems, passwords: secrets.nats });
  /** An existing server has its own users: whoever gives its address gives the credentials too. */
  const access = (/** @type {string} */ user) =>
    means.via === 'url'
      ? { LGSP_NATS_URL: natsUrl }
      : { LGSP_NATS_URL: natsUrl, LGSP_NATS_USER: user, LGSP_NATS_PASSWORD: secrets.nats[user] ?? '' };
  const { LGSP_NATS_USER: historyUser, LGSP_NATS_PASSWORD: historyPassword } = access('history');
  const history = historyUser
    ? { LGSP_HISTORY_NATS_USER: historyUser, LGSP_HISTORY_NATS_PASSWORD: historyPassword ?? '' }
    : {};
  writeEnvironment(places.environment('cli'), { ...access('cli'), ...history });

  const gatewayPort = await freePort('the gateway', wanted.gateway);
  const callbacks = `http://127.0.0.1:${gatewayPort}/v1/callbacks`;
  const sandbox = await startSandbox(one(parts, 'sandbox'), secrets.sandbox, { count: connectors.length, callbacks });
  const clients = registerDemoClients(access('cli'), interrupted.signal);
  clients.catch(() => undefined); // It is waited for below; a start that fails before interrupts it.
  const gatewayMetrics = await freePort('the metrics', wanted.metrics);
  const starts = [];
  const jobKey = { LGSP_JOB_KEY_FILE: keepJobKey() };
  for (const part of connectors) {
    const told = { ...sandbox.upstreams?.[part.name]?.env, ...(part.jobKey ? jobKey : {}) };
    const environment = { ...frugal, ...access(part.name), ...told, ...(await common()) };
    starts.push(startOf(part, environment));
  }
  starts.push(startOf(one(parts, 'ledger'), { ...roomy, ...access('ledger'), ...(await common()), ...database() }));
  // A dossier of the sandbox takes seconds where a real one takes days.
  const polls = { LGSP_COURIER_POLL_MS_MAX: '15000' };
  starts.push(startOf(one(parts, 'courier'), { ...access('courier'), ...(await common()), ...jobKey, ...polls }));
  const redisUrl = await startRedis(processes, redisMeans, secrets.redis);
  const redis = {
    LGSP_REDIS_URL: redisUrl,
    ...(redisMeans.via === 'url' ? {} : { LGSP_REDIS_PASSWORD: secrets.redis }),
  };
  const gatewaySettings = {
    LGSP_OFFICER_KEY: secrets.officers,
    ...jobKey,
    LGSP_HTTP_PORT: String(gatewayPort),
    LGSP_METRICS_PORT: String(gatewayMetrics),
    LGSP_CALLBACK_NETWORKS: JSON.stringify(Object.fromEntries(systems.map((system) => [system, ['127.0.0.1']]))),
    LGSP_CALLBACK_CLIENTS: JSON.stringify({ 'judicial-records/submission': demoClient }),
  };
  starts.push(
    startOf(one(parts, 'gateway'), { ...access('gateway'), ...(await common()), ...gatewaySettings, ...redis }),
  );
  const reports = await processes.start(starts);
  const gateway = reports.at(-1) ?? {};
  writeScrapes(starts, reports);

  const demo = {
    LGSP_URL: gateway.url ?? '',
    ...(await clients),
    LGSP_METRICS_URL: gateway.metricsUrl ?? '',
    LGSP_NATS_URL: natsUrl,
    LGSP_SANDBOX_URL: sandbox.url ?? '',
  };
  writeEnvironment(places.demo, demo);
  const catalogue = await untilUp(demo.LGSP_URL, systems, interrupted.signal);
  sayReady(demo, firstCall(catalogue));
}

/**
 * @param {Part} part
 * @param {string} secret
 * @param {{count: number, callbacks: string}} about how many outside systems, whose ports follow, and where they call back
 */
async function startSandbox(part, secret, { count, callbacks }) {
  const port = await freePort('the sandbox', wanted.sandbox, { reserve: count });
  const [report] = await processes.start([
    startOf(part, {
      LGSP_SANDBOX_PORT: String(port),
      LGSP_SANDBOX_SECRET: secret,
      LGSP_SANDBOX_CALLBACK_URL: callbacks,
    }),
  ]);
  return report ?? {};
}

async function common() {
  const port = await freePort('metrics', wanted.metrics + 1, { quiet: true });
  return { LGSP_METRICS_PORT: String(port), LGSP_DRAIN_MS: String(drainMs) };
}

/** Where the ledger keeps its book: named in the environment, else embedded in our folder. @returns {Environment} */
function database() {
  const { LGSP_DATABASE_URL: url, LGSP_DATABASE_PASSWORD: password } = process.env;
  return {
    LGSP_LEDGER_DIR: places.data('ledger'),
    ...(url ? { LGSP_DATABASE_URL: url } : {}),
    ...(password ? { LGSP_DATABASE_PASSWORD: password } : {}),
  };
}

/** @param {Part} part @param {Environment} environment */
function startOf({ name, main: script }, environment) {
  writeEnvironment(places.environment(name), environment);
  return { name, script, environment };
}

/**
 * Where a Prometheus finds the parts; a part that is started again keeps its port.
 * @param {{name: string}[]} starts
 * @param {{metricsUrl?: string}[]} reports
 */
function writeScrapes(starts, reports) {
  const targets = starts.map(({ name }, nth) => ({
    part: name,
    address: new URL(reports[nth]?.metricsUrl ?? '').host,
  }));
  writePrivate(places.prometheus, localConfiguration(targets));
}

/** @param {Part[]} parts @param {Part['kind']} kind */
function one(parts, kind) {
  const found = parts.find((part) => part.kind === kind);
  if (!found) throw new Error(`nest-cli.json lists no ${kind}`);
  return found;
}

/** @param {Environment} demo @param {string} call */
function sayReady(demo, call) {
  say(`
ready after ${inSeconds(performance.now() - beganAt)}

  gateway   ${demo['LGSP_URL']}/v1/services
  docs      ${demo['LGSP_URL']}/docs
  metrics   ${demo['LGSP_METRICS_URL']}
  sandbox   ${demo['LGSP_SANDBOX_URL']}/upstreams
  NATS      ${demo['LGSP_NATS_URL']}
  logs      ${places.logs}
  settings  ${places.demo}

The first call, to paste into another terminal:

${call}

Ctrl-C stops everything.`);
}

/** One launcher per folder: two would stop each other's parts and write over each other's files. */
function takeLock() {
  const other = Number(readIfThere(places.lock));
  if (other && other !== process.pid && isAlive(other)) {
    throw new Trouble(`the bus is running already from ${root} (process ${other}), with its things in ${places.local}`);
  }
  writePrivate(places.lock, `${process.pid}\n`);
}

function onSignal() {
  if (stopping) {
    processes.kill();
    releaseLock();
    process.exit(1);
  }
  say('\nstopping …');
  void stop(0);
}

/** @param {number} code */
async function stop(code) {
  stopping = true;
  interrupted.abort();
  await processes.stop();
  releaseLock();
  if (code === 0) say('everything is stopped');
  process.exit(code);
}

function releaseLock() {
  if (existsSync(places.lock) && Number(readIfThere(places.lock)) === process.pid) rmSync(places.lock);
}

main().catch(async (error) => {
  if (stopping) return; // A Ctrl-C during the start: what it interrupted is no failure.
  process.stderr.write(`\n${told(error)}\n`);
  await stop(1);
});
