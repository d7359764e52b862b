import type { RecorderPublicKey, SignedHead } from '#lgsp/records';
import type { Sql } from '../store/database';
import { arraysOf, unnest, type Column } from '../store/sql.arrays';
import type { EvidenceFault } from './evidence.fault';

export interface CountedBatch {
  sequence: number;
  head: SignedHead;
  hash: string;
  key: RecorderPublicKey;
}

export interface NotedFault extends EvidenceFault {
  sequence: number;
  recorder: string;
}

const time = (ms: number): string => new Date(ms).toISOString();

const batchColumns: readonly Column<CountedBatch>[] = [
  { name: 'recorder', type: 'text', of: ({ head }) => head.recorder },
  { name: 'number', type: 'bigint', of: ({ head }) => head.number },
  { name: 'sequence', type: 'bigint', of: ({ sequence }) => sequence },
  { name: 'count', type: 'integer', of: ({ head }) => head.count },
  { name: 'at', type: 'timestamptz', of: ({ head }) => time(head.at) },
  { name: 'key', type: 'text', of: ({ head }) => head.key },
  { name: 'root', type: 'text', of: ({ head }) => head.root },
  { name: 'previous', type: 'text', of: ({ head }) => head.previous },
  { name: 'hash', type: 'text', of: ({ hash }) => hash },
  { name: 'signature', type: 'text', of: ({ head }) => head.signature },
];

const keyColumns: readonly Column<RecorderPublicKey>[] = [
  { name: 'kid', type: 'text', of: ({ kid }) => kid },
  { name: 'recorder', type: 'text', of: ({ recorder }) => recorder },
  { name: 'valid_from', type: 'timestamptz', of: ({ from }) => time(from) },
  { name: 'x', type: 'text', of: ({ jwk }) => jwk.x },
];

const faultColumns: readonly Column<NotedFault>[] = [
  { name: 'sequence', type: 'bigint', of: ({ sequence }) => sequence },
  { name: 'fault', type: 'text', of: ({ code }) => code },
  { name: 'recorder', type: 'text', of: ({ recorder }) => recorder },
  { name: 'detail', type: 'text', of: ({ detail }) => detail },
  { name: 'uncounted', type: 'integer', of: ({ uncounted }) => uncounted },
];

/**
 * Keeps the signed heads of batches that count with the keys that prove them, and what was wrong with any batch.
 * @param stored ids of keys that the book has
 */
export async function writeEvidence(
  sql: Sql,
  batches: readonly CountedBatch[],
  faults: readonly NotedFault[],
  stored: ReadonlySet<string>,
): Promise<void> {
  const keys = new Map(batches.filter(({ key }) => !stored.has(key.kid)).map(({ key }) => [key.kid, key]));
  await insert(sql, 'recorder_keys', keyColumns, [...keys.values()]);
  await insert(sql, 'batches', batchColumns, batches);
  await insert(sql, 'evidence_faults', faultColumns, faults);
}

async function insert<T>(sql: Sql, table: string, columns: readonly Column<T>[], rows: readonly T[]): Promise<void> {
  if (rows.length === 0) return;
  const names = columns.map(({ name }) => name).join(', ');
  await sql.query(
    `insert into ${table} (${names}) select * from ${unnest(columns, 'given')} on conflict do nothing`,
    arraysOf(columns, rows),
  );
}
