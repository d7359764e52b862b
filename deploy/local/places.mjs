/**
 * Where the local installation keeps its things: everything below one folder, `.local` beside the sources, or
 * `LGSP_LOCAL_DIR`.
 */
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The top folder of the project. */
export const root = resolve(import.meta.dirname, '../..');

const local = resolve(process.env['LGSP_LOCAL_DIR'] ?? join(root, '.local'));

export const places = {
  local,
  /** What the servers keep: NATS' streams, Redis' file. */
  data: (/** @type {string} */ server) => join(local, server),
  secrets: join(local, 'secrets.json'),
  jobKey: join(local, 'job.key'),
  natsConfiguration: join(local, 'nats.conf'),
  /** Configuration for a Prometheus that scrapes what runs here. */
  prometheus: join(local, 'prometheus.yml'),
  /** Process id of the launcher that uses this folder. */
  lock: join(local, 'launcher.pid'),
  /** Process ids of everything that runs. */
  processes: join(local, 'pids.json'),
  demo: join(local, 'demo.env'),
  environment: (/** @type {string} */ part) => join(local, 'env', `${part}.env`),
  logs: join(local, 'log'),
  log: (/** @type {string} */ part) => join(local, 'log', `${part}.log`),
};

/**
 * Writes a file that only its owner can read, whole or not at all.
 * @param {string} path
 * @param {string} text
 */
export function writePrivate(path, text) {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.draft`;
  writeFileSync(draft, text, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
}

/**
 * The text of a file; undefined when there is none.
 * @param {string} path
 */
export function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
}
