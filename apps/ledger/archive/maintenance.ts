import { setTimeout as pause } from 'node:timers/promises';
import { BusError } from '#lgsp/errors';
import type { Logger, Metrics } from '#lgsp/telemetry';
import type { BookWriter } from '../apply/book.writer';
import { monthsAfter } from '#lgsp/vietnam';
import type { Database } from '../store/database';
import { monthOf } from '../store/month';
import type { Archive } from './archive';

/** How many months' tables are made before their month begins. */
const monthsAhead = 3;
/** The first look comes when the start is over and what was missed is being applied. */
const firstMs = 5_000;
/** While the book catches up. */
const behindMs = 30_000;
const everyMs = 3_600_000;
const tidyEveryMs = 86_400_000;

/** What the writer does beside applying: tables of the months to come, old months into files, and the database tidy. */
export class Maintenance {
  private tidiedAt = Date.now();
  private readonly meters;

  constructor(
    private readonly database: Database,
    private readonly archive: Archive,
    private readonly log: Logger,
    metrics: Metrics,
  ) {
    this.meters = {
      due: metrics.gauge('lgsp_ledger_archive_due_months', {}),
      failures: metrics.counter('lgsp_ledger_maintenance_failures_total', {}),
    };
  }

  /** Again and again until the signal aborts: a duty of the one process that writes the book. */
  readonly duty = async (book: BookWriter, signal: AbortSignal): Promise<void> => {
    for (let waitMs = firstMs; await sleep(waitMs, signal); waitMs = book.isBehind ? behindMs : everyMs) {
      try {
        await this.makeAhead(book);
        await this.archive.run(book, signal);
        this.meters.due.set((await this.archive.due()).length);
        await this.tidy();
      } catch (error) {
        this.complain(error);
      }
    }
    this.meters.due.set(0); // The next writer says how many there are.
  };

  async makeAhead(book: BookWriter, now = Date.now()): Promise<void> {
    const months = Array.from({ length: monthsAhead + 1 }, (_, nth) => monthsAfter(monthOf(now), nth));
    await book.alone(async (sql, whenCommitted) => void whenCommitted.push(await book.partitions.ensure(sql, months)));
  }

  /** PostgreSQL clears away what was changed by itself; embedded nobody else does. */
  private async tidy(): Promise<void> {
    if (this.database.kind !== 'pglite' || Date.now() - this.tidiedAt < tidyEveryMs) return;
    this.tidiedAt = Date.now();
    await this.database.run('vacuum (analyze)');
  }

  private complain(thrown: unknown): void {
    const error = BusError.from(thrown);
    if (error.code === 'ledger-unavailable') {
      this.log.debug({ err: thrown }, 'the database is away: old months wait');
      return;
    }
    this.meters.failures.inc();
    this.log.error({ err: thrown }, 'the book could not be kept in order: a month may stay online, and is tried again');
  }
}

/** @returns false when the signal aborts */
async function sleep(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await pause(ms, undefined, { signal });
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}
