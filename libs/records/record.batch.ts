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
  const root = merkleRoot(texts.map(leafHash)).toString('hex');
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
    text: [signedText(signed, signature), ...texts].join('\n'),
    end: { number: head.number, hash: hash('sha256', signed, 'hex') },
  };
}

const signedText = (head: string, signature: string): string => `${head.slice(0, -1)},"signature":"${signature}"}`;

/** Tells head and records apart, the records as their texts. @throws Error when the head has not its one form */
export function splitBatch(text: string): Pick<RecordBatch, 'head' | 'texts'> {
  const [first, ...texts] = text.split('\n');
  const head = JSON.parse(first!) as SignedHead;
  if (head?.v !== 1) throw new Error('it is no batch of a version that is known');
  if (signedText(headText(head), head.signature) !== first) throw new Error('the head has not its one form');
  return { head, texts };
}

/** Reads a batch without believing it: that is `batchFault`'s affair. @throws Error when it has not the one form of a batch */
export function parseBatch(text: string): RecordBatch {
  const { head, texts } = splitBatch(text);
  return { head, records: texts.map(parseRecord), texts };
}

export type HeadFault = 'wrong-signature' | 'wrong-count' | 'wrong-root';

/** What is wrong with a batch by itself; undefined when its head is signed by the key and tells of exactly these records. */
export function batchFault(head: SignedHead, texts: readonly string[], publicKey: KeyObject): HeadFault | undefined {
  const signature = Buffer.from(head.signature, 'base64url');
  if (signature.toString('base64url') !== head.signature) return 'wrong-signature';
  if (!verify(null, Buffer.from(headText(head)), publicKey, signature)) return 'wrong-signature';
  if (head.count !== texts.length) return 'wrong-count';
  return merkleRoot(texts.map(leafHash)).toString('hex') === head.root ? undefined : 'wrong-root';
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
