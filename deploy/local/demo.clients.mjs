/** Registers the clients of the demonstration, once; their secrets are in `.local/demo.env` and nowhere else. */
import { join } from 'node:path';
import { mustRun } from './commands.mjs';
import { readDemo } from './environment.mjs';
import { root } from './places.mjs';

const cli = join(root, 'dist/apps/cli/main.js');

/** So that neither the demonstration nor a load test meets a limit. */
const generous = ['--per-second', '100000', '--burst', '100000'];

/** Who works on what citizens hand in. */
export const demoClient = 'demo-one-stop';

const clients = [
  { id: demoClient, name: 'Demonstration: one-stop software', role: 'caller', prefix: 'LGSP_CLIENT' },
  { id: 'demo-operator', name: 'Demonstration: operator', role: 'operator', prefix: 'LGSP_OPERATOR' },
];

/**
 * @param {Record<string, string>} access of the command line to NATS
 * @param {AbortSignal} signal
 * @returns {Promise<Record<string, string>>} ids and secrets, by the names of demo.env
 */
export async function registerDemoClients(access, signal) {
  const environment = { ...process.env, ...access };
  const known = readDemo();
  const listed = await mustRun(process.execPath, [cli, 'clients', 'list', '--json'], { environment, signal });
  /** @type {Set<string>} */
  const registered = new Set(JSON.parse(listed.stdout).map((/** @type {{id: string}} */ { id }) => id));
  /** @type {Record<string, string>} */
  const result = {};
  for (const { id, name, role, prefix } of clients) {
    result[`${prefix}_ID`] = id;
    const secret = known[`${prefix}_SECRET`];
    if (registered.has(id) && secret) {
      result[`${prefix}_SECRET`] = secret;
      continue;
    }
    const rights = ['--name', name, '--agency', '*', '--grant', '*', '--role', role];
    // Registered, but its secret is lost with demo.env: then it gets a new one.
    const change = registered.has(id) ? ['rotate', id, '--at-once'] : ['add', id, ...rights];
    const { stdout } = await mustRun(process.execPath, [cli, 'clients', ...change, '--json'], { environment, signal });
    await mustRun(process.execPath, [cli, 'clients', 'limit', id, ...generous], { environment, signal });
    result[`${prefix}_SECRET`] = JSON.parse(stdout).secret;
  }
  return result;
}
