/** Finds ports that are really free, by listening on them for a moment. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './commands.mjs';
import { readIfThere } from './places.mjs';
import { say, Trouble } from './say.mjs';

const lastPort = 65_535;
/** How many ports are tried upwards from the wanted one. */
const triesMax = 500;

/** Ports handed out by this process, whose owners may not listen yet. @type {Set<number>} */
const given = new Set();
/** Where launchers of this account tell each other which ports they have handed out: two may start at the same time. */
const claims = join(tmpdir(), `lgsp-ports-${process.getuid?.() ?? 0}`);
/** @type {Set<string>} */
const claimed = new Set();
process.once('exit', () => claimed.forEach((path) => rmSync(path, { force: true })));

/**
 * The wanted port on loopback, or the next free one, which is then said.
 * @param {string} what for the message
 * @param {number} wanted 0 takes any free one
 * @param {{quiet?: boolean, reserve?: number}} [options] `reserve`: how many ports after it are kept for the same owner
 */
export async function freePort(what, wanted, { quiet = false, reserve = 0 } = {}) {
  if (wanted === 0) return anyPort();
  for (let port = wanted; port <= Math.min(lastPort, wanted + triesMax); port++) {
    const wholeRange = Array.from({ length: reserve + 1 }, (_, nth) => port + nth);
    if (given.has(port) || !wholeRange.every(claim) || (await listenFor(port)) === undefined) continue;
    for (const taken of wholeRange) given.add(taken);
    if (port !== wanted && !quiet) say(`  port ${wanted} of ${what} is taken: it gets ${port}`);
    return port;
  }
  throw new Trouble(`no free port for ${what} from ${wanted} upwards`);
}

/** Whether no other launcher that runs has handed this port out. @param {number} port */
function claim(port) {
  const path = join(claims, String(port));
  if (claimed.has(path)) return true;
  mkdirSync(claims, { recursive: true, mode: 0o700 });
  const owner = readIfThere(path);
  if (owner !== undefined) {
    if (owner === '' || isAlive(Number(owner))) return false;
    rmSync(path, { force: true });
  }
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false; // Another was faster.
    throw error;
  }
  claimed.add(path);
  return true;
}

async function anyPort() {
  for (let tries = 0; tries < triesMax; tries++) {
    const port = await listenFor(0);
    if (port === undefined || given.has(port)) continue;
    given.add(port);
    return port;
  }
  throw new Trouble('this machine has no free port');
}

/**
 * @param {number} port
 * @returns {Promise<number | undefined>} the port that was free, undefined when it is taken
 */
function listenFor(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined)); // Taken, or not for us: either way the next one is tried.
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}
