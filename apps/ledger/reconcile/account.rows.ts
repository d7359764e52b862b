import type { Outcome } from '#lgsp/errors';
import { transactionIdAt, type Account, type Places } from '#lgsp/records';
import { daysAfter, startOfDay } from '#lgsp/vietnam';
import type { Sql } from '../store/database';

/** A row as an account, and where its records stand. */
export interface AccountRow extends Places {
  account: Account;
}

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;
const columns = `id::text, environment, client, agency, officer, dossier, linked_dossier as "linkedDossier", procedure, system,
  operation, version, kind, mode, idempotency, ${ms('deadline')} as deadline, outcome, final, code, ${ms('sent_at')} as "sentAt",
  ${ms('returned_at')} as "returnedAt", ${ms('answered_at')} as "answeredAt", upstream_ms as "upstreamMs", attempts,
  request_bytes as "requestBytes", answer_bytes as "answerBytes", trace, ${ms('at')} as at, recorder,
  salt, request_hash as "requestHash", first_sequence as first, last_sequence as last, between_sequences::text as between`;

interface Row extends Record<string, unknown> {
  id: string;
  outcome: Outcome;
  first: number;
  last: number;
  /** `{3,4}`. */
  between: string | null;
}

/** The ids of a day's transactions are from the one to below the other. */
export function idsOfDay(day: string): [from: string, to: string] {
  return [transactionIdAt(startOfDay(day)), transactionIdAt(startOfDay(daysAfter(day, 1)))];
}

/** Rows of a day after an id, in the order of their ids. */
export async function rowsAfter(sql: Sql, day: string, after: string, limit: number): Promise<AccountRow[]> {
  const [from, to] = idsOfDay(day);
  const rows = await sql.query<Row>(
    `select ${columns} from transactions where id >= $1 and id < $2 and id > $3 order by id limit $4`,
    [from, to, after, limit],
  );
  return rows.map(accountRow);
}

export async function rowsById(sql: Sql, ids: readonly string[]): Promise<AccountRow[]> {
  const rows = await sql.query<Row>(`select ${columns} from transactions where id = any($1::uuid[]) order by id`, [
    `{${ids.join(',')}}`,
  ]);
  return rows.map(accountRow);
}

function accountRow({ first, last, between, ...row }: Row): AccountRow {
  const known = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
  const places = between?.slice(1, -1).split(',').map(Number) ?? [];
  return { account: known as unknown as Account, first, last, between: places };
}
