import { transactionIdAt, type Account, type Places } from '#lgsp/records';
import { daysAfter, startOfDay } from '#lgsp/vietnam';
import type { Sql } from '../store/database';

/** A row as an account, and where its records stand. */
export interface AccountRow extends Places {
  account: Account;
}

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;

/** What an account consists of, and where a row has it. */
const columns: Record<keyof Account, string> = {
  id: 'id',
  environment: 'environment',
  client: 'client',
  agency: 'agency',
  officer: 'officer',
  dossier: 'dossier',
  linkedDossier: 'linked_dossier',
  procedure: 'procedure',
  system: 'system',
  operation: 'operation',
  version: 'version',
  kind: 'kind',
  mode: 'mode',
  idempotency: 'idempotency',
  deadline: ms('deadline'),
  outcome: 'outcome',
  final: 'final',
  code: 'code',
  sentAt: ms('sent_at'),
  returnedAt: ms('returned_at'),
  answeredAt: ms('answered_at'),
  upstreamMs: 'upstream_ms',
  attempts: 'attempts',
  requestBytes: 'request_bytes',
  answerBytes: 'answer_bytes',
  trace: 'trace',
  at: ms('at'),
  recorder: 'recorder',
  salt: 'salt',
  requestHash: 'request_hash',
};
const names = Object.keys(columns);

/** A row as a list, in the order of the names, after the positions of its records. */
type Listed = [first: number, last: number, between: number[] | null, ...values: unknown[]];
const listed = `json_build_array(first_sequence, last_sequence, between_sequences, ${Object.values(columns).join(', ')})`;

/** The ids of a day's transactions are from the one to below the other. */
export function idsOfDay(day: string): [from: string, to: string] {
  return [transactionIdAt(startOfDay(day)), transactionIdAt(startOfDay(daysAfter(day, 1)))];
}

/** Rows of a day after an id, in the order of their ids. */
export async function rowsAfter(sql: Sql, day: string, after: string, limit: number): Promise<AccountRow[]> {
  const [from, to] = idsOfDay(day);
  return readRows(sql, 'id >= $1 and id < $2 and id > $3 order by id limit $4', [from, to, after, limit]);
}

export async function rowsById(sql: Sql, ids: readonly string[]): Promise<AccountRow[]> {
  return readRows(sql, 'id = any($1::uuid[])', [`{${ids.join(',')}}`]);
}

/** All in one value: for each of thirty columns of each row a driver would take longer than the database for all of them. */
async function readRows(sql: Sql, which: string, parameters: unknown[]): Promise<AccountRow[]> {
  const [found] = await sql.query<{ rows: Listed[] | null }>(
    `select json_agg(${listed} order by id) as rows from (select * from transactions where ${which}) found`,
    parameters,
  );
  return (found?.rows ?? []).map(accountRow);
}

function accountRow([first, last, between, ...values]: Listed): AccountRow {
  const account: Record<string, unknown> = {};
  for (const [nth, value] of values.entries()) if (value !== null) account[names[nth]!] = value;
  return { account: account as unknown as Account, first, last, between: between ?? [] };
}
