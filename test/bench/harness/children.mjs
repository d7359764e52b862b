/** The processes of one run: Node programs that report over their IPC channel, and servers that do not. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../deploy/local/places.mjs';
import { Trouble } from '../../../deploy/local/say.mjs';

const readyTimeoutMs = 60_000;
const endTimeoutMs = 15_000;
const probeEveryMs = 20;

/** Runs a foreign server, and ends it when this process is gone, however it went. */
const watchdog = join(root, 'deploy/local/watchdog.mjs');

/**
 * What a contender or another Node program tells of itself.
 * @typedef {object} Told
 * @property {true} ready
 * @property {string} [url] where it serves
 * @property {string} [path] of the operation
 * @property {Record<string, string>} [headers] that a call needs
 * @property {{id: string, secret: string}} [client] who fetches an access token at `oauth2/token`
 * @property {Record<string, number[]>} [processes] ids of the processes that work for it, when they are not its own
 *
 * @typedef {{child: import('node:child_process').ChildProcess, pid: number, told: Told, readyMs: number}} Started
 */

export class Children {
  /** @type {import('node:child_process').ChildProcess[]} */
  #children = [];
  /** Those that are told to end. @type {Set<import('node:child_process').ChildProcess>} */
  #ending = new Set();

  /**
   * Starts a Node program and waits until it says that it is ready.
   * @param {string} file
   * @param {{environment?: NodeJS.ProcessEnv, args?: string[], execArgv?: string[]}} [options]
   * @returns {Promise<Started>}
   */
  async node(file, { environment = {}, args = [], execArgv = [] } = {}) {
    const startedAt = performance.now();
    const child = fork(file, args, {
      env: { ...process.env, ...environment },
      execArgv,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#children.push(child);
    /** @type {Partial<Told>} */
    const told = {};
    await new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Trouble(`${file} is not ready after ${readyTimeoutMs / 1_000} s`)),
        readyTimeoutMs,
      );
      child.once('exit', (code, signal) => {
        clearTimeout(late);
        if (!told.ready) reject(new Trouble(`${file} ended (${signal ?? code}) before it was ready`));
        else if (!this.#ending.has(child)) process.stderr.write(`${file} ended (${signal ?? code})\n`);
      });
      child.on('message', (/** @type {Partial<Told>} */ message) => {
        Object.assign(told, message);
        if (!told.ready) return;
        clearTimeout(late);
        resolve(undefined);
      });
    });
    return { child, pid: child.pid, told: /** @type {Told} */ (told), readyMs: performance.now() - startedAt };
  }

  /**
   * Starts a server that knows nothing of us. @param {string} command @param {string[]} args
   * @param {(pid: number) => unknown} isReady asked until it gives something
   */
  async server(command, args, isReady) {
    const child = fork(watchdog, [command, ...args], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#children.push(child);
    const [{ server: pid }] = await once(child, 'message', { signal: AbortSignal.timeout(readyTimeoutMs) });
    const deadline = Date.now() + readyTimeoutMs;
    while (Date.now() < deadline && existsSync(`/proc/${pid}`)) {
      const answer = await isReady(pid);
      if (answer) return { child, pid, answer };
      await new Promise((resolve) => setTimeout(resolve, probeEveryMs));
    }
    throw new Trouble(`${command} did not start`);
  }

  /** Ends one: when its channel is closed it ends by itself, and so writes its CPU profile. @param {import('node:child_process').ChildProcess} child */
  async end(child) {
    if (child.exitCode !== null || child.signalCode !== null) return;
    this.#ending.add(child);
    const exited = once(child, 'exit');
    if (child.connected) child.disconnect();
    const late = setTimeout(() => child.kill('SIGKILL'), endTimeoutMs);
    await exited;
    clearTimeout(late);
  }

  /** Ends all, the last one first. */
  async endAll() {
    for (const child of this.#children.toReversed()) await this.end(child);
  }
}
