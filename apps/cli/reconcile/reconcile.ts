import { setTimeout as pause } from 'node:timers/promises';
import {
  bookSubjects,
  findingText,
  positionWaitMs,
  type BookPosition,
  type BookTotals,
  type DayTotals,
  type MetricTotals,
  type MonthTotals,
} from '#lgsp/records';
import { daysAfter, monthsAfter } from '#lgsp/vietnam';
import type { AskBook } from '../book.access';
import { sourceOf } from '../evidence/evidence.command';
import { dayOfStream, transactionsOf } from './day.fold';
import { Differences, type Difference } from './difference';
import { RecordBuckets } from './record.buckets';
import { compareRows } from './row.comparison';
import { scanStream, type Scanned } from './stream.scan';

export interface ReconcileOptions {
  /** Days in Vietnam, both in it; as far as there is anything when they are left out. */
  from?: string;
  to?: string;
  /** Longest wait for the book to have all that the stream has. */
  waitMs: number;
  onProgress: (step: 'stream' | 'days', done: number, total: number) => void;
}

/** Transactions of the period, by each way of counting them. */
export interface Figures {
  /** Distinct transactions of which the stream has a record, and of which it has one that is signed and proven. */
  stream: number;
  signed: number;
  rows: number;
  /** Rows of whole months that are archived, as the archive says. */
  archived: number;
  hours: number;
  days: number;
  /** Of all months that the period touches: by the rows, and by the monthly rollup. */
  monthRows: number;
  months: number;
}

export interface Reconciliation {
  from?: string;
  to?: string;
  figures: Figures;
  /** All there ever was: by the rows and archives, by the daily counts, and by what the ledger exports. */
  all: Pick<BookTotals, 'rows' | 'archived' | 'counted'> & { metrics: Pick<MetricTotals, 'final' | 'open'> };
  stream: { through: number; batches: number; records: number };
  /** Transactions that were recorded while this went on, and are not judged. */
  meanwhile: number;
  differences: Difference[];
  /** Also those that are not listed. */
  differenceCount: number;
}

/** A day of a million rows takes its time; later than this no process may answer any more. */
const dayMs = 125_000;
const pollMs = 250;
/** A count may be exported a moment after its rows are there. */
const metricsTries = 8;

/** Compares the book with the stream that it was made from, by every way of counting. */
export async function reconcile(ask: AskBook, options: ReconcileOptions): Promise<Reconciliation> {
  const buckets = new RecordBuckets();
  try {
    return await new Reconciler(ask, buckets, options).run();
  } finally {
    buckets.remove();
  }
}

class Reconciler {
  private readonly differences = new Differences();
  private readonly figures: Figures = { ...nothing };
  private readonly streamByMonth = new Map<string, number>();
  private meanwhile = 0;

  constructor(
    private readonly ask: AskBook,
    private readonly buckets: RecordBuckets,
    private readonly options: ReconcileOptions,
  ) {}

  async run(): Promise<Reconciliation> {
    const { onProgress } = this.options;
    const scanned = await scanStream(sourceOf(this.ask), this.buckets, (done, total) =>
      onProgress('stream', done, total),
    );
    for (const finding of scanned.findings.list)
      this.differences.add({ what: 'evidence', detail: findingText(finding) });
    this.differences.addMore(scanned.findings.count - scanned.findings.list.length);
    await this.catchUp(scanned);
    const totals = await this.totals();
    const { from, to, days } = this.period(totals);
    for (const [index, day] of days.entries()) {
      await this.compareDay(day, scanned.through);
      onProgress('days', index + 1, days.length);
    }
    for (const month of new Set(days.map((day) => day.slice(0, 7)))) await this.compareMonth(month, days);
    const { rows, archived, counted } = totals;
    const { final, open } = await this.compareMetrics();
    const { through, batches, records } = scanned;
    return {
      from,
      to,
      figures: this.figures,
      all: { rows, archived, counted, metrics: { final, open } },
      stream: { through, batches, records },
      meanwhile: this.meanwhile,
      differences: this.differences.list,
      differenceCount: this.differences.count,
    };
  }

  /** Waits until the book has what was read of the stream. */
  private async catchUp({ through, stream }: Scanned): Promise<void> {
    const deadline = Date.now() + this.options.waitMs;
    let position: BookPosition;
    do {
      const withinMs = Math.max(0, Math.min(positionWaitMs, deadline - Date.now()));
      position = await this.ask<BookPosition>(bookSubjects.position, { through, withinMs });
    } while (position.applied < through && Date.now() < deadline);
    if (position.stream !== stream)
      this.differences.add({ what: 'stream', detail: `made ${position.stream}, and the one that is there ${stream}` });
    if (position.applied < through)
      this.differences.add({ what: 'behind', detail: `applied to ${position.applied} of ${through}` });
  }

  private async totals(): Promise<BookTotals> {
    const totals = await this.ask<BookTotals>(bookSubjects.reconcile, {}, dayMs);
    const { rows, archived, counted, faults, faultCount } = totals;
    for (const { position, recorder, fault, detail, uncounted } of faults) {
      const left = `${uncounted} records left out`;
      this.differences.add({
        what: 'fault',
        detail: `position ${position}, ${recorder}: ${fault}, ${detail}; ${left}`,
      });
    }
    this.differences.addMore(faultCount - faults.length);
    if (rows + archived !== counted) {
      const detail = `of all days: ${rows} rows and ${archived} archived, ${counted} counted`;
      this.differences.add({ what: 'rollup', detail });
    }
    return totals;
  }

  private period({ firstDay, lastDay }: BookTotals): { from?: string; to?: string; days: string[] } {
    const known = [...this.buckets.known, firstDay, lastDay].filter((day) => day !== undefined).toSorted();
    const from = this.options.from ?? known[0];
    const to = this.options.to ?? known.at(-1);
    const days: string[] = [];
    if (from !== undefined && to !== undefined) for (let day = from; day <= to; day = daysAfter(day, 1)) days.push(day);
    return { from, to, days };
  }

  private async compareDay(day: string, through: number): Promise<void> {
    const stream = await dayOfStream(this.buckets, day);
    const book = await this.ask<DayTotals>(bookSubjects.reconcileDay, { day, through }, dayMs);
    const { figures } = this;
    figures.stream += stream.all;
    figures.signed += stream.proven;
    figures.rows += book.rows;
    figures.hours += book.hours;
    figures.days += book.days;
    this.meanwhile += book.later;
    const month = day.slice(0, 7);
    this.streamByMonth.set(month, (this.streamByMonth.get(month) ?? 0) + stream.proven);
    if (stream.all !== stream.proven) await this.nameUnproven(day);
    for (const { rollup, key, rows, counted } of book.differences) {
      this.differences.add({ what: 'rollup', time: day, detail: `${rollup} ${key}: ${rows} rows, ${counted} counted` });
    }
    this.differences.addMore(book.differenceCount - book.differences.length);
    if (book.archived) this.compareArchivedDay(day, stream.proven, book);
    else if (book.hash !== stream.hash) await compareRows(this.ask, this.buckets, day, through, this.differences);
  }

  /** Of an archived day only the counts are left in the book. */
  private compareArchivedDay(day: string, signed: number, { hours, days }: DayTotals): void {
    if (signed === hours && signed === days) return;
    const detail = `${signed} transactions signed, ${hours} counted by hours, ${days} by the day`;
    this.differences.add({ what: 'archive', time: day, detail });
  }

  private async nameUnproven(day: string): Promise<void> {
    for await (const { id, telling } of transactionsOf(this.buckets, day))
      if (!telling) this.differences.add({ what: 'unproven', time: day, id });
  }

  private async compareMonth(month: string, days: readonly string[]): Promise<void> {
    const book = await this.ask<MonthTotals>(bookSubjects.reconcileMonth, { month }, dayMs);
    this.figures.monthRows += book.rows;
    this.figures.months += book.counted;
    for (const { rollup, key, rows, counted } of book.differences) {
      this.differences.add({
        what: 'rollup',
        time: month,
        detail: `${rollup} ${key}: ${rows} rows, ${counted} counted`,
      });
    }
    this.differences.addMore(book.differenceCount - book.differences.length);
    if (!book.archived) return;
    const isWhole = days.includes(`${month}-01`) && days.includes(daysAfter(`${monthsAfter(month, 1)}-01`, -1));
    if (isWhole) this.figures.archived += book.rows;
    const signed = isWhole ? (this.streamByMonth.get(month) ?? 0) : book.rows;
    if (signed === book.rows && book.rows === book.counted) return;
    const detail = `${signed} transactions signed, ${book.rows} archived, ${book.counted} counted`;
    this.differences.add({ what: 'archive', time: month, detail });
  }

  /** Under load the counts and what is exported of them are read a moment apart: then they are read again. */
  private async compareMetrics(): Promise<MetricTotals> {
    for (let tries = 1; ; tries++) {
      const metrics = await this.ask<MetricTotals>(bookSubjects.reconcileMetrics, {});
      const { writes, differences, differenceCount } = metrics;
      if (writes && differenceCount === 0) return metrics;
      if (tries < metricsTries) {
        await pause(pollMs);
        continue;
      }
      if (!writes) this.differences.add({ what: 'metrics', detail: 'no ledger that writes the book has answered' });
      for (const { metric, key, exported, counted } of differences)
        this.differences.add({ what: 'metrics', detail: `${metric} ${key}: ${exported} exported, ${counted} counted` });
      this.differences.addMore(differenceCount - differences.length);
      return metrics;
    }
  }
}

const nothing: Figures = { stream: 0, signed: 0, rows: 0, archived: 0, hours: 0, days: 0, monthRows: 0, months: 0 };
