/** The built parts of this repository, where a scene needs what a caller or an operator would take hours to make. */
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { freePort } from '../../../deploy/local/ports.mjs';
import { root } from '../../../deploy/local/places.mjs';
import { readParts } from '../../../deploy/local/parts.mjs';

const load = createRequire(import.meta.url);
const dist = (/** @type {string} */ path) => load(join(root, 'dist', path));
/** Most clients that are written at once. */
const writersMax = 100;

const limits = { perSecond: 1e6, burst: 1e6, perSecondAtSystem: 1e6, perDay: 1e9, perMonth: 1e9 };

/**
 * Registers clients that may call everything, and signs an access token for each as the gateway does: to register and to
 * log in would take the memory-hard hash of a secret twice for each of them.
 * @param {string} natsUrl @param {number} count
 * @returns {Promise<string[]>} tokens
 */
export async function manyClients(natsUrl, count) {
  const { BusConnection } = dist('libs/bus/index.js');
  const { ClientStore } = dist('libs/clients/index.js');
  const { createLogger } = dist('libs/telemetry/index.js');
  const { SigningKeys } = dist('apps/gateway/tokens/signing.keys.js');
  const { AccessTokens } = dist('apps/gateway/tokens/access.tokens.js');
  const log = createLogger({ app: 'bench', level: 'warn' });
  const connection = await BusConnection.open({ url: natsUrl, name: 'bench', log });
  const keys = await SigningKeys.open(connection, { signMs: 86_400_000, verifyMs: 7_200_000 }, log);
  const store = await ClientStore.open(connection);
  const tokens = new AccessTokens(keys);
  const made = [];
  for (let from = 0; from < count; from += writersMax) {
    const ids = Array.from({ length: Math.min(writersMax, count - from) }, (_, at) => `client-${from + at}`);
    made.push(...(await Promise.all(ids.map((id) => oneClient(id, store, tokens)))));
  }
  keys.stop();
  await connection.close();
  return made;
}

/** @param {string} id */
async function oneClient(id, store, tokens) {
  const client = {
    id,
    name: id,
    agencies: ['*'],
    environment: 'production',
    role: 'caller',
    secrets: [],
    grants: ['*'],
    state: 'active',
    limits,
    createdAt: new Date().toISOString(),
  };
  await store.put(client);
  return (await tokens.issue(client)).token;
}

/**
 * The sandbox, which every connector needs to be configured.
 * @param {import('./children.mjs').Children} children
 * @returns {Promise<Record<string, {env: Record<string, string>}>>} settings by system
 */
export async function startSandbox(children) {
  const sandbox = readParts().find(({ kind }) => kind === 'sandbox');
  const environment = {
    LGSP_SANDBOX_PORT: String(await freePort('the sandbox', 0)),
    LGSP_SANDBOX_SECRET: randomBytes(24).toString('base64url'),
    LGSP_LOG_LEVEL: 'warn',
  };
  const { told } = await children.node(sandbox.main, { environment });
  return told.upstreams;
}
