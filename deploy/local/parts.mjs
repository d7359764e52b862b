/** Which parts there are: read from `nest-cli.json`, the one list. A connector that is added there is started. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.mjs';

/**
 * @typedef {'gateway' | 'ledger' | 'courier' | 'connector' | 'sandbox' | 'tool'} PartKind
 * @typedef {object} Part
 * @property {string} name
 * @property {PartKind} kind
 * @property {string} main the built entry point
 * @property {boolean} jobKey whether it opens and seals what callers sent
 */

/**
 * How the process of a connector is started: many share a machine and each waits for its outside system most of the time. Small
 * spaces for what has just been made, and one of malloc's instead of one for each thread, save a tenth of its memory.
 */
export const frugal = { NODE_OPTIONS: '--max-semi-space-size=1', MALLOC_ARENA_MAX: '1' };

/** How that of the ledger is: it reads thousands of records at once, which are gone before a large space is looked through. */
export const roomy = { NODE_OPTIONS: '--max-semi-space-size=64' };

/** @returns {Part[]} in the order of the list */
export function readParts() {
  /** @type {{projects: Record<string, {entryFile: string, lgsp?: {part?: PartKind, jobKey?: boolean}}>}} */
  const { projects } = JSON.parse(readFileSync(join(root, 'nest-cli.json'), 'utf8'));
  return Object.entries(projects).map(([name, { entryFile, lgsp }]) => ({
    name,
    kind: lgsp?.part ?? 'tool',
    main: join(root, 'dist', `${entryFile}.js`),
    jobKey: lgsp?.jobKey ?? false,
  }));
}

/** Systems that have a connector. */
export const systems = () =>
  readParts()
    .filter(({ kind }) => kind === 'connector')
    .map(({ name }) => name);
