/** Finds ports that are really free, by listening on them for a moment. */
import { createServer } from 'node:net';
import { say, Trouble } from './say.mjs';

const lastPort = 65_535;
/** How many ports are tried upwards from the wanted one. */
const triesMax = 500;

/** Ports handed out by this process, whose owners may not listen yet. @type {Set<number>} */
const given = new Set();

/**
 * The wanted port on loopback, or the next free one, which is then said.
 * @param {string} what for the message
 * @param {number} wanted 0 takes any free one
 * @param {{quiet?: boolean, reserve?: number}} [options] `reserve`: how many ports after it are kept for the same owner
 */
export async function freePort(what, wanted, { quiet = false, reserve = 0 } = {}) {
  if (wanted === 0) return anyPort();
  for (let port = wanted; port <= Math.min(lastPort, wanted + triesMax); port++) {
    if (given.has(port) || (await listenFor(port)) === undefined) continue;
    for (let taken = port; taken <= port + reserve; taken++) given.add(taken);
    if (port !== wanted && !quiet) say(`  port ${wanted} of ${what} is taken: it gets ${port}`);
    return port;
  }
  throw new Trouble(`no free port for ${what} from ${wanted} upwards`);
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
