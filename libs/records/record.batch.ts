import { createPublicKey, hash, sign, verify, type KeyObject } from 'node:crypto';
import { leafHash, merkleRoot } from './merkle';
import { parseRecord, recordText, type TransactionRecord } from './transaction.record';

/**
 * Records that were made durable together. Each recorder (one gateway or ledger process) numbers its batches from 1 and
 * names the hash of the one before, so that a batch that is changed, missing or put elsewhere breaks the chain.
 */
export interface BatchHead {
  v: 1;
  /** Which process recorded: `gateway-4f1c09a2`. A restart is another recorder, with a chain and a key of its own. */
  recorder: string;
  number: number;
  /** Hash of this recorder's batch before, hexadecimal; 64 zeros for the first. */
  previous: string;
  /** Merkle root over the records' text forms, hexadecimal. */
  root: string;
  count: number;
  /** Epoch milliseconds. */
  at: number;
  /** Id of the public key. */
  key: string;
}

export interface SignedHead extends BatchHead {
  /** Ed25519 over the head's text form, base64url. */
  signature: string;
  /**
   * Hashes of the records' text forms one after the other, base64url, in a batch of several. Not signed and not needed for a
   * proof, but the signed root tells whether they are the true ones: by them a changed record can be named.
   */
  leaves?: string;
}

export interface RecordBatch {
  head: SignedHead;
  records: TransactionRecord[];
  /** The records' text forms as they were signed. */
  texts: string[];
}

export const firstPrevious = '0'.repeat(64);

/** The one text form of a head: what is signed, and what `previous` is the hash of. */
export function headText({ v, recorder, number, previous, root, count, at, key }: BatchHead): string {
  return JSON.stringify({ v, recorder, number, previous, root, count, at, key });
}

export function headHash(head: BatchHead): string {
  return hash('sha256', headText(head), 'hex');
}

/** The key with which a recorder signs. It is made when the process starts and never leaves it. */
export interface RecorderKey {
  kid: string;
  privateKey: KeyObject;
}

/** Where a recorder's chain stands. */
export interface ChainEnd {
  number: number;
  hash: string;
}

/** Makes the next batch of a chain: one line with the signed head, then one line per record. */
export function sealBatch(
  records: readonly TransactionRecord[],
  recorder: string,
  after: ChainEnd,
  key: RecorderKey,
  at = Date.now(),
): { text: string; end: ChainEnd } {
  const texts = records.map(recordText);
  const hashes = texts.map(leafHash);
  const root = merkleRoot(hashes).toString('hex');
  const head = {
    v: 1,
    recorder,
    number: after.number + 1,
    previous: after.hash,
    root,
    count: texts.length,
    at,
  } as const;
  const signed = headText({ ...head, key: key.kid });
  const signature = sign(null, Buffer.from(signed), key.privateKey).toString('base64url');
  return {
    text: [signedText(signed, signature, leavesOf(hashes)), ...texts].join('\n'),
    end: { number: head.number, hash: hash('sha256', signed, 'hex') },
  };
}

const signedText = (head: string, signature: string, leaves?: string): string =>
  `${head.slice(0, -1)},"signature":"${signature}"${leaves === undefined ? '' : `,"leaves":"${leaves}"`}}`;

const leavesOf = (hashes: readonly Buffer[]): string | undefined =>
  hashes.length > 1 ? Buffer.concat(hashes).toString('base64url') : undefined;

/** The text form of a head with its signature, as it stands in a receipt. */
export function signedHeadText(head: SignedHead): string {
  return signedText(headText(head), head.signature);
}

/** Reads a signed head without believing it. @throws Error when it has not the one form */
export function parseSignedHead(text: string): SignedHead {
  const head = JSON.parse(text) as SignedHead;
  if (head?.v !== 1) throw new Error('it is no batch of a version that is known');
  if (typeof head.key !== 'string' || typeof head.recorder !== 'string') throw new Error('the head names nobody');
  if (signedText(headText(head), head.signature, head.leaves) !== text)
    throw new Error('the head has not its one form');
  return head;
}

/** Reads a batch without believing it: that is `batchFault`'s affair. @throws Error when it has not the one form of a batch */
export function parseBatch(text: string): RecordBatch {
  const { head, texts } = splitBatch(text);
  return { head, records: texts.map(parseRecord), texts };
}

/** As `parseBatch`, and leaves the records unread. @throws Error when the head has not its one form */
export function splitBatch(text: string): Omit<RecordBatch, 'records'> {
  const [first, ...texts] = text.split('\n');
  return { head: parseSignedHead(first!), texts };
}

export type HeadFault = 'wrong-signature' | 'wrong-count' | 'wrong-root' | 'wrong-leaves';

/** What is wrong with a batch by itself; undefined when its head is signed by the key and tells of exactly these records. */
export function batchFault(head: SignedHead, texts: readonly string[], publicKey: KeyObject): HeadFault | undefined {
  if (!isSigned(headText(head), head.signature, publicKey)) return 'wrong-signature';
  if (head.count !== texts.length) return 'wrong-count';
  const hashes = texts.map(leafHash);
  if (merkleRoot(hashes).toString('hex') !== head.root) return 'wrong-root';
  return leavesOf(hashes) === head.leaves ? undefined : 'wrong-leaves';
}

/** Whether this is the key's signature over the text, written as this code writes it. */
export function isSigned(text: string, signature: string, publicKey: KeyObject): boolean {
  const bytes = Buffer.from(signature, 'base64url');
  return bytes.toString('base64url') === signature && verify(null, Buffer.from(text), publicKey, bytes);
}

/** A recorder's public key as it stays published for ever, as a JSON Web Key. */
export interface RecorderPublicKey {
  kid: string;
  recorder: string;
  /** Epoch milliseconds of its first use. */
  from: number;
  jwk: { kty: 'OKP'; crv: 'Ed25519'; x: string };
}

export function publicKeyOf({ jwk }: RecorderPublicKey): KeyObject {
  return createPublicKey({ key: jwk, format: 'jwk' });
}
