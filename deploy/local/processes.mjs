/** The processes of a local installation: started, watched, and stopped in reverse order with nothing left behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { LogFile } from './log.file.mjs';
import { places, root, writePrivate } from './places.mjs';
import { Trouble } from './say.mjs';

const readyTimeoutMs = 60_000;
/** Longest wait after SIGTERM, above the time in which a part ends its calls under way (`LGSP_DRAIN_MS`). */
const endTimeoutMs = 10_000;

/** How long a part that is stopped may take for the calls under way, in milliseconds. */
export const drainMs = 5_000;

/**
 * What a part says over its IPC channel.
 * @typedef {{ready?: boolean, server?: number, url?: string, metricsUrl?: string,
 *   upstreams?: Record<string, {env: Record<string, string>}>}} Report
 *
 * @typedef {object} Start
 * @property {string} name
 * @property {string} script a Node program
 * @property {string[]} [args]
 * @property {NodeJS.ProcessEnv} environment
 * @property {() => Promise<void>} [ready] for a part that does not report by itself
 *
 * @typedef {object} Entry
 * @property {string} name
 * @property {import('node:child_process').ChildProcess} child
 * @property {LogFile} log
 * @property {boolean} ready
 * @property {number} [server] process id of the foreign program that the child watches over
 */

export class Processes {
  /** Started together, and so stopped together. @type {Entry[][]} */
  #stages = [];
  #stopping = false;
  #onStopped;

  /** @param {(name: string, how: string) => void} onStopped told when a part ends that was ready and not told to */
  constructor(onStopped) {
    this.#onStopped = onStopped;
  }

  /**
   * Starts parts at once and waits until all are ready.
   * @param {Start[]} starts
   * @returns {Promise<Report[]>}
   */
  async start(starts) {
    /** @type {Entry[]} */
    const stage = [];
    this.#stages.push(stage);
    const reports = starts.map((start) => this.#launch(start, stage));
    this.#writeIds();
    return Promise.all(reports);
  }

  /** Stops everything in reverse order; what does not end in time is ended. */
  async stop() {
    this.#stopping = true;
    for (const stage of this.#stages.toReversed()) await Promise.all(stage.map(end));
    this.#writeIds();
  }

  /** Ends everything at once. */
  kill() {
    this.#stopping = true;
    for (const entry of this.#stages.flat()) killNow(entry);
  }

  /** @param {Start} start @param {Entry[]} stage @returns {Promise<Report>} */
  #launch({ name, script, args = [], environment, ready }, stage) {
    // A process group of its own: a Ctrl-C at the terminal reaches the launcher alone, which stops things in order.
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    const log = new LogFile(name, child, () => !this.#stopping);
    /** @type {Entry} */
    const entry = { name, child, log, ready: false };
    stage.push(entry);
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(notReady(entry, `is not ready after ${readyTimeoutMs / 1_000} s`)),
        readyTimeoutMs,
      );
      const succeed = (/** @type {Report} */ report) => {
        clearTimeout(late);
        entry.ready = true;
        resolve(report);
      };
      child.on('message', (/** @type {Report} */ report) => {
        if (report.server) {
          entry.server = report.server;
          this.#writeIds();
        }
        if (report.ready) succeed(report);
      });
      ready?.().then(() => succeed({}), reject);
      child.once('exit', (code, signal) => {
        clearTimeout(late);
        if (entry.server) killServer(entry.server);
        if (!this.#stopping) this.#writeIds();
        if (!entry.ready)
          log.ended.then(() => reject(notReady(entry, `ended (${signal ?? `exit code ${code}`})`)), reject);
        else if (!this.#stopping) this.#onStopped(name, signal ?? `exit code ${code}`);
      });
    });
  }

  #writeIds() {
    const parts = this.#stages.flat().filter(isRunning);
    const ids = parts.map(({ name, child, server }) => ({ name, pid: child.pid, server }));
    writePrivate(places.processes, `${JSON.stringify({ launcher: process.pid, parts: ids }, null, 2)}\n`);
  }
}

/** @param {Entry} entry */
const isRunning = ({ child }) => child.exitCode === null && child.signalCode === null;

/** @param {Entry} entry */
async function end(entry) {
  if (!isRunning(entry)) return;
  const ended = once(entry.child, 'exit');
  entry.child.kill('SIGTERM');
  const timer = setTimeout(() => killNow(entry), endTimeoutMs);
  await ended;
  clearTimeout(timer);
}

/** @param {Entry} entry */
function killNow(entry) {
  if (!isRunning(entry)) return;
  entry.child.kill('SIGKILL');
  if (entry.server) killServer(entry.server);
}

/** The watchdog is gone, so nobody else would end its server. @param {number} pid */
function killServer(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error; // It has ended already.
  }
}

/** @param {Entry} entry @param {string} what */
function notReady({ name, log }, what) {
  return new Trouble(`${name} ${what}. The end of ${places.log(name)}:\n${log.lastLines()}`);
}
