import type { Recorder } from '#lgsp/recorder';
import type { TransactionRecord } from '#lgsp/records';
import { makeHour } from './history.maker';
import type { Remainder } from './history.place';

/**
 * Most records that are handed over together: as many as a recorder puts into one batch, so that the intent and the outcome
 * of a command, which stand side by side, come into the same one. Nobody sees a command of years ago as open.
 */
const groupMax = 1_000;
/** Longest wait for a batch to become durable, in milliseconds. */
const durableMs = 60_000;

/**
 * Records what remains, batch after batch, until it is done or the signal aborts: then what was begun is finished.
 * @param onDurable told after each batch how many transactions were made durable by this run
 * @throws BusError `ledger-unavailable` when the stream takes nothing for too long
 */
export async function writeHistory(
  remainder: Remainder,
  seed: string,
  recorder: Recorder,
  signal: AbortSignal,
  onDurable: (transactions: number) => void,
): Promise<void> {
  let written = 0;
  let underWay: Promise<unknown> = Promise.resolve();
  for (const { records, transactions } of groupsOf(remainder, seed)) {
    // The next group was made while the one before was on its way; only one at a time, or their batches would overlap.
    await underWay;
    onDurable(written);
    if (signal.aborted) return;
    const until = Date.now() + durableMs;
    underWay = Promise.all(records.map((record) => recorder.record(record, until)));
    // Awaited above: until then its failure is nobody's.
    underWay.catch(() => undefined);
    written += transactions;
  }
  await underWay;
  onDurable(written);
}

interface Group {
  records: TransactionRecord[];
  transactions: number;
}

function* groupsOf({ hours, skip }: Remainder, seed: string): Generator<Group> {
  let group: Group = { records: [], transactions: 0 };
  let toSkip = skip;
  for (const hour of hours) {
    for (const transaction of makeHour(hour, seed)) {
      if (toSkip > 0) {
        toSkip--;
        continue;
      }
      if (group.records.length + transaction.length > groupMax) {
        yield group;
        group = { records: [], transactions: 0 };
      }
      group.records.push(...transaction);
      group.transactions++;
    }
  }
  if (group.transactions > 0) yield group;
}
