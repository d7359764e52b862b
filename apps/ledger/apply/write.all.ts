import type { Logger } from '#lgsp/telemetry';
import { isDataFault } from '../store/database.failure';
import type { ReadBatch } from './batch.reader';
import type { Applied, BookWriter } from './book.writer';

/**
 * Writes batches in one transaction; when the database refuses something in them, in several, so that only what it will not take
 * is left out, and noted.
 * @returns what each transaction did
 */
export async function* writeAll(
  book: BookWriter,
  batches: readonly ReadBatch[],
  log: Logger,
): AsyncGenerator<Applied, void> {
  const [first] = batches;
  try {
    yield await book.write(batches);
    return;
  } catch (error) {
    if (!isDataFault(error)) throw error;
    if (batches.length === 1 && first!.records.length === 0) throw error;
    log.error({ err: error, sequence: first!.sequence, entries: batches.length }, 'the database refused a batch');
  }
  if (batches.length === 1) {
    yield* writeAll(book, [withoutRecords(first!)], log);
    return;
  }
  const half = Math.ceil(batches.length / 2);
  yield* writeAll(book, batches.slice(0, half), log);
  yield* writeAll(book, batches.slice(half), log);
}

/** What is left of a batch whose records the database does not take. */
function withoutRecords({ sequence, bytes, recorder, records, faults }: ReadBatch): ReadBatch {
  const fault = { code: 'unstorable', detail: 'see the log of that time', uncounted: records.length } as const;
  return { sequence, bytes, recorder, records: [], faults: [...faults, fault] };
}
