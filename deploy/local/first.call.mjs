/** The line to paste: made from what the running connectors say of themselves. */
import { places } from './places.mjs';
import { quoted } from './environment.mjs';
import { Trouble } from './say.mjs';

const upTimeoutMs = 15_000;
const askEveryMs = 50;

/**
 * @typedef {{operation: string, kind: string, requires: string[], example?: {input: unknown}}} Operation
 * @typedef {{system: string, status: string, operations: Operation[]}} System
 */

/** An officer, a dossier and the like, all invented, as each header wants it. @type {Record<string, string>} */
const context = {
  agency: 'H24.11',
  officer: 'canbo.mau',
  dossier: 'H24.11-261101-0001',
  procedure: '1.001193',
  purpose: 'demo',
};

/**
 * The catalogue, once every connector is up in it.
 * @param {string} url of the gateway
 * @param {readonly string[]} systems
 * @param {AbortSignal} signal
 * @returns {Promise<System[]>}
 */
export async function untilUp(url, systems, signal) {
  const deadline = Date.now() + upTimeoutMs;
  for (;;) {
    const response = await fetch(`${url}/v1/services`, { signal });
    /** @type {{systems: System[]}} */
    const catalogue = await response.json();
    const up = new Set(catalogue.systems.filter(({ status }) => status === 'up').map(({ system }) => system));
    const missing = systems.filter((system) => !up.has(system));
    if (missing.length === 0) return catalogue.systems;
    if (Date.now() > deadline) throw new Trouble(`the gateway does not see: ${missing.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, askEveryMs));
  }
}

/** What the first call should be, where it is offered. */
const wanted = { system: 'population', operation: 'verify-citizen' };

/** @param {System[]} systems */
export function firstCall(systems) {
  const first = (/** @type {boolean} */ a, /** @type {boolean} */ b) => Number(b) - Number(a);
  const ordered = systems.toSorted((a, b) => first(a.system === wanted.system, b.system === wanted.system));
  for (const { system, operations } of ordered) {
    const query = operations
      .filter(({ kind, example }) => kind === 'query' && example)
      .toSorted((a, b) => first(a.operation === wanted.operation, b.operation === wanted.operation))[0];
    if (!query) continue;
    const headers = query.requires.map(
      (name) => `-H 'Lgsp-${name[0]?.toUpperCase()}${name.slice(1)}: ${context[name]}'`,
    );
    return [
      `. ${quoted(places.demo)} && curl -s "$LGSP_URL/v1/${system}/${query.operation}"`,
      `-H "Authorization: ApiKey $LGSP_CLIENT_SECRET" -H 'Content-Type: application/json'`,
      ...headers,
      `-d '${JSON.stringify(query.example?.input).replaceAll("'", `'\\''`)}'`,
    ].join(' ');
  }
  return '(no connector has a query with an example)';
}
