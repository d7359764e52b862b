import type { EvidenceJwk } from './evidence.key';
import { inclusionProof, leafHash } from './merkle';
import { signedHeadText, splitBatch, type SignedHead } from './record.batch';

/**
 * The signed evidence of one transaction: whoever has it can prove, without the bus, what was recorded. The salts are in the
 * records: with them, and the bodies, which only the caller has, the hashes of the bodies can be proven too.
 */
export interface Receipt {
  v: 1;
  /** Of the transaction. */
  id: string;
  /** In the order in which they were recorded. */
  records: ProvenRecord[];
  /** The public keys of the recorders, and of the seal. */
  keys: EvidenceJwk[];
  /**
   * The newest seal of the stream when the receipt was given, as its text: whoever keeps the receipt can show later that the
   * trail up to there was this one. Absent before the first.
   */
  seal?: string;
}

/** A record, and the way from it to a signed root. */
export interface ProvenRecord {
  /** The record as it was signed. */
  text: string;
  /** Its place in the batch. */
  index: number;
  /** The hashes beside its way to the root, from the record upwards, hexadecimal. */
  proof: string[];
  /** The signed head of its batch, as its text. */
  head: string;
}

/** The records of a transaction in a batch, each with its proof. @throws Error when it is no batch */
export function proveRecords(batch: string, id: string): { proven: ProvenRecord[]; head: SignedHead } {
  const { head, texts } = splitBatch(batch);
  const start = `{"id":"${id}",`;
  const leaves = texts.some((text) => text.startsWith(start)) ? texts.map(leafHash) : [];
  const proven = texts.flatMap((text, index) => {
    if (!text.startsWith(start)) return [];
    const proof = inclusionProof(leaves, index).map((hash) => hash.toString('hex'));
    return [{ text, index, proof, head: signedHeadText(head) }];
  });
  return { proven, head };
}
