import { createHash } from 'node:crypto';
import { accountLine, type Places } from '#lgsp/records';
import type { KeptRecord, RecordBuckets } from './record.buckets';

/** Where a transaction stands by its records: the newest tells, but a final one stands for ever. */
export interface FoldedTransaction {
  id: string;
  /** The record that tells, and where the records up to it stand; undefined when none of a proven batch does. */
  telling?: KeptRecord & Places;
}

/** The transactions of a day by their records, in the order of their ids. */
export async function* transactionsOf(buckets: RecordBuckets, day: string): AsyncGenerator<FoldedTransaction> {
  for await (const records of buckets.of(day)) {
    const folded = new Map<string, FoldedTransaction['telling']>();
    for (const record of records) {
      const before = folded.get(record.id);
      if (record.counts && before?.final) folded.set(record.id, { ...before, between: furtherPlaces(before, record) });
      else if (record.counts) folded.set(record.id, { ...record, ...placesAfter(before, record) });
      else if (!before) folded.set(record.id, undefined);
    }
    for (const id of [...folded.keys()].toSorted()) yield { id, telling: folded.get(id) };
  }
}

function placesAfter(before: Places | undefined, { position }: KeptRecord): Places {
  if (!before) return { first: position, last: position, between: [] };
  const { first, last, between } = before;
  return { first, last: position, between: last === first || last === position ? between : [...between, last] };
}

/** What comes after a final record says nothing new, and stands somewhere all the same. */
function furtherPlaces({ first, last, between }: Places, { position }: KeptRecord): readonly number[] {
  return [first, last, between.at(-1)].includes(position) ? between : [...between, position];
}

export interface DayOfStream {
  /** Distinct transactions of which there is any record, and those of which a proven one tells. */
  all: number;
  proven: number;
  /** SHA-256 over the account lines of the proven ones, hexadecimal. */
  hash: string;
}

export async function dayOfStream(buckets: RecordBuckets, day: string): Promise<DayOfStream> {
  const hash = createHash('sha256');
  let all = 0;
  let proven = 0;
  for await (const { id, telling } of transactionsOf(buckets, day)) {
    all++;
    if (!telling) continue;
    proven++;
    hash.update(accountLine(id, telling.digest, telling));
  }
  return { all, proven, hash: hash.digest('hex') };
}
