import type { LogState } from '#lgsp/bus';
import type { Sql } from '../store/database';

/** The book cannot follow this stream, and why: a person has to decide. */
export class StreamRefused extends Error {
  override readonly name = 'StreamRefused';
}

/**
 * How far the book is applied, which is kept with the rows. Begins at 0 with the stream that is there first.
 * @throws StreamRefused when it is another stream than the one that the book was made from
 */
export async function readPosition(sql: Sql, stream: LogState): Promise<number> {
  await sql.query(
    'insert into applied (stream_created_at, sequence) values ($1, 0) on conflict (only_one) do nothing',
    [stream.createdAt],
  );
  const [row] = await sql.query<{ made: string; sequence: number }>(
    'select stream_created_at as made, sequence from applied',
  );
  const { made, sequence } = row!;
  const wayOut =
    'Restore the stream that the book was made from, or make the book anew from this one, which then holds nothing else: ' +
    'stop the ledger and run it once with "rebuild"';
  if (made !== stream.createdAt) {
    throw new StreamRefused(
      `the stream LEDGER was made at ${stream.createdAt}, the book follows the one made at ${made} up to ${sequence}. ${wayOut}`,
    );
  }
  if (sequence > stream.last) {
    throw new StreamRefused(`the stream LEDGER ends at ${stream.last}, the book has applied ${sequence}. ${wayOut}`);
  }
  return sequence;
}

/** Moves on, in the transaction of the rows. @throws Error when somebody else has moved it */
export async function movePosition(sql: Sql, from: number, to: number): Promise<void> {
  const moved = await sql.query('update applied set sequence = $2 where sequence = $1 returning sequence', [from, to]);
  if (moved.length !== 1) throw new Error(`the position in the stream is not ${from}: another process writes the book`);
}
