/** What contenders stand on: one NATS, one Redis, one responder, shared by all of them. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Trouble } from '../../../deploy/local/say.mjs';
import { installContender } from './contenders.mjs';
import { startNats, startRedis } from './servers.mjs';

const responderFile = join(import.meta.dirname, '../responder.mjs');

/**
 * @typedef {object} RespondingSystem
 * @property {string} name
 * @property {{name: string, kind: 'query' | 'command'}[]} operations
 * @property {number} [delayMs] before it answers
 *
 * @typedef {object} Contender one that runs
 * @property {string} name
 * @property {URL} address
 * @property {string} path of the operation that echoes
 * @property {Record<string, string>} headers that a call needs
 * @property {import('./process.accounts.mjs').Roles} processes
 * @property {import('./children.mjs').Started} started
 */

/** The system that all contenders relay to. @type {RespondingSystem} */
export const echo = {
  name: 'echo',
  operations: [
    { name: 'say', kind: 'query' },
    { name: 'order', kind: 'command' },
  ],
};

export class Stage {
  /** @param {import('./children.mjs').Children} children @param {{execArgv: string[]}} options for the contenders */
  constructor(children, options) {
    this.children = children;
    this.options = options;
    /** @type {Record<string, number[]>} */
    this.processes = { gateway: [], responder: [], nats: [], redis: [] };
    this.environment = {};
  }

  /** @param {string} natsProgram @param {string} folder @param {{syncAlways?: boolean, systems?: RespondingSystem[]}} [options] */
  async start(natsProgram, folder, { syncAlways, systems = [echo] } = {}) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const nats = await startNats(this.children, natsProgram, join(folder, 'nats'), { syncAlways });
    const redis = await startRedis(this.children, folder);
    this.processes.nats.push(nats.pid);
    this.processes.redis.push(redis.pid);
    this.environment = { NATS_URL: nats.url, REDIS_URL: redis.url };
    const responder = await this.responder(systems);
    this.processes.responder.push(responder.pid);
    this.environment.RESPONDER_URL = responder.told.url;
    return this;
  }

  /** One more responder, in a process of its own. @param {RespondingSystem[]} systems */
  responder(systems) {
    return this.children.node(responderFile, {
      environment: { ...this.environment, SYSTEMS: JSON.stringify(systems) },
    });
  }

  /**
   * @param {string} name @param {NodeJS.ProcessEnv} [environment] @param {string[]} [execArgv] of Node
   * @returns {Promise<Contender>}
   */
  async contender(name, environment = {}, execArgv = this.options.execArgv) {
    const folder = await installContender(name);
    const started = await this.children.node(join(folder, 'server.mjs'), {
      environment: { ...this.environment, ...environment },
      execArgv,
    });
    const { url, path = '/', headers = {}, client, processes } = started.told;
    const address = new URL(/** @type {string} */ (url));
    return {
      name,
      address,
      path,
      headers: { ...headers, ...(client && (await accessOf(address, client))) },
      processes: { ...this.processes, gateway: [started.pid], ...processes },
      started,
    };
  }
}

/** The header with an access token, as a caller gets it; it is good for an hour. @param {URL} address @param {{id: string, secret: string}} client */
export async function accessOf(address, { id, secret }) {
  const response = await fetch(new URL('/oauth2/token', address), {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
    signal: AbortSignal.timeout(30_000),
  });
  if (!response.ok) throw new Trouble(`no token: ${await response.text()}`);
  return { Authorization: `Bearer ${(await response.json()).access_token}` };
}
