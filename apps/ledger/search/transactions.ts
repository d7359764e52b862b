import { Inject, Injectable } from '@nestjs/common';
import { BusError, type Outcome } from '#lgsp/errors';
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
    const parameters: unknown[] = [];
    const take = (value: unknown): string => `$${parameters.push(value)}`;
    const rows = await this.database.query<Row>(
      `select ${columns} from transactions where ${conditionsOf(question, take).join(' and ')}
       order by id desc limit ${take(limit + 1)}`,
      parameters,
    );
    const transactions = rows.slice(0, limit).map(viewOf);
    const archived = await archivedMonths(this.database, ...boundsOf(question));
    return {
      transactions,
      ...(rows.length > limit ? { cursor: transactions.at(-1)!.id } : {}),
      ...(archived.length > 0 ? { archivedMonths: archived } : {}),
    };
  }
}

/** Times are ranges of ids, which are in the order of time: so only the months that are asked for are looked into. */
function conditionsOf(question: SearchQuestion, take: (value: unknown) => string): string[] {
  const { dossier, cursor } = question;
  const conditions = ['true'];
  for (const column of ['client', 'system', 'operation', 'outcome'] as const)
    if (question[column] !== undefined) conditions.push(`${column} = ${take(question[column])}`);
  if (dossier !== undefined) {
    const code = take(dossier);
    conditions.push(`(dossier = ${code} or linked_dossier = ${code})`);
  }
  const [fromMs, beforeMs] = momentsOf(question);
  if (fromMs !== undefined) conditions.push(`id >= ${take(transactionIdAt(fromMs))}::uuid`);
  if (beforeMs !== undefined) conditions.push(`id < ${take(transactionIdAt(beforeMs))}::uuid`);
  if (cursor !== undefined) conditions.push(`id < ${take(cursor)}::uuid`);
  return conditions;
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
  const moment = text.length === 10 ? startOfDay(text) + dayEndMs : Date.parse(text);
  if (Number.isNaN(moment)) {
    const detail = { en: `${text} is no day of the calendar`, vi: `${text} không phải là ngày có thật` };
    throw new BusError('invalid-request', { detail });
  }
  return Math.max(0, moment);
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
