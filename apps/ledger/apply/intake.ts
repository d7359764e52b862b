import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LogEntry } from '#lgsp/bus';
import type { Database } from '../store/database';
import type { BatchReader, ReadBatch } from './batch.reader';

export interface IntakeLimits {
  /** Most records that are taken at once; one batch may have more. */
  takeRecordsMax: number;
  /** Most entries that are taken at once. */
  takeEntriesMax: number;
  /** Most records that wait. */
  waitingRecordsMax: number;
}

/**
 * The more come together the less each costs, since counts of them meet: beyond this it is little. Embedded whoever reads waits
 * for it, which is about a quarter of a second of the database's time.
 */
export const intakeLimits: Record<Database['kind'], IntakeLimits> = {
  postgresql: { takeRecordsMax: 16_000, takeEntriesMax: 2_000, waitingRecordsMax: 32_000 },
  pglite: { takeRecordsMax: 8_000, takeEntriesMax: 2_000, waitingRecordsMax: 16_000 },
};

/** Reads ahead of the writer, as far as its limit: while one transaction is written the next batches are checked. */
export class Intake {
  private readonly queue: ReadBatch[] = [];
  private waitingRecords = 0;
  private end?: { failure?: unknown };
  private wake: () => void = () => undefined;
  private readonly pumped: Promise<void>;

  constructor(
    entries: AsyncIterable<LogEntry>,
    private readonly reader: BatchReader,
    private readonly limits: IntakeLimits,
  ) {
    this.pumped = this.pump(entries).then(
      () => this.finish({}),
      (failure: unknown) => this.finish({ failure }),
    );
  }

  /** What is there now, at least one; nothing when the entries have ended. @throws what ended them */
  async take(): Promise<ReadBatch[]> {
    while (this.queue.length === 0 && !this.end) await this.change();
    await this.fill();
    if (this.queue.length === 0 && this.end && 'failure' in this.end) throw this.end.failure;
    let count = 0;
    let records = 0;
    while (count < this.queue.length && count < this.limits.takeEntriesMax) {
      records += this.queue[count]!.records.length;
      if (count > 0 && records > this.limits.takeRecordsMax) break;
      count++;
    }
    const taken = this.queue.splice(0, count);
    for (const batch of taken) this.waitingRecords -= weightOf(batch);
    this.wake();
    return taken;
  }

  /** Lets go of what was read; the entries' own signal ends them. */
  async stop(): Promise<void> {
    this.queue.length = 0;
    this.waitingRecords = 0;
    this.finish({});
    this.wake();
    await this.pumped;
  }

  /**
   * Lets what has arrived be read before it is written, since few large transactions cost much less than many small ones. An
   * embedded database works in this very thread: while it does nothing is read.
   */
  private async fill(): Promise<void> {
    for (let before = -1; this.queue.length > before && !this.end;) {
      if (this.waitingRecords >= this.limits.takeRecordsMax) return;
      before = this.queue.length;
      await nextTurn();
    }
  }

  private async pump(entries: AsyncIterable<LogEntry>): Promise<void> {
    for await (const entry of entries) {
      const batch = await this.reader.read(entry);
      if (this.end) return;
      this.queue.push(batch);
      this.waitingRecords += weightOf(batch);
      this.wake();
      while (this.waitingRecords >= this.limits.waitingRecordsMax && !this.end) await this.change();
      await nextTurn(); // Whoever waits for the database's answer has it as soon as it is there.
    }
  }

  private finish(end: { failure?: unknown }): void {
    this.end ??= end;
    this.wake();
  }

  private change(): Promise<void> {
    const before = this.wake;
    return new Promise((resolve) => {
      this.wake = () => {
        before();
        this.wake = () => undefined;
        resolve();
      };
    });
  }
}

/** A batch of nothing costs memory too. */
const weightOf = ({ records }: ReadBatch): number => records.length + 1;
