import { Inject, Injectable } from '@nestjs/common';
import type { Outcome } from '#lgsp/errors';
import { timeOfTransactionId, transactionIdAt, type TransactionPage, type TransactionView } from '#lgsp/records';
import { nowInVietnam, startOfDay } from '#lgsp/vietnam';
import { archivedMonths, unknownTransaction } from '../store/archived.months';
import { Database } from '../store/database';
import type { SearchQuestion } from './search.messages';

interface Row extends Record<string, unknown> {
  id: string;
  outcome: Outcome;
}

const pageDefault = 50;
const dayMs = 86_400_000;
const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;
const columns = `id::text, environment, client, agency, dossier, linked_dossier as "linkedDossier", procedure, system, operation,
  version, kind, mode, outcome, final, code, upstream_ms as "upstreamMs", attempts, request_bytes as "requestBytes",
  answer_bytes as "answerBytes", trace, ${ms('at')} as "receivedAt", ${ms('sent_at')} as "sentAt",
  ${ms('returned_at')} as "returnedAt", ${ms('answered_at')} as "answeredAt"`;
const timeFields = ['receivedAt', 'sentAt', 'returnedAt', 'answeredAt'] as const;

/** Transactions as they stand, one by its id or many by what they have in common; the newest first. */
@Injectable()
export class Transactions {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** @param client whose it must be @throws BusError `unknown-transaction`, also for another client's, and when it is archived */
  async one(id: string, client?: string): Promise<TransactionView> {
    const [row] = await this.database.query<Row>(
      `select ${columns} from transactions where id = $1 and ($2::text is null or client = $2)`,
      [id, client ?? null],
    );
    if (!row) throw await unknownTransaction(this.database, id);
    return viewOf(row);
  }

  /** A page; its cursor is the id of its last transaction, so that what is written meanwhile moves nothing. */
  async page(question: SearchQuestion): Promise<TransactionPage> {
    const { limit = pageDefault } = question;
    const [text, parameters] = question.dossier === undefined ? pageOf(question) : pageOfDossier(question);
    const [rows, archived] = await Promise.all([
      this.database.query<Row>(`${text} order by transactions.id desc limit ${limit + 1}`, parameters),
      archivedMonths(this.database, ...boundsOf(question)),
    ]);
    const transactions = rows.slice(0, limit).map(viewOf);
    return {
      transactions,
      ...(rows.length > limit ? { cursor: transactions.at(-1)!.id } : {}),
      ...(archived.length > 0 ? { archivedMonths: archived } : {}),
    };
  }
}

type Statement = [text: string, parameters: unknown[]];

/** Before all ids, and after them. */
const [firstId, lastId] = ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];

/** Times are ranges of ids, which are in the order of time: so only the months that are asked for are looked into. */
function idsOf(question: SearchQuestion): { low?: string; high?: string } {
  const [fromMs, beforeMs] = momentsOf(question);
  const ends = [beforeMs === undefined ? undefined : transactionIdAt(beforeMs), question.cursor?.toLowerCase()];
  return {
    low: fromMs === undefined ? undefined : transactionIdAt(fromMs),
    high: ends.filter((end) => end !== undefined).toSorted()[0],
  };
}

function pageOf(question: SearchQuestion): Statement {
  const parameters: unknown[] = [];
  const take = (value: unknown): string => `$${parameters.push(value)}`;
  const conditions = ['true'];
  for (const column of ['client', 'system', 'operation', 'outcome'] as const)
    if (question[column] !== undefined) conditions.push(`${column} = ${take(question[column])}`);
  const { low, high } = idsOf(question);
  if (low !== undefined) conditions.push(`id >= ${take(low)}::uuid`);
  if (high !== undefined) conditions.push(`id < ${take(high)}::uuid`);
  return [`select ${columns} from transactions where ${conditions.join(' and ')}`, parameters];
}

/** By the function that is made for it (store/migrations). */
function pageOfDossier(question: SearchQuestion): Statement {
  const { dossier, client, system, operation, outcome, limit = pageDefault } = question;
  const { low = firstId, high = lastId } = idsOf(question);
  const others = [client, system, operation, outcome].map((value) => value ?? null);
  const parameters = [dossier, ...others, low, high, limit + 1];
  const places = parameters.map((_, nth) => `$${nth + 1}`).join(', ');
  return [`select ${columns} from transactions_of_dossier(${places}) transactions`, parameters];
}

/** From which moment on, and before which one, as far as the question says. */
function momentsOf({ from, to }: SearchQuestion): [number | undefined, number | undefined] {
  return [from === undefined ? undefined : momentOf(from, 0), to === undefined ? undefined : momentOf(to, dayMs)];
}

/** The moments between which nothing was looked into before: what came with the pages before is older than their cursor. */
function boundsOf(question: SearchQuestion): [number | undefined, number | undefined] {
  const [fromMs, beforeMs] = momentsOf(question);
  const { cursor } = question;
  if (cursor !== undefined) return [fromMs, timeOfTransactionId(cursor)];
  return [fromMs, beforeMs === undefined ? undefined : Math.max(0, beforeMs - 1)];
}

/** @param dayEndMs what is added to the beginning of a day, which has no time of its own */
function momentOf(text: string, dayEndMs: number): number {
  return Math.max(0, text.length === 10 ? startOfDay(text) + dayEndMs : Date.parse(text));
}

function viewOf(row: Row): TransactionView {
  const known = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as Record<
    string,
    unknown
  >;
  const { receivedAt, answeredAt } = known as { receivedAt: number; answeredAt?: number };
  for (const field of timeFields)
    if (known[field] !== undefined) known[field] = nowInVietnam(new Date(known[field] as number));
  if (answeredAt !== undefined) known['durationMs'] = answeredAt - receivedAt;
  return known as unknown as TransactionView;
}
