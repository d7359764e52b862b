/** Makes sure of what the bus needs on this machine: Node, the npm packages, the servers. */
import { readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { answers, find, mustRun, run } from './commands.mjs';
import { readIfThere, root } from './places.mjs';
import { step, Trouble } from './say.mjs';

const installTimeoutMs = 900_000;

/** Refuses a Node that cannot load what we use. */
export function checkNode() {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const least = String(engines.node).replace('>=', '');
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number);
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return;
  throw new Trouble(`Node.js ${least} or later is needed; this is ${process.versions.node}.`);
}

/**
 * Runs `npm ci` when the packages are not those of package-lock.json.
 * @param {AbortSignal} [signal]
 */
export async function ensurePackages(signal) {
  const difference = packagesDiffer();
  if (!difference) return;
  await step(`installing the npm packages (${difference})`, () =>
    mustRun('npm', ['ci', '--no-audit', '--no-fund'], { signal, timeoutMs: installTimeoutMs }),
  );
}

/**
 * Compares what npm has installed with the lock file. @returns {string | undefined} the first difference
 */
function packagesDiffer() {
  const text = readIfThere(join(root, 'node_modules/.package-lock.json'));
  if (text === undefined) return 'none are there yet';
  /** @typedef {Record<string, {version?: string, optional?: boolean, peer?: boolean}>} Packages */
  /** @type {Packages} */
  const installed = JSON.parse(text).packages;
  /** @type {Packages} */
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  for (const [path, { version, optional }] of Object.entries(wanted)) {
    if (path === '') continue;
    if (!installed[path] && optional) continue; // Built for another kind of machine.
    if (installed[path]?.version !== version) return `${path.replace(/^.*node_modules\//, '')} ${version} is missing`;
    if (!existsSync(join(root, path))) return `${path} was removed`;
  }
  return undefined;
}

/**
 * @typedef {object} Program
 * @property {string} title
 * @property {string} command of a C library, the header that it is included by
 * @property {string} debian package of Debian and Ubuntu, also the name of its system service; further ones after a space
 * @property {string} homebrew
 * @property {string} page where to download it
 *
 * @typedef {object} ServerOptions
 * @property {string} image for Docker
 * @property {string} urlVariable names an existing server, then none is started
 * @property {number} port
 *
 * @typedef {Program & ServerOptions} Server
 *
 * @typedef {{via: 'url', url: string} | {via: 'command', command: string} | {via: 'docker', image: string}} Means
 */

/** @type {Record<'nats' | 'redis', Server>} */
export const servers = {
  nats: {
    title: 'NATS',
    command: 'nats-server',
    debian: 'nats-server',
    homebrew: 'nats-server',
    image: 'nats:2.9-alpine',
    page: 'https://github.com/nats-io/nats-server/releases',
    urlVariable: 'LGSP_NATS_URL',
    port: 4222,
  },
  redis: {
    title: 'Redis',
    command: 'redis-server',
    debian: 'redis-server',
    homebrew: 'redis',
    image: 'redis:7-alpine',
    page: 'https://redis.io/docs/latest/operate/oss_and_stack/install/',
    urlVariable: 'LGSP_REDIS_URL',
    port: 6379,
  },
};

/**
 * What only the tests need: a browser to look at pages with, PostgreSQL for the other kind of ledger, Prometheus for its rules, and
 * what connectors in other languages are run and built with.
 * @type {Program[]}
 */
export const testPrograms = [
  {
    title: 'Chromium',
    command: 'chromium',
    debian: 'chromium',
    homebrew: '--cask chromium',
    page: 'https://www.chromium.org/getting-involved/download-chromium/',
  },
  {
    title: 'PostgreSQL',
    command: 'postgres',
    debian: 'postgresql',
    homebrew: 'postgresql@17',
    page: 'https://www.postgresql.org/download/',
  },
  {
    title: 'Prometheus',
    command: 'prometheus',
    debian: 'prometheus',
    homebrew: 'prometheus',
    page: 'https://prometheus.io/download/',
  },
  {
    title: 'Python 3',
    command: 'python3',
    debian: 'python3',
    homebrew: 'python',
    page: 'https://www.python.org/downloads/',
  },
  {
    title: 'A C compiler',
    command: 'gcc',
    debian: 'gcc libc6-dev',
    homebrew: 'gcc',
    page: 'https://gcc.gnu.org/install/',
  },
];

/** Libraries of the connector in C. @type {Program[]} */
export const testLibraries = [
  {
    title: 'The C client of NATS',
    command: 'nats/nats.h',
    debian: 'libnats-dev',
    homebrew: 'cnats',
    page: 'https://github.com/nats-io/nats.c',
  },
  {
    title: 'cJSON',
    command: 'cjson/cJSON.h',
    debian: 'libcjson-dev',
    homebrew: 'cjson',
    page: 'https://github.com/DaveGamble/cJSON',
  },
];

/** The servers that the bus needs at this time. @type {readonly (keyof typeof servers)[]} */
export const serversNeeded = ['nats', 'redis'];

/**
 * Finds a way to a server, and installs it when there is none.
 * @param {Server} server
 * @param {{signal?: AbortSignal, programOnly?: boolean}} [options] `programOnly`: an address or Docker will not do
 * @returns {Promise<Means>}
 */
export async function ensureServer(server, { signal, programOnly = false } = {}) {
  const url = process.env[server.urlVariable];
  if (url && !programOnly) return { via: 'url', url };
  const command = await findOrInstall(server, signal);
  if (command) return { via: 'command', command };
  if (!programOnly && answers('docker', ['info', '--format', '{{.ServerVersion}}'])) {
    await step(`fetching the Docker image ${server.image}`, () =>
      mustRun('docker', ['pull', '--quiet', server.image], { signal, timeoutMs: installTimeoutMs }),
    );
    return { via: 'docker', image: server.image };
  }
  throw new Trouble([...whatToInstall(server), ...(programOnly ? [] : otherWays(server))].join('\n'));
}

/**
 * Finds a program, and installs it when it is not there. @returns {Promise<string>} its path
 * @param {Program} program
 * @param {AbortSignal} [signal]
 */
export async function ensureProgram(program, signal) {
  const command = await findOrInstall(program, signal);
  if (command) return command;
  throw new Trouble(whatToInstall(program).join('\n'));
}

/** @param {Program} program @param {AbortSignal} [signal] */
async function findOrInstall(program, signal) {
  const found = findProgram(program);
  if (found || process.getuid?.() !== 0 || !find('apt-get')) return found;
  await step(`installing ${program.debian} with apt-get`, () => aptInstall(program, signal));
  return findProgram(program);
}

/** @param {Program} program */
function findProgram({ command }) {
  if (!command.endsWith('.h')) return find(command);
  return answers('gcc', ['-include', command, '-E', '-x', 'c', '/dev/null']) ? command : undefined;
}

/**
 * Installs a Debian package without its system service being started or coming back at the next boot.
 * @param {Program} program
 * @param {AbortSignal} [signal]
 */
async function aptInstall({ debian }, signal) {
  // RUNLEVEL=1 keeps the package's own start script from starting a server (System V); a mask does so under systemd.
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const options = { environment, signal, timeoutMs: installTimeoutMs };
  const packages = debian.split(' ');
  const install = ['install', '-y', '--no-install-recommends', ...packages];
  const unit = `${packages[0]}.service`;
  const systemd = existsSync('/run/systemd/system');
  if (systemd) await run('systemctl', ['--runtime', 'mask', unit], options);
  try {
    if ((await run('apt-get', install, options)).code === 0) return;
    // The lists of packages may be missing or old: most fresh machines have none.
    await mustRun('apt-get', ['update'], options);
    await mustRun('apt-get', install, options);
  } finally {
    if (systemd) {
      await run('systemctl', ['--runtime', 'unmask', unit], options);
      await run('systemctl', ['disable', unit], options);
    }
  }
}

/** @param {Program} program */
function whatToInstall({ title, command, debian, homebrew, page }) {
  return [
    `${title} is needed, and ${command} is not on this machine. Any one of these will do, then run this again:`,
    `  Debian, Ubuntu   sudo apt-get update && sudo apt-get install ${debian}`,
    `  macOS            brew install ${homebrew}`,
    `  any system       download it from ${page} and put ${command} on your PATH`,
  ];
}

/** @param {Server} server */
const otherWays = ({ image, urlVariable }) => [
  `  Docker           start the Docker engine; the image ${image} is then used`,
  `  existing server  set ${urlVariable} to its address`,
];
