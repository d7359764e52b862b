/** What can be wrong with the evidence, each with what it means to whoever reads it. */
export const faultTexts = {
  'changed-record': 'the record is not the one that was signed',
  'missing-record': 'a record that was signed is not there',
  'added-record': 'the record was not signed with this batch',
  'moved-record': 'the record is not at the place where it was signed',
  'changed-batch': 'its records are not those that were signed, and its list of their hashes does not tell which',
  'changed-leaves': 'its records are those that were signed, but its list of their hashes is not',
  'not-a-batch': 'what stands here is no batch in its one form',
  'wrong-signature': 'its signature is not by the key that it names',
  'unknown-key': 'there is no public key of this id',
  'foreign-key': 'it is signed with the key of another recorder',
  'missing-batch': 'a batch of the chain is not there',
  'repeated-batch': 'a batch of this number was there before',
  'moved-batch': 'the batch stands after batches that follow it in its chain',
  'added-batch': 'the batch was not there when the seal was made',
  'broken-chain': 'it does not follow the batch of this recorder that stands before it',
  'missing-position': 'nothing stands at a position of the stream',
  'moved-position': 'the position does not follow the one before',
  'missing-recorder': 'a recorder that the seal names is not there',
  'added-recorder': 'the recorder is not named by the seal',
  'changed-key': 'the public key is not the one that the seal names',
  'changed-seal': 'what stands here is no seal in its one form',
  'wrong-seal-signature': 'the seal’s signature is not by a key of the ledger',
  'broken-seals': 'the seal does not follow the one before',
  'missing-seal': 'no seal covers it',
  'unlike-seal': 'it is not what the seal says',
  'unknown-anchor': 'the seal that was named is not in the chain of seals',
  'damaged-file': 'the file cannot be read further',
  'changed-file': 'the file is not byte for byte what was written',
  'bad-line': 'the line is not in its one form',
  'bad-record': 'the record was signed, and is none',
  'bad-receipt': 'the receipt is not in its one form',
  'wrong-proof': 'the proof does not lead from the record to the signed root',
  'other-transaction': 'the record is of another transaction',
  'missing-intent': 'the command’s record from before it was sent is not there',
  'missing-outcome': 'no record says how the transaction ended for good',
  'other-body': 'the body is not the one whose hash was recorded',
} as const;
export type FaultName = keyof typeof faultTexts;

/** One thing that is wrong, and where. What is absent is not known, or means nothing there. */
export interface Finding {
  fault: FaultName;
  /** Position in the stream. */
  position?: number;
  recorder?: string;
  /** Number of the batch in its recorder's chain. */
  batch?: number;
  /** The last of several missing batches or positions, whose first is `batch` or `position`. */
  until?: number;
  /** Place of the record in its batch, from 0. */
  index?: number;
  /** Of the transaction. */
  id?: string;
  /** Number of the seal. */
  seal?: number;
  detail?: string;
}

/** Most findings that are kept one by one: beyond it they are only counted. */
const findingsMax = 1_000;

/** Findings in the order in which they were made, up to a bound. */
export class Findings {
  readonly list: Finding[] = [];
  /** All of them, also those that are not in the list. */
  count = 0;

  add(...findings: Finding[]): void {
    for (const finding of findings) if (++this.count <= findingsMax) this.list.push(finding);
  }
}

/** A finding as one line for people: what, where, and what it means. */
export function findingText({ fault, position, recorder, batch, until, index, id, seal, detail }: Finding): string {
  const range = (first: number): string =>
    until === undefined || until === first ? `${first}` : `${first} to ${until}`;
  const where = [
    id && `transaction ${id}`,
    recorder && batch === undefined && `recorder ${recorder}`,
    recorder && batch !== undefined && `batch ${range(batch)} of ${recorder}`,
    position !== undefined && `position ${recorder ? position : range(position)}`,
    index !== undefined && `record ${index}`,
    seal !== undefined && `seal ${seal}`,
  ].filter(Boolean);
  return `${fault}: ${where.join(', ')}${where.length > 0 ? ': ' : ''}${faultTexts[fault]}${detail ? ` (${detail})` : ''}`;
}
