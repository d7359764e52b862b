import { hash } from 'node:crypto';
import type { ErrorCode, Outcome } from '#lgsp/errors';
import { placeOf, transactionIdAt, type TransactionRecord } from '#lgsp/records';
import type { PlannedHour } from './history.plan';
import {
  clientOf,
  historyAgencies,
  historySystems,
  officersPerAgency,
  type HistoryOperation,
  type HistorySystem,
} from './history.services';
import { Choice, SeededRandom } from './seeded.random';

/** The records of one transaction: a query has one, a command its intent and its outcome. */
export type MadeTransaction = readonly TransactionRecord[];

const hourMs = 3_600_000;
/** How far times spread around what is usual. */
const sigma = 0.5;
/** How many calls are about the dossier of the call before. */
const sameDossier = 0.4;
const version = '1.0.0';

type End = { outcome: Outcome; code?: ErrorCode };
/** What each end may have been, as the error table has it. */
const codes: Record<'notFound' | 'rejected' | 'failed' | 'timedOut', readonly End[]> = {
  notFound: [{ outcome: 'not-found', code: 'not-found' }],
  rejected: [
    { outcome: 'rejected', code: 'upstream-rejected' },
    { outcome: 'rejected', code: 'invalid-request' },
  ],
  failed: [
    { outcome: 'failed', code: 'upstream-fault' },
    { outcome: 'failed', code: 'upstream-unreachable' },
  ],
  timedOut: [{ outcome: 'timed-out', code: 'upstream-timeout' }],
};
const succeeded: End = { outcome: 'succeeded' };

/** A system in one month, ready to choose from. */
interface Offer {
  system: string;
  operations: Choice<HistoryOperation>;
  ends: Choice<readonly End[]>;
}

const agencies = new Choice(historyAgencies);
const offers = new Map(historySystems.map((system) => [system, offerOf(system)]));

function offerOf({ system, operations, ends }: HistorySystem): Offer {
  const rest = 1_000 - Object.values(ends).reduce((sum, perMille) => sum + perMille, 0);
  const names = Object.keys(codes) as (keyof typeof codes)[];
  return {
    system,
    operations: new Choice(operations.map((operation) => [operation, operation.weight])),
    ends: new Choice([[[succeeded], rest], ...names.map((name) => [codes[name], ends[name]] as const)]),
  };
}

/** What there was in a month, by how much it was called. @param month `2022-03` */
function offersIn(month: string): Choice<Offer> {
  const year = month.slice(0, 4);
  const there = historySystems.filter(({ since = month, weights }) => since <= month && weights[year]);
  return new Choice(there.map((system) => [offers.get(system)!, system.weights[year]!]));
}

/**
 * Makes the transactions of an hour, in the order of their ids. The same seed gives the same ones to the last byte, each hour
 * by itself, so that a run can go on where another one ended.
 */
export function* makeHour({ day, startsAt, count, before }: PlannedHour, seed: string): Generator<MadeTransaction> {
  const random = new SeededRandom(`${seed}/${startsAt}`);
  const systems = offersIn(day.slice(0, 7));
  const desk = new CounterDesk(random, day);
  let lastMs = 0;
  let order = 0;
  for (let nth = 0; nth < count; nth++) {
    // One in each of equal parts of the hour, anywhere in it: in order without being sorted.
    const receivedAt = startsAt + Math.floor(((nth + random.unit()) / count) * hourMs);
    order = receivedAt === lastMs ? order + 1 : 0;
    lastMs = receivedAt;
    const offer = systems.take(random);
    random.fill(bytes);
    // Its number in all of the history, so that one of another scale holds none of the same records.
    traceBytes.writeUInt32BE(before + nth, traceBytes.length - 4);
    yield makeTransaction(random, offer, desk, receivedAt, order);
  }
}

/** Who calls about what. */
class CounterDesk {
  agency = '';
  dossier = '';
  officer = '';

  constructor(
    private readonly random: SeededRandom,
    private readonly day: string,
  ) {}

  next(): void {
    const { random, day } = this;
    if (this.dossier !== '' && random.unit() < sameDossier) return;
    this.agency = agencies.take(random);
    const serial = String(random.below(10_000_000)).padStart(7, '0');
    this.dossier = `${this.agency}-${day.slice(2).replaceAll('-', '')}-${serial}`;
    this.officer = officerOf(this.agency, random.below(officersPerAgency));
  }
}

const officers = new Map<string, string>();

/** As the keyed hash of an officer looks; nobody stands behind it. */
function officerOf(agency: string, nth: number): string {
  const name = `generated/${agency}/${nth}`;
  let known = officers.get(name);
  if (known === undefined) officers.set(name, (known = hash('sha256', name, 'base64url').slice(0, 22)));
  return known;
}

/** Random bytes of one transaction: of the id, the salt, the trace, and of two hashes of bodies that there never were. */
const bytes = Buffer.alloc(8 + 16 + 16 + 32 + 32);
const [idBytes, saltBytes, traceBytes, requestBytes, answerBytes] = [
  bytes.subarray(0, 8),
  bytes.subarray(8, 24),
  bytes.subarray(24, 40),
  bytes.subarray(40, 72),
  bytes.subarray(72),
] as const;

function makeTransaction(
  random: SeededRandom,
  offer: Offer,
  desk: CounterDesk,
  receivedAt: number,
  order: number,
): MadeTransaction {
  desk.next();
  const operation = offer.operations.take(random);
  const { kind, timeoutMs } = operation;
  const client = clientOf(desk.agency, random.unit());
  const id = transactionIdAt(receivedAt, order, idBytes);
  const end = endOf(random, offer, operation, receivedAt);
  // Written out, and every field there: millions of objects of one shape are made, read and collected several times as fast.
  const outcome: TransactionRecord = {
    id,
    step: 'outcome',
    environment: 'production',
    client,
    agency: desk.agency,
    officer: desk.officer,
    dossier: desk.dossier,
    linkedDossier: undefined,
    procedure: operation.procedure,
    system: offer.system,
    operation: operation.operation,
    version,
    kind,
    mode: 'sync',
    idempotency: kind === 'command' ? placeOf(client, id) : undefined,
    deadline: undefined,
    outcome: end.outcome,
    final: true,
    code: end.code,
    receivedAt,
    sentAt: end.sentAt,
    returnedAt: end.returnedAt,
    answeredAt: end.returnedAt + 1,
    upstreamMs: end.upstreamMs,
    attempts: end.attempts,
    requestBytes: Math.ceil(operation.bytes[0] * random.spread(0.2)),
    answerBytes: end.answerBytes,
    salt: saltBytes.toString('base64url'),
    requestHash: requestBytes.toString('base64url'),
    answerHash: answerBytes.toString('base64url'),
    trace: traceBytes.toString('hex'),
  };
  return kind === 'query' ? [outcome] : [intentOf(outcome, receivedAt + timeoutMs), outcome];
}

/** What was written down of a command before anything was sent. */
function intentOf(outcome: TransactionRecord, deadline: number): TransactionRecord {
  return {
    ...outcome,
    step: 'intent',
    deadline,
    outcome: undefined,
    final: false,
    code: undefined,
    sentAt: undefined,
    returnedAt: undefined,
    answeredAt: undefined,
    upstreamMs: undefined,
    attempts: undefined,
    answerBytes: undefined,
    answerHash: undefined,
  };
}

/** How it ended and when. */
function endOf(random: SeededRandom, { ends }: Offer, operation: HistoryOperation, receivedAt: number) {
  const possible = ends.take(random);
  const { outcome, code } = possible[random.below(possible.length)]!;
  const { medianMs, timeoutMs, kind } = operation;
  const sentAt = receivedAt + 1 + random.below(3);
  const tookMs = Math.min(timeoutMs - 10, Math.ceil(medianMs * random.spread(sigma)));
  const upstreamMs = outcome === 'timed-out' ? timeoutMs - 10 : tookMs;
  const returnedAt = sentAt + upstreamMs + 1 + random.below(2);
  const answered = outcome === 'succeeded' ? operation.bytes[1] : 320;
  return {
    outcome,
    code,
    sentAt,
    returnedAt,
    upstreamMs,
    attempts: outcome === 'failed' && kind === 'query' ? 2 : 1,
    answerBytes: Math.ceil(answered * random.spread(0.2)),
  };
}
