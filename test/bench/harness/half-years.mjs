/**
 * Two half-years of transactions in the form in which they come: records of one recorder, signed in batches, in the order of
 * time, 696,339 and 2,452,045 of them. Of fewer there are fewer days: as dense as all of them. Everything is made from one seed.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../../../deploy/local/places.mjs';

const load = createRequire(import.meta.url);
const dist = (/** @type {string} */ path) => load(join(root, 'dist/libs', path, 'index.js'));

const halves = [
  { from: Date.parse('2021-01-01T00:00:00+07:00'), days: 181, weight: 696_339 },
  { from: Date.parse('2022-01-01T00:00:00+07:00'), days: 181, weight: 2_452_045 },
];
const dayMs = 86_400_000;
const [opensHour, openHours] = [7, 10];
const services = [
  ['population', 'verify-citizen', 'query', 40],
  ['population', 'get-citizen', 'query', 18],
  ['civil-registry', 'register-birth', 'command', 6],
  ['civil-registry', 'get-dossier-status', 'query', 7],
  ['judicial-records', 'submit-dossier', 'command', 3],
  ['payment', 'create-payment', 'command', 6],
  ['payment', 'get-payment-status', 'query', 8],
  ['vnpost', 'create-order', 'command', 2],
  ['business-registration', 'get-enterprise', 'query', 4],
  ['land', 'get-dossier', 'query', 2],
  ['national-portal', 'sync-dossier', 'command', 4],
].map(([system, operation, kind, weight]) => ({ system, operation, kind, weight: Number(weight) }));
const outcomes = [
  { outcome: 'succeeded', weight: 940 },
  { outcome: 'not-found', code: 'not-found', weight: 30 },
  { outcome: 'rejected', code: 'upstream-rejected', weight: 20 },
  { outcome: 'failed', code: 'upstream-fault', weight: 5 },
  { outcome: 'timed-out', code: 'upstream-timeout', weight: 5 },
];
/** So many wards and departments, each with one software; the first have most of the work. */
const [agencies, clients, procedures] = [228, 12, 150];
/** Batches that are on their way to the stream at once. */
const underWayMax = 64;
/** The outcome of a command is recorded so many batches after its intent. */
const commandBatches = 2;

/** Numbers from 0 up to below 1, the same in every run (mulberry32). @param {number} seed */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** @template {{weight: number}} T @param {readonly T[]} list @returns {(share: number) => T} */
function chooser(list) {
  const all = list.reduce((sum, { weight }) => sum + weight, 0);
  return (share) => {
    let left = share * all;
    return list.find(({ weight }) => (left -= weight) < 0) ?? list[0];
  };
}

/** The n-th of many, of which the first come most often. @param {number} share @param {number} count */
const skewed = (share, count) => Math.floor(count * share ** 3);

/** @param {number} nth */
export const dossierOf = (nth) => `H24.${11 + (nth % 19)}-21${String(nth).padStart(9, '0')}`;

/**
 * Each transaction's record; of a command its intent, with what follows it.
 * @param {number} count of transactions
 */
export function* transactions(count) {
  const { transactionIdAt } = dist('records');
  const next = random(20_220_630);
  const service = chooser(services);
  const end = chooser(outcomes);
  const weights = halves.reduce((sum, { weight }) => sum + weight, 0);
  let nth = 0;
  for (const { from, days, weight } of halves) {
    const inHalf = weight === halves.at(-1)?.weight ? count - nth : Math.round((count * weight) / weights);
    for (let index = 0; index < inHalf; index++, nth++) {
      const open = (index / weight) * days;
      const at = from + Math.floor(open) * dayMs + Math.floor((opensHour + (open % 1) * openHours) * 3_600_000);
      const bytes = Buffer.alloc(8);
      bytes.writeUInt32BE(Math.floor(next() * 2 ** 32));
      bytes.writeUInt32BE(nth, 4);
      const { system, operation, kind } = service(next());
      const { outcome, code } = end(next());
      const agency = skewed(next(), agencies);
      yield recordOf(transactionIdAt(at, nth % 4_096, bytes), at, {
        system,
        operation,
        kind,
        outcome,
        code,
        client: `one-stop-${agency % clients}`,
        agency: `H24.${11 + agency}`,
        procedure: `1.${String(1_000 + skewed(next(), procedures)).padStart(6, '0')}`,
        dossier: dossierOf(nth),
        upstreamMs: Math.ceil(20 + 400 * next() ** 4),
      });
    }
  }
}

/** @param {string} id @param {number} at @param {Record<string, any>} facts */
function recordOf(id, at, { upstreamMs, outcome, code, ...facts }) {
  const [environment, version, mode] = ['production', '1.0.0', 'sync'];
  const [salt, requestHash, trace] = ['AAAAAAAAAAAAAAAAAAAAAA', id.padEnd(43, 'x'), id.replaceAll('-', '')];
  const fixed = { step: 'outcome', environment, version, mode, officer: 'b2ZmaWNlcg', requestBytes: 140 };
  const known = { id, receivedAt: at, ...fixed, ...facts, salt, requestHash, trace };
  const times = { sentAt: at + 1, returnedAt: at + 2 + upstreamMs, answeredAt: at + 3 + upstreamMs };
  const answer = { upstreamMs, attempts: 1, answerBytes: 230, answerHash: id.padStart(43, 'y') };
  const ended = { outcome, code, final: true, ...times, ...answer };
  if (facts['kind'] !== 'command') return [{ ...known, ...ended }];
  const command = { ...known, idempotency: `${facts['client']}.${id}`, deadline: at + 30_000 };
  return [
    { ...command, step: 'intent', final: false },
    { ...command, ...ended },
  ];
}

/**
 * Fills the stream of a NATS server.
 * @param {string} url @param {{count: number, batchRecords: number, tell: (done: number) => void}} options
 * @returns {Promise<number>} how many records it holds now
 */
export async function fillStream(url, { count, batchRecords, tell }) {
  const { BusConnection } = dist('bus');
  const { makeIdentity, openLedgerStream } = dist('recorder');
  const { firstPrevious, ledgerSubject, sealBatch } = dist('records');
  const { createLogger } = dist('telemetry');
  const log = createLogger({ app: 'bench', level: 'warn' });
  const connection = await BusConnection.open({ url, name: 'bench', log });
  const [identity, stream] = await Promise.all([makeIdentity(connection, 'gateway'), openLedgerStream(connection)]);
  const subject = ledgerSubject(identity.name);
  /** @type {Promise<number>[]} */
  const underWay = [];
  let end = { number: 0, hash: firstPrevious };
  let records = 0;
  const store = async (/** @type {object[]} */ batch) => {
    const sealed = sealBatch(batch, identity.name, end, identity.key);
    end = sealed.end;
    records += batch.length;
    underWay.push(stream.append(subject, Buffer.from(sealed.text)));
    if (underWay.length >= underWayMax) await underWay.shift();
    if (end.number % 1_000 === 0) tell(records);
  };
  /** @type {object[][]} what comes with the batches after this one */
  const later = Array.from({ length: commandBatches + 1 }, () => []);
  for (const [first, outcome] of transactions(count)) {
    later[0].push(first);
    if (outcome) later[commandBatches].push(outcome);
    if (later[0].length < batchRecords) continue;
    await store(/** @type {object[]} */ (later.shift()));
    later.push([]);
  }
  for (const batch of later) if (batch.length > 0) await store(batch);
  await Promise.all(underWay);
  await connection.close();
  return records;
}
