/** The servers and tools that a bench needs: found, or installed as `npm start` installs its own. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { ensureServer, servers } from '../../../deploy/local/install.mjs';
import { freePort } from '../../../deploy/local/ports.mjs';
import { Trouble } from '../../../deploy/local/say.mjs';

const tool = (/** @type {string} */ command, /** @type {string} */ page, /** @type {string} */ debian = command) => ({
  title: command,
  command,
  debian,
  homebrew: command,
  image: '',
  page,
  urlVariable: '',
  port: 0,
});

const programs = {
  ...servers,
  wrk: tool('wrk', 'https://github.com/wg/wrk'),
  nginx: tool('nginx', 'https://nginx.org/en/download.html', 'nginx-light'),
};

/** The path of a program, installed if need be. @param {keyof typeof programs} name */
export async function programOf(name) {
  const means = await ensureServer(programs[name], { programOnly: true });
  if (means.via !== 'command') throw new Trouble(`${name} is needed as a program`);
  return means.command;
}

/** What a program says its version is. @param {string} command @param {string[]} args */
export function versionOf(command, args) {
  const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: 10_000 });
  return (stdout || stderr).split('\n')[0].trim();
}

/**
 * @param {string} folder where its data and its configuration lie
 * @param {{syncAlways?: boolean}} [options] `syncAlways`: a message is on the disk before it is acknowledged
 */
function writeNatsConfiguration(folder, { syncAlways = false } = {}) {
  const file = join(folder, 'nats.conf');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const sync = syncAlways ? '  sync_interval: always\n' : '';
  const [log, data] = [join(folder, 'nats.log'), folder].map((path) => JSON.stringify(path));
  writeFileSync(file, `listen: "127.0.0.1:-1"\nlog_file: ${log}\njetstream {\n  store_dir: ${data}\n${sync}}\n`);
  return file;
}

/** Why this server cannot wait for the disk; undefined when it can. It is asked, since versions are no promise. @param {string} program @param {string} folder */
export function whyNoSync(program, folder) {
  const file = writeNatsConfiguration(folder, { syncAlways: true });
  const { status, stderr } = spawnSync(program, ['-t', '-c', file], { encoding: 'utf8', timeout: 10_000 });
  if (status === 0) return undefined;
  return `${versionOf(program, ['-v'])} does not know it (${stderr.trim().split(': ').at(-1)})`;
}

/**
 * @param {import('./children.mjs').Children} children @param {string} program @param {string} folder
 * @param {{syncAlways?: boolean}} [options]
 */
export async function startNats(children, program, folder, options) {
  const file = writeNatsConfiguration(folder, options);
  const { pid, answer } = await children.server(program, ['-c', file, '--ports_file_dir', folder], (id) => {
    const ports = join(folder, `nats-server_${id}.ports`);
    const text = existsSync(ports) ? readFileSync(ports, 'utf8') : '';
    return text.endsWith('}') && JSON.parse(text).nats[0];
  });
  return { pid, url: /** @type {string} */ (answer) };
}

/** Redis that keeps nothing: limits may be lost. @param {import('./children.mjs').Children} children @param {string} folder */
export async function startRedis(children, folder) {
  const port = await freePort('Redis', 0);
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const { pid } = await children.server(await programOf('redis'), args, () => accepts(port));
  return { pid, url: `redis://127.0.0.1:${port}` };
}

/** @param {number} port @returns {Promise<boolean>} */
function accepts(port) {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false)); // Not listening yet: it is tried again.
  });
}
