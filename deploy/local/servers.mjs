/** Starts the servers that the bus stands on, with their data in this installation's folder. */
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { localConfiguration } from './nats.conf.mjs';
import { places, writePrivate } from './places.mjs';
import { freePort } from './ports.mjs';
import { Trouble } from './say.mjs';

const readyTimeoutMs = 30_000;
const probeEveryMs = 25;
const probeTimeoutMs = 1_000;

/**
 * The arguments that run a server by the given means, with a configuration file that both see.
 * @param {import('./install.mjs').Means} means
 * @param {number} port
 * @param {string[]} args
 * @param {string[]} dockerArgs further ones inside a container, where it has to listen on the container's own address
 */
function commandLine(means, port, args, dockerArgs) {
  if (means.via === 'command') return [means.command, ...args];
  if (means.via === 'url') throw new Error('an existing server is not started');
  const { getuid, getgid } = process;
  const user = getuid && getgid ? ['--user', `${getuid()}:${getgid()}`] : [];
  const share = ['--volume', `${places.local}:${places.local}`, '--publish', `127.0.0.1:${port}:${port}`];
  return ['docker', 'run', '--rm', '--init', ...user, ...share, means.image, ...args, ...dockerArgs];
}

/**
 * Starts NATS, and waits until the server that answers is the one that was started.
 * @param {import('./processes.mjs').Processes} processes
 * @param {import('./install.mjs').Means} means
 * @param {{systems: readonly string[], passwords: Record<string, string>}} users
 * @returns {Promise<string>} its address
 */
export async function startNats(processes, means, { systems, passwords }) {
  if (means.via === 'url') return means.url;
  const port = await freePort('NATS', Number(process.env['LGSP_NATS_PORT'] ?? 4222));
  const serverName = `lgsp-${randomBytes(6).toString('hex')}`;
  const dataFolder = places.data('nats');
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  writePrivate(places.natsConfiguration, localConfiguration({ serverName, port, dataFolder, systems, passwords }));
  await processes.start([
    {
      name: 'nats',
      script: watchdog,
      args: commandLine(means, port, ['-c', places.natsConfiguration], ['-a', '0.0.0.0']),
      environment: {},
      ready: () => answersWith(port, `"server_name":"${serverName}"`),
    },
  ]);
  return `nats://127.0.0.1:${port}`;
}

/**
 * Starts Redis with nothing but the bus' own data, which may be lost.
 * @param {import('./processes.mjs').Processes} processes
 * @param {import('./install.mjs').Means} means
 * @param {string} password
 */
export async function startRedis(processes, means, password) {
  if (means.via === 'url') return means.url;
  const port = await freePort('Redis', Number(process.env['LGSP_REDIS_PORT'] ?? 6379));
  const configuration = join(places.data('redis'), 'redis.conf');
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `dir ${dirname(configuration)}`,
    `requirepass ${password}`,
    'save ""',
  ];
  writePrivate(configuration, `${lines.join('\n')}\n`);
  const inContainer = ['--bind', '0.0.0.0'];
  const program = means.via === 'docker' ? ['redis-server'] : [];
  await processes.start([
    {
      name: 'redis',
      script: watchdog,
      args: commandLine(means, port, [...program, configuration], inContainer),
      environment: {},
      ready: () => answersWith(port, '+PONG', `AUTH ${password}\r\nPING\r\n`),
    },
  ]);
  return `redis://127.0.0.1:${port}`;
}

const watchdog = join(import.meta.dirname, 'watchdog.mjs');

/**
 * Waits until something on the port says what only our server says.
 * @param {number} port
 * @param {string} expected
 * @param {string} [question] asked first
 */
async function answersWith(port, expected, question = '') {
  const deadline = Date.now() + readyTimeoutMs;
  while (Date.now() < deadline) {
    if ((await greeting(port, expected, question)).includes(expected)) return;
    await new Promise((resolve) => setTimeout(resolve, probeEveryMs));
  }
  throw new Trouble(`nothing of ours answers on port ${port} after ${readyTimeoutMs / 1_000} s`);
}

/** @param {number} port @param {string} expected @param {string} question @returns {Promise<string>} */
function greeting(port, expected, question) {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(question));
    socket.setTimeout(probeTimeoutMs, () => socket.destroy());
    socket.setEncoding('utf8').on('data', (chunk) => {
      said += chunk;
      if (said.includes(expected)) socket.destroy();
    });
    socket.once('error', () => undefined); // Not listening yet: `close` follows, and it is tried again.
    socket.once('close', () => resolve(said));
  });
}
