import type { Outcome } from '#lgsp/errors';
import { standingOf, timeOfTransactionId, type TransactionRecord } from '#lgsp/records';

/** What the records of one transaction, of those that are applied together, make of its row. */
export interface RowChange {
  id: string;
  /** The time in the id, epoch milliseconds. */
  at: number;
  /** Its newest record that counts. */
  record: TransactionRecord;
  outcome: Outcome;
  final: boolean;
  recorder: string;
  /** Stream positions of the first and of the newest record. */
  firstSequence: number;
  lastSequence: number;
  /** Of the others, in another batch than either: those in between, and those that came after a final one. */
  betweenSequences: number[];
  /** Whether its first record is one that comes first: then no row is there, unless the stream holds it twice. */
  begins: boolean;
}

/**
 * Puts records of one transaction together, in the order of the stream: the newest tells where it stands, but a final one
 * stands for ever.
 */
export class RowChanges {
  private readonly changes = new Map<string, RowChange>();
  /** Records that say something else than the final one before them. */
  conflicts: { id: string; sequence: number }[] = [];

  add(record: TransactionRecord, recorder: string, sequence: number): void {
    const known = this.changes.get(record.id);
    const standing = standingOf(record);
    if (!known) {
      const at = timeOfTransactionId(record.id);
      const { outcome, final } = standing;
      const begins = record.kind === 'query' || record.step === 'intent';
      const places = { firstSequence: sequence, lastSequence: sequence, betweenSequences: [], begins };
      this.changes.set(record.id, { id: record.id, at, record, outcome, final, recorder, ...places });
    } else if (known.final) {
      if (isConflict(known, standing)) this.conflicts.push({ id: record.id, sequence });
      const isNew = ![known.firstSequence, known.lastSequence, known.betweenSequences.at(-1)].includes(sequence);
      if (isNew) known.betweenSequences.push(sequence);
    } else {
      const { firstSequence: first, lastSequence: last } = known;
      if (last !== first && last !== sequence) known.betweenSequences.push(last);
      Object.assign(known, { record, recorder, ...standing, lastSequence: sequence });
    }
  }

  get rows(): RowChange[] {
    return [...this.changes.values()];
  }
}

/** Whether what comes after a final outcome contradicts it, instead of saying it again. */
export function isConflict(known: { outcome: Outcome }, later: { outcome: Outcome; final: boolean }): boolean {
  return later.final && later.outcome !== known.outcome;
}
