/**
 * A connector that writes down what the courier sends it, in its order: which job, when, and what became of it. Its one command
 * takes effect once for each key; a job that says so fails at its first sending.
 */
import { connect } from 'nats';

const { NATS_URL, SYSTEM, DELAY_MS } = process.env;
const nats = await connect({ servers: NATS_URL, name: SYSTEM });
const failure = { code: 'upstream-unreachable', status: 503, title: 'away', type: 'about:blank' };

/** Every sending: number of the job, epoch milliseconds, and whether it took effect (1), failed (0), or had taken effect before (2). */
/** @type {[number, number, 0 | 1 | 2][]} */
const sendings = [];
const seen = new Set();
const done = new Set();
let underWay = 0;
let underWayMost = 0;

/** @param {import('nats').ServiceMsg} message */
function take(message) {
  const job = message.json();
  const key = message.headers.get('Lgsp-Idempotency-Key');
  const fails = job.fails && !seen.has(key);
  seen.add(key);
  sendings.push([job.nth, Date.now(), fails ? 0 : done.has(key) ? 2 : 1]);
  if (!fails) done.add(key);
  underWayMost = Math.max(underWayMost, ++underWay);
  setTimeout(() => answer(message, fails), Number(DELAY_MS));
}

/** @param {import('nats').ServiceMsg} message @param {boolean} fails */
function answer(message, fails) {
  underWay--;
  if (!fails) return message.respond('{"done":true}');
  const { headers } = message;
  headers.set('Nats-Service-Error-Code', String(failure.status));
  headers.set('Nats-Service-Error', failure.code);
  return message.respond(JSON.stringify(failure), { headers });
}

const service = await nats.services.add({
  name: SYSTEM,
  version: '1.0.0',
  description: 'writes down what it is sent',
  queue: SYSTEM,
  metadata: { owner: 'bench' },
});
service.addEndpoint('order', {
  subject: `lgsp.${SYSTEM}.v1.order`,
  metadata: { kind: 'command', timeoutMs: '10000', sensitivity: 'public' },
  handler: (error, message) => {
    if (error) throw error;
    take(message);
  },
});
await nats.flush();

process.on('message', () => process.send({ sendings, underWayMost }));
process.once('disconnect', () => process.exit(0));
process.send({ ready: true });
