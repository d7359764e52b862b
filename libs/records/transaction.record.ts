import { hash } from 'node:crypto';
import { outcomes, type Outcome } from '#lgsp/errors';
import { isTransactionId } from './transaction.id';

/**
 * What is written down of a transaction. A query has one record, made before it is answered. A command has an `intent`
 * before anything is sent, and an `outcome` after; an outcome that is not final (`accepted`, `unknown`, or a failure that
 * may be repeated under its key) is followed by further ones. The last record of an id tells where it stands.
 *
 * No bodies and no names: of bodies the sizes and a salted hash, of the officer a keyed hash.
 */
export interface TransactionRecord {
  /** UUID of version 7; its time is when the call was admitted. */
  id: string;
  step: 'intent' | 'outcome';
  environment: 'production' | 'sandbox';
  client: string;
  agency?: string;
  /** Keyed hash, so that one officer's calls can be found by whoever holds the key, and nobody is named. */
  officer?: string;
  dossier?: string;
  /** The other code of a dossier that has two: the inter-agency portal's beside the one-stop office's. */
  linkedDossier?: string;
  procedure?: string;
  system: string;
  operation: string;
  /** Semantic version of the operation. */
  version: string;
  kind: 'query' | 'command';
  mode: 'sync' | 'async';
  /** Of a command: where its idempotency record lies, `<client>.<hash of the key>`. */
  idempotency?: string;
  /** Of a command: epoch milliseconds at which whoever sent it stops waiting. */
  deadline?: number;
  /** Absent in an intent. */
  outcome?: Outcome;
  /** Whether this outcome stands for ever. */
  final: boolean;
  /** The code of the error table when it is not a success. */
  code?: string;
  /** Epoch milliseconds: in at the gateway, out to the connector, back from it, ready to be answered. */
  receivedAt: number;
  sentAt?: number;
  returnedAt?: number;
  answeredAt?: number;
  /** How long the outside system took in all, in milliseconds, and how often it was called. */
  upstreamMs?: number;
  attempts?: number;
  /** Bytes of the bodies. */
  requestBytes: number;
  answerBytes?: number;
  /** 16 random bytes, base64url: without it the hash of a short body could be guessed back into the body. */
  salt: string;
  /** SHA-256 over the salt's bytes and the body's, base64url. */
  requestHash: string;
  answerHash?: string;
  /** W3C trace id, 32 hexadecimal digits. */
  trace: string;
}

/** The one text form of a record: fields in this order, absent ones left out. Hashes and signatures are over these bytes. */
export function recordText(record: TransactionRecord): string {
  return JSON.stringify({
    id: record.id,
    step: record.step,
    environment: record.environment,
    client: record.client,
    agency: record.agency,
    officer: record.officer,
    dossier: record.dossier,
    linkedDossier: record.linkedDossier,
    procedure: record.procedure,
    system: record.system,
    operation: record.operation,
    version: record.version,
    kind: record.kind,
    mode: record.mode,
    idempotency: record.idempotency,
    deadline: record.deadline,
    outcome: record.outcome,
    final: record.final,
    code: record.code,
    receivedAt: record.receivedAt,
    sentAt: record.sentAt,
    returnedAt: record.returnedAt,
    answeredAt: record.answeredAt,
    upstreamMs: record.upstreamMs,
    attempts: record.attempts,
    requestBytes: record.requestBytes,
    answerBytes: record.answerBytes,
    salt: record.salt,
    requestHash: record.requestHash,
    answerHash: record.answerHash,
    trace: record.trace,
  });
}

/** Hash of a body under the record's salt. */
export function bodyHash(salt: Uint8Array, body: Uint8Array): string {
  return hash('sha256', Buffer.concat([salt, body]), 'base64url');
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const optional =
  (check: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === undefined || check(value);
const oneOf =
  (...values: readonly string[]) =>
  (value: unknown): boolean =>
    values.includes(value as string);

const fields: Record<keyof TransactionRecord, (value: unknown) => boolean> = {
  id: (value) => typeof value === 'string' && isTransactionId(value),
  step: oneOf('intent', 'outcome'),
  environment: oneOf('production', 'sandbox'),
  client: isText,
  agency: optional(isText),
  officer: optional(isText),
  dossier: optional(isText),
  linkedDossier: optional(isText),
  procedure: optional(isText),
  system: isText,
  operation: isText,
  version: isText,
  kind: oneOf('query', 'command'),
  mode: oneOf('sync', 'async'),
  idempotency: optional(isText),
  deadline: optional(isCount),
  outcome: optional(oneOf(...outcomes)),
  final: (value) => typeof value === 'boolean',
  code: optional(isText),
  receivedAt: isCount,
  sentAt: optional(isCount),
  returnedAt: optional(isCount),
  answeredAt: optional(isCount),
  upstreamMs: optional(isCount),
  attempts: optional(isCount),
  requestBytes: isCount,
  answerBytes: optional(isCount),
  salt: isText,
  requestHash: isText,
  answerHash: optional(isText),
  trace: isText,
};

const checks = Object.entries(fields) as [keyof TransactionRecord, (value: unknown) => boolean][];

/** Reads a record from its text form. @throws Error naming the field that is wrong */
export function parseRecord(text: string): TransactionRecord {
  const value = JSON.parse(text) as TransactionRecord;
  for (const name in value) if (!Object.hasOwn(fields, name)) throw new Error(`unknown field ${name}`);
  for (const [name, check] of checks) if (!check(value[name])) throw new Error(`bad field ${name}`);
  return value;
}
