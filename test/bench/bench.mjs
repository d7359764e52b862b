/**
 * `npm run bench`: what a transaction costs the gateway beside other ways to relay it, on this machine, in this run.
 */
import { execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cpuMicroseconds, median, residentMegabytes, spread, wrk, writeWrkScript } from './measure.mjs';

const help = `npm run bench -- [options]
  --contenders <a,b>   which folders of test/bench/contenders (all)
  --rounds <n>         rounds per contender, interleaved (5)
  --seconds <n>        length of one round (4)
  --connections <n>    connections of the load generator (16)
  --profile <folder>   write a CPU profile of each contender there (and do not trust the figures)
  --json <file>        also write every figure there`;

const { values: options } = parseArgs({
  options: {
    contenders: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    connections: { type: 'string', default: '16' },
    json: { type: 'string' },
    profile: { type: 'string' },
    help: { type: 'boolean' },
  },
});
if (options.help) {
  console.log(help);
  process.exit(0);
}

const here = import.meta.dirname;
const root = join(here, '../..');
const names = options.contenders?.split(',') ?? readdirSync(join(here, 'contenders')).toSorted();
const [rounds, seconds, connections] = [options.rounds, options.seconds, options.connections].map(Number);
const body = '{"identityNumber":"031190000016","fullName":"Nguyễn Thị Mẫu","birthDate":"1990-02-14"}';
const profiling = options.profile ? ['--cpu-prof', `--cpu-prof-dir=${options.profile}`] : [];
const work = mkdtempSync(join(tmpdir(), 'lgsp-bench-'));
const children = [];

try {
  await main();
} finally {
  for (const child of children.toReversed()) child.kill('SIGTERM');
  if (options.profile) await Promise.all(children.map(ended));
  rmSync(work, { recursive: true, force: true });
}

async function main() {
  ensureWrk();
  const natsUrl = await startNats();
  process.env.REDIS_URL = await startRedis();
  await startNode(join(here, 'responder.mjs'), natsUrl);
  const contenders = [];
  for (const name of names) contenders.push(await startContender(name, natsUrl));
  console.log(
    `${rounds} rounds of ${seconds} s with ${connections} connections, body of ${Buffer.byteLength(body)} bytes`,
  );
  for (const contender of contenders) await wrk(contender.url, contender.script, { seconds: 2, connections });
  for (let round = 1; round <= rounds; round++) {
    for (const contender of contenders) contender.rounds.push(await measure(contender));
    console.log(`round ${round} of ${rounds} is done`);
  }
  report(contenders);
}

/** A profile is written when its process ends. */
async function ended(child) {
  if (child.exitCode === null) await once(child, 'exit');
}

async function measure({ url, script, pid }) {
  const cpuBefore = cpuMicroseconds(pid);
  const result = await wrk(url, script, { seconds, connections });
  const cpu = (cpuMicroseconds(pid) - cpuBefore) / result.requests;
  return { ...result, perSecond: (result.requests * 1e6) / result.microseconds, cpu, memory: residentMegabytes(pid) };
}

function report(contenders) {
  const rows = contenders.map(({ name, rounds: list }) => {
    const figure = (key) => median(list.map((round) => round[key]));
    return {
      contender: name,
      'per second': Math.round(figure('perSecond')),
      'CPU µs': Number(figure('cpu').toFixed(1)),
      'CPU ±': `${(spread(list.map(({ cpu }) => cpu)) * 100).toFixed(0)} %`,
      'p50 ms': figure('p50') / 1000,
      'p99 ms': figure('p99') / 1000,
      'p99.9 ms': figure('p999') / 1000,
      MB: Math.round(figure('memory')),
      errors: list.reduce((sum, { errors }) => sum + errors, 0),
    };
  });
  console.table(rows);
  const mine = contenders.find(({ name }) => name === 'lgsp');
  for (const other of contenders) if (mine && other !== mine) console.log(verdict(mine, other));
  if (options.json)
    writeFileSync(
      options.json,
      JSON.stringify(
        contenders.map(({ name, rounds: list }) => ({ name, rounds: list })),
        null,
        2,
      ),
    );
  if (rows.some(({ errors }) => errors > 0)) process.exitCode = 1;
}

/** A ratio of CPU per transaction, or why none is given. */
function verdict(mine, other) {
  const [a, b] = [mine, other].map(({ rounds: list }) => list.map(({ cpu }) => cpu));
  const ratio = median(a) / median(b);
  const noise = spread(a) + spread(b);
  const line = `gateway CPU per transaction, lgsp / ${other.name}: ${ratio.toFixed(2)}`;
  return Math.abs(ratio - 1) < noise ? `${line} (no verdict: the spread is wider than the difference)` : line;
}

function ensureWrk() {
  try {
    execFileSync('wrk', ['-v'], { stdio: 'ignore' });
  } catch (error) {
    if (error.code !== 'ENOENT') return; // `wrk -v` ends with 1.
    console.log('installing wrk with apt-get');
    execFileSync('apt-get', ['install', '-y', '-qq', 'wrk'], {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  }
}

async function startNats() {
  const child = spawn('nats-server', ['-a', '127.0.0.1', '-p', '-1', '-js', '-sd', work, '--ports_file_dir', work], {
    stdio: 'ignore',
  });
  children.push(child);
  const file = join(work, `nats-server_${child.pid}.ports`);
  for (let tries = 0; tries < 500; tries++) {
    if (existsSync(file) && readFileSync(file, 'utf8').endsWith('}'))
      return JSON.parse(readFileSync(file, 'utf8')).nats[0];
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('nats-server did not start: is it installed? `npm start` installs it');
}

async function startRedis() {
  const port = await new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address();
      probe.close(() => resolve(free));
    });
  });
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', work];
  const child = spawn('redis-server', options, { stdio: 'ignore' });
  children.push(child);
  return `redis://127.0.0.1:${port}`;
}

async function startContender(name, natsUrl) {
  const source = join(here, 'contenders', name);
  const { dependencies } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
  let folder = source;
  if (dependencies) {
    // Outside the repository, so that each contender gets just what its own package file asks for.
    folder = join(root, '.local/bench', name);
    mkdirSync(folder, { recursive: true });
    cpSync(source, folder, { recursive: true });
    console.log(`installing the packages of ${name}`);
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent'], { cwd: folder, stdio: 'inherit' });
  }
  const { child, told } = await startNode(join(folder, 'server.mjs'), natsUrl, profiling);
  const headers = { 'Content-Type': 'application/json' };
  if (told.client) headers.Authorization = `Bearer ${await tokenOf(told)}`;
  const script = writeWrkScript(work, { name, headers, body });
  return { name, pid: child.pid, url: new URL(told.path ?? '', told.url).href, script, rounds: [] };
}

/** An access token, as a caller gets it. */
async function tokenOf({ url, client: { id, secret } }) {
  const response = await fetch(new URL('oauth2/token', url), {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  if (!response.ok) throw new Error(`no token: ${await response.text()}`);
  return (await response.json()).access_token;
}

/** Starts a Node process and collects what it tells until it is ready. */
async function startNode(file, natsUrl, execArgv = []) {
  const child = fork(file, {
    env: { ...process.env, NATS_URL: natsUrl },
    execArgv,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  children.push(child);
  const told = {};
  await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${file} was not ready in 30 s`)), 30_000);
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
    child.on('message', (message) => {
      Object.assign(told, message);
      if (!told.ready) return;
      clearTimeout(timer);
      resolve();
    });
  });
  return { child, told };
}
