import type { DurableLog, KeyValueStore } from '#lgsp/bus';
import { BusError } from '#lgsp/errors';
import { ledgerStream, type RecorderPublicKey } from '#lgsp/records';
import type { Logger } from '#lgsp/telemetry';
import { BatchReader } from '../apply/batch.reader';
import { BookWriter, type Applied } from '../apply/book.writer';
import { EvidenceKeys } from '../apply/evidence.keys';
import { Intake, intakeLimits } from '../apply/intake';
import { readPosition } from '../apply/position';
import { writeAll } from '../apply/write.all';
import { bookSchema, type Database, type Sql, type Writer } from '../store/database';
import { migrateSchema } from '../store/migrate';

const nextSchema = `${bookSchema}_next`;
const oldSchema = `${bookSchema}_old`;
const progressEveryMs = 5_000;

/** What is in no batch of the stream: it is taken over from the book that there was. */
const kept = ['recorder_keys', 'archived_months', 'questions'];

export interface RebuildParts {
  database: Database;
  /** Which alone may write into the book. */
  writer: Writer;
  stream: DurableLog;
  keys: KeyValueStore<RecorderPublicKey>;
  log: Logger;
}

export interface Rebuilt {
  entries: number;
  records: number;
}

/**
 * Makes the book anew from the stream, beside the one that there is, which is read meanwhile and replaced at the end. Months that
 * are archived stay so: what was counted of them is taken over.
 */
export async function rebuild(parts: RebuildParts): Promise<Rebuilt> {
  const { writer } = parts;
  await begin(writer);
  try {
    const rebuilt = await replay(parts);
    await replace(writer);
    return rebuilt;
  } finally {
    await writer.run(`set search_path = ${bookSchema}`);
  }
}

/** Makes the new tables. What a rebuild that was ended in the middle has left is begun anew. */
async function begin(writer: Writer): Promise<void> {
  await writer.run(`drop schema if exists ${oldSchema}, ${nextSchema} cascade; create schema ${nextSchema};
    set search_path = ${nextSchema}; set synchronous_commit = off`);
  await writer.transaction(async (sql) => {
    await migrateSchema(sql);
    const frozen = await sql.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = $1 and tablename like 'frozen%'`,
      [bookSchema],
    );
    for (const table of [...kept, ...frozen.map(({ name }) => name)]) await takeOver(sql, table);
    const archived = `in (select month from archived_months)`;
    const monthOf = (time: string): string => `date_trunc('month', ${time})::date`;
    await takeOver(sql, 'rollup_hour', `${monthOf(`hour at time zone 'Asia/Ho_Chi_Minh'`)} ${archived}`);
    await takeOver(sql, 'rollup_day', `${monthOf('day')} ${archived}`);
    await takeOver(sql, 'rollup_month', `month ${archived}`);
    await takeOver(sql, 'rollup_duration', `${monthOf('day')} ${archived}`);
  });
}

async function takeOver(sql: Sql, table: string, condition = 'true'): Promise<void> {
  await sql.run(`insert into ${nextSchema}.${table} select * from ${bookSchema}.${table} where ${condition}`);
}

async function replay({ database, writer, stream, keys, log }: RebuildParts): Promise<Rebuilt> {
  const state = await stream.state();
  await readPosition(writer, state);
  await forgetOtherStream(writer, state.createdAt);
  const book = await BookWriter.open(writer, writer, 0, state.last);
  const stop = new AbortController();
  const reader = new BatchReader(new EvidenceKeys(database, keys));
  const intake = new Intake(stream.follow(ledgerStream.subjects, 0, stop.signal), reader, intakeLimits[database.kind]);
  const progress = new Progress(log);
  try {
    for (let { last } = state; book.position < last; { last } = await stream.state()) {
      while (book.position < last) {
        const batches = await intake.take();
        if (batches.length === 0) throw new BusError('bus-unavailable');
        for await (const applied of writeAll(book, batches, log)) progress.add(applied, last);
      }
    }
    return progress.rebuilt;
  } finally {
    stop.abort();
    await intake.stop();
  }
}

/** Counts what is done, and says so every few seconds. */
class Progress {
  readonly rebuilt: Rebuilt = { entries: 0, records: 0 };
  private readonly startedAt = performance.now();
  private toldAt = this.startedAt;

  constructor(private readonly log: Logger) {}

  add({ sequence, entries, records, faults }: Applied, last: number): void {
    this.rebuilt.entries += entries;
    this.rebuilt.records += records;
    for (const fault of faults) this.log.error(fault, 'a batch in the stream has a fault');
    const now = performance.now();
    if (now - this.toldAt < progressEveryMs && sequence < last) return;
    this.toldAt = now;
    const recordsPerSecond = Math.round((this.rebuilt.records * 1_000) / (now - this.startedAt));
    const percent = Math.floor((sequence * 100) / last);
    this.log.info(
      { percent, position: sequence, of: last, records: this.rebuilt.records, recordsPerSecond },
      'making the book anew',
    );
  }
}

/** Positions of archived months in another stream say nothing about this one. */
async function forgetOtherStream(sql: Sql, createdAt: string): Promise<void> {
  await sql.query(
    `update archived_months set sequence = 0
     where not exists (select from ${bookSchema}.applied where stream_created_at = $1)`,
    [createdAt],
  );
}

async function replace(writer: Writer): Promise<void> {
  await writer.transaction(async (sql) => {
    await sql.run(`set local synchronous_commit = on; set local lock_timeout = '10s';
      drop schema if exists ${oldSchema} cascade;
      alter schema ${bookSchema} rename to ${oldSchema}; alter schema ${nextSchema} rename to ${bookSchema}`);
  });
  await writer.run(`drop schema ${oldSchema} cascade`);
}
