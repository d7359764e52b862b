/** A process that only records: when its parent asks, it writes transactions down, so many at a time, and tells what it cost. */
import { createRequire } from 'node:module';
import { join } from 'node:path';

const load = createRequire(import.meta.url);
const dist = (/** @type {string} */ path) => load(join(import.meta.dirname, '../../dist/libs', path, 'index.js'));
const { BusConnection } = dist('bus');
const { CallRecords } = dist('dispatch');
const { Recorder } = dist('recorder');
const { newTransactionId } = dist('records');
const { createLogger, Metrics } = dist('telemetry');

const log = createLogger({ app: 'recorder', level: 'warn' });
const connection = await BusConnection.open({ url: process.env.NATS_URL, name: 'recorder', log });
const records = new CallRecords(await Recorder.open(connection, 'bench', log, new Metrics()), 'key-of-the-bench');

const body = Buffer.from('{"identityNumber":"031190000016","birthDate":"1990-02-14"}');
const answer = Buffer.from('{"verified":true}');

/** One query, as the gateway writes it down. */
async function recordOne() {
  const receivedAt = Date.now();
  const call = {
    client: { id: 'bench', environment: 'production' },
    system: 'population',
    operation: { operation: 'verify-citizen', version: '1.0.0', kind: 'query' },
    body,
    headers: {
      'Lgsp-Agency': 'H24.11',
      'Lgsp-Officer': 'officer.bench',
      'Lgsp-Dossier': 'H24.11-261101-0001',
      traceparent: '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01',
    },
    receivedAt,
    deadline: receivedAt + 10_000,
  };
  const relayed = { status: 200, body: answer, sentAt: receivedAt, returnedAt: receivedAt, attempts: 1, upstreamMs: 1 };
  await records.open(call).outcome(newTransactionId(), relayed, { outcome: 'succeeded', final: true });
}

/** @param {{atOnce: number, seconds: number}} order */
async function record({ atOnce, seconds }) {
  let count = 0;
  const waits = [];
  const until = Date.now() + seconds * 1_000;
  const before = process.cpuUsage();
  const writer = async () => {
    while (Date.now() < until) {
      const startedAt = performance.now();
      await recordOne();
      waits.push(performance.now() - startedAt);
      count++;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, writer));
  const { user, system } = process.cpuUsage(before);
  const medianMs = waits.toSorted((a, b) => a - b)[Math.floor(waits.length / 2)];
  return { count, cpu: (user + system) / count, medianMs };
}

process.on('message', (order) => void record(order).then((done) => process.send({ done })));
process.once('disconnect', () => process.exit(0));
process.send({ ready: true });
