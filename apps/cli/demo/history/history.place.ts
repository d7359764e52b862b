import type { DurableLog, KeyValueStore } from '#lgsp/bus';
import { ledgerSubject, parseBatch, recordText, timeOfTransactionId, type RecorderPublicKey } from '#lgsp/records';
import { UsageError } from '../../settings';
import { makeHour, type MadeTransaction } from './history.maker';
import type { PlannedHour } from './history.plan';

/** Name of the process in the ids of those who record history: `history-4f1c09a2`. */
export const historyProcess = 'history';

/** Where an earlier run ended: the text of the last record that it made durable; undefined when there was none. */
export async function lastWritten(
  stream: DurableLog,
  keys: KeyValueStore<RecorderPublicKey>,
): Promise<string | undefined> {
  const recorders = [...(await keys.all()).values()].filter(({ recorder }) =>
    recorder.startsWith(`${historyProcess}-`),
  );
  let last: string | undefined;
  for (const { recorder } of recorders) {
    const entry = await stream.latest(ledgerSubject(recorder));
    if (!entry) continue; // It ended before its first batch.
    const { texts } = parseBatch(Buffer.from(entry.data).toString('utf8'));
    const text = texts.at(-1)!;
    if (last === undefined || idOf(text) > idOf(last)) last = text;
  }
  return last;
}

const idOf = (text: string): string => (JSON.parse(text) as { id: string }).id;

/** What is still to be made. */
export interface Remainder {
  hours: PlannedHour[];
  /** Of the first of these hours, how many transactions are there already. */
  skip: number;
  /** How many transactions are there already, in all. */
  done: number;
}

/**
 * Finds the place of the last record among those that the plan makes.
 * @throws UsageError when it is not among them: it was made with another seed or scale, or by another version
 */
export function remainderAfter(last: string | undefined, plan: readonly PlannedHour[], seed: string): Remainder {
  if (last === undefined) return { hours: [...plan], skip: 0, done: 0 };
  const at = timeOfTransactionId(idOf(last));
  const index = plan.findLastIndex(({ startsAt }) => startsAt <= at);
  const hour = plan[index];
  const skip = hour === undefined ? 0 : placeIn(makeHour(hour, seed), last);
  if (skip === 0) throw new UsageError(otherHistory);
  return { hours: plan.slice(index), skip, done: hour!.before + skip };
}

/** After how many transactions this record is there; 0 when it never is. */
function placeIn(transactions: Iterable<MadeTransaction>, last: string): number {
  let place = 0;
  for (const transaction of transactions) {
    place++;
    if (recordText(transaction.at(-1)!) === last) return place;
  }
  return 0;
}

const otherHistory =
  'the log of record holds a history that was made with another --seed or --scale: go on with that one, or use a bus of its own (LGSP_LOCAL_DIR)';
