import { sign, hash, type KeyObject } from 'node:crypto';
import { headHash, isSigned, type RecorderKey, type SignedHead } from './record.batch';

/** What a seal says of one recorder's chain between its two positions. */
export interface SealedChain {
  recorder: string;
  /** Id of the recorder's public key, and the key itself as it was published then; empty when none was. */
  key: string;
  x: string;
  /** Numbers of the first and the last batch. */
  first: number;
  last: number;
  /** Hash of the batch before the first, and of the last one. */
  before: string;
  hash: string;
  records: number;
}

/**
 * What the ledger says of the stream between two positions: which recorders wrote, with which key, and where each chain
 * began and ended. So a chain cut off at its end, a whole recorder that vanishes and a key that is replaced show. Seals of
 * the closed hours are numbered and chained like batches; the seal that closes an evidence file names the newest of them.
 */
export interface Seal {
  v: 1;
  /** In the chain of seals, from 1; 0 for one that closes an evidence file and is in no chain. */
  number: number;
  /** Hash of the seal before, hexadecimal; 64 zeros for the first. */
  previous: string;
  /** What it is about: an hour of Vietnam, `2026-11-24T10+07:00`, or the days of a file, `2026-11-01/2026-11-30`. */
  period: string;
  /** When the stream was made: which stream it is. */
  stream: string;
  /** The entries after this position, up to and with the other. */
  after: number;
  through: number;
  /** Entries that are batches, those that are none, and records in all. */
  batches: number;
  strange: number;
  records: number;
  /** In the order of the recorders' names. */
  chains: SealedChain[];
  /** Epoch milliseconds. */
  at: number;
  /** The ledger process that sealed, and the id of its key. */
  recorder: string;
  key: string;
}

export interface SignedSeal extends Seal {
  /** Ed25519 over the seal's text form, base64url. */
  signature: string;
}

/** Whose seals are believed: a recorder of a ledger process. */
export const sealerName = /^ledger-[0-9a-f]+$/;

/** The one text form of a seal: what is signed, and what `previous` is the hash of. */
function sealText(seal: Seal): string {
  const { v, number, previous, period, stream, after, through, batches, strange, records, at, recorder, key } = seal;
  const chains = seal.chains.map((chain) => {
    const { recorder, key, x, first, last, before, hash, records } = chain;
    return { recorder, key, x, first, last, before, hash, records };
  });
  const counts = { after, through, batches, strange, records };
  return JSON.stringify({ v, number, previous, period, stream, ...counts, chains, at, recorder, key });
}

export function sealHash(seal: Seal): string {
  return hash('sha256', sealText(seal), 'hex');
}

export function signSeal(seal: Seal, { privateKey }: RecorderKey): { seal: SignedSeal; text: string } {
  const signed = sealText(seal);
  const signature = sign(null, Buffer.from(signed), privateKey).toString('base64url');
  return { seal: { ...seal, signature }, text: signedText(signed, signature) };
}

const signedText = (text: string, signature: string): string => `${text.slice(0, -1)},"signature":"${signature}"}`;

/** Reads a seal without believing it. @throws Error when it has not the one form */
export function parseSeal(text: string): SignedSeal {
  const seal = JSON.parse(text) as SignedSeal;
  if (seal.v !== 1) throw new Error(`seal of unknown version ${String(seal.v)}`);
  if (!Array.isArray(seal.chains)) throw new Error('the seal has no list of chains');
  if (signedText(sealText(seal), seal.signature) !== text) throw new Error('the seal has not its one form');
  return seal;
}

export function isSealSigned(seal: SignedSeal, publicKey: KeyObject): boolean {
  return isSigned(sealText(seal), seal.signature, publicKey);
}

/** What stands in the stream from after a position on, taken in entry by entry: what a seal says, or should have said. */
export class SealWindow {
  through: number;
  batches = 0;
  strange = 0;
  records = 0;
  private readonly chains = new Map<string, SealedChain>();

  constructor(readonly after: number) {
    this.through = after;
  }

  /** @param x the recorder's public key as it is published */
  add(position: number, head: SignedHead, x: string): void {
    this.through = position;
    this.batches++;
    this.records += head.count;
    const { recorder, number, count } = head;
    const chain = this.chains.get(recorder);
    if (chain) Object.assign(chain, { last: number, hash: headHash(head), records: chain.records + count });
    else {
      const ends = { first: number, last: number, before: head.previous, hash: headHash(head) };
      this.chains.set(recorder, { recorder, key: head.key, x, ...ends, records: count });
    }
  }

  /** An entry that is no batch. */
  addStrange(position: number): void {
    this.through = position;
    this.strange++;
  }

  /** Takes in what an earlier seal says of the entries that follow. */
  addSealed(seal: Seal): void {
    this.through = seal.through;
    this.batches += seal.batches;
    this.strange += seal.strange;
    this.records += seal.records;
    for (const next of seal.chains) {
      const chain = this.chains.get(next.recorder);
      if (chain) Object.assign(chain, { last: next.last, hash: next.hash, records: chain.records + next.records });
      else this.chains.set(next.recorder, { ...next });
    }
  }

  chain(recorder: string): SealedChain | undefined {
    return this.chains.get(recorder);
  }

  toSeal(about: Pick<Seal, 'number' | 'previous' | 'period' | 'stream' | 'at' | 'recorder' | 'key'>): Seal {
    const { after, through, batches, strange, records } = this;
    const chains = [...this.chains.values()].toSorted((a, b) => (a.recorder < b.recorder ? -1 : 1));
    return { v: 1, ...about, after, through, batches, strange, records, chains };
  }
}
