import { hash } from 'node:crypto';
import type { Outcome } from '#lgsp/errors';
import { timeOfTransactionId } from './transaction.id';
import type { TransactionRecord } from './transaction.record';

/** Where a transaction stands after a record: under way after an intent. */
export function standingOf({ step, outcome, final }: TransactionRecord): { outcome: Outcome; final: boolean } {
  return step === 'intent' || outcome === undefined ? { outcome: 'accepted', final: false } : { outcome, final };
}

/** Whether the row must keep salt and hash of the request: a further record of the command needs them. */
export function keepsSalt({ kind }: TransactionRecord, final: boolean): boolean {
  return !final && kind === 'command';
}

/** What a record and the row that was made of it must agree in. */
export type Account = Pick<
  TransactionRecord,
  | 'id'
  | 'environment'
  | 'client'
  | 'agency'
  | 'officer'
  | 'dossier'
  | 'linkedDossier'
  | 'procedure'
  | 'system'
  | 'operation'
  | 'version'
  | 'kind'
  | 'mode'
  | 'idempotency'
  | 'deadline'
  | 'code'
  | 'sentAt'
  | 'returnedAt'
  | 'answeredAt'
  | 'upstreamMs'
  | 'attempts'
  | 'requestBytes'
  | 'answerBytes'
  | 'trace'
> & {
  /** The time in the id, epoch milliseconds. */
  at: number;
  outcome: Outcome;
  final: boolean;
  /** Who recorded it. */
  recorder: string;
  /** While it is an open command. */
  salt?: string;
  requestHash?: string;
};

/** Their names, in the order in which they are compared. */
export const accountFields = [
  'id',
  'environment',
  'client',
  'agency',
  'officer',
  'dossier',
  'linkedDossier',
  'procedure',
  'system',
  'operation',
  'version',
  'kind',
  'mode',
  'idempotency',
  'deadline',
  'code',
  'sentAt',
  'returnedAt',
  'answeredAt',
  'upstreamMs',
  'attempts',
  'requestBytes',
  'answerBytes',
  'trace',
  'at',
  'outcome',
  'final',
  'recorder',
  'salt',
  'requestHash',
] as const satisfies readonly (keyof Account)[];

export function accountOf(record: TransactionRecord, recorder: string): Account {
  const { salt, requestHash, ...rest } = record;
  const standing = standingOf(record);
  const proof = keepsSalt(record, standing.final) ? { salt, requestHash } : {};
  return { ...rest, ...standing, ...proof, at: timeOfTransactionId(record.id), recorder };
}

/** Bytes of a digest. */
export const digestBytes = 16;

/** Stands for all fields of an account. */
export function accountDigest(account: Account): Buffer {
  const values = accountFields.map((name) => account[name] ?? null);
  return hash('sha256', JSON.stringify(values), 'buffer').subarray(0, digestBytes);
}

/** Where the records of a transaction stand in the stream: the first, the newest that tells, those between, and those after a final one. */
export interface Places {
  first: number;
  last: number;
  between: readonly number[];
}

/** An account as it goes into the hash of a day. */
export function accountLine(id: string, digest: Uint8Array, { first, last, between }: Places): string {
  return `${id} ${Buffer.from(digest).toString('hex')} ${[first, last, ...between].join(' ')}\n`;
}
