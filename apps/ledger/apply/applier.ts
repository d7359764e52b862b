import { idle, type DurableLog, type KeyValueStore } from '#lgsp/bus';
import { BusError } from '#lgsp/errors';
import { ledgerStream, type RecorderPublicKey } from '#lgsp/records';
import type { Logger, Metrics } from '#lgsp/telemetry';
import type { Database, Writer } from '../store/database';
import { BatchReader, type ReadBatch } from './batch.reader';
import { BookMeters } from './book.meters';
import { BookWriter, type Applied } from './book.writer';
import { EvidenceKeys } from './evidence.keys';
import { Intake, intakeLimits } from './intake';
import { readPosition, StreamRefused } from './position';
import { writeAll } from './write.all';

/** What else only the one writer of the book does, until the signal aborts. */
export type WriterDuty = (writer: BookWriter, signal: AbortSignal) => Promise<void>;

export interface ApplierParts {
  database: Database;
  stream: DurableLog;
  keys: KeyValueStore<RecorderPublicKey>;
  log: Logger;
  metrics: Metrics;
  duties?: readonly WriterDuty[];
}

/** Pause before a failure is tried again, doubled each time; and before a stream that is refused is looked at again. */
const firstPauseMs = 100;
const longestPauseMs = 5_000;
const refusedPauseMs = 15_000;
/** How often a process that stands by asks whether it may write. */
const standbyMs = 1_000;
const lagEveryMs = 1_000;
/** Most conflicts of one transaction that are logged by id. */
const conflictsNamed = 5;

/**
 * Keeps the book at the end of the stream. Whatever fails is tried again from the position in the database, for ever: the stream
 * holds what is not applied, and nobody waits for it.
 */
export class Applier {
  private readonly stopping = new AbortController();
  private readonly meters: BookMeters;
  private running?: Promise<void>;
  private tenure?: BookWriter;
  /** The newest book of this process, whose position stands while its database is away; none while another process writes. */
  private newest?: BookWriter;
  private failure?: string;
  private lagTimer?: NodeJS.Timeout;

  constructor(private readonly parts: ApplierParts) {
    this.meters = new BookMeters(parts.metrics);
    this.meters.writes(false);
  }

  /** Whether this process is the one that writes the book now. */
  get isWriter(): boolean {
    return this.tenure !== undefined;
  }

  start(): void {
    this.running = this.run();
    this.lagTimer = setInterval(() => void this.measureLag(), lagEveryMs);
  }

  /** Ends after the transaction that is under way. */
  async stop(): Promise<void> {
    clearInterval(this.lagTimer);
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    let pauseMs = firstPauseMs;
    let standsBy = false;
    while (!this.stopping.signal.aborted) {
      try {
        const writer = await this.parts.database.becomeWriter();
        if (writer) {
          standsBy = false;
          await this.write(writer, () => (pauseMs = firstPauseMs));
          continue;
        }
        if (!standsBy) this.standBy();
        standsBy = true;
        await idle(standbyMs, this.stopping.signal);
      } catch (error) {
        this.complain(error);
        await idle(error instanceof StreamRefused ? refusedPauseMs : pauseMs, this.stopping.signal);
        pauseMs = Math.min(longestPauseMs, 2 * pauseMs);
      }
    }
  }

  /** The time from becoming the writer until it ends, with an error unless this process stops. */
  private async write(writer: Writer, isWell: () => void): Promise<void> {
    const { database, stream, keys, log, duties = [] } = this.parts;
    const ended = new AbortController();
    const signal = AbortSignal.any([this.stopping.signal, ended.signal]);
    let intake: Intake | undefined;
    let others: Promise<unknown> | undefined;
    try {
      await writer.run('set synchronous_commit = off'); // What is lost is applied again: rows and position are lost together.
      const state = await stream.state();
      const position = await readPosition(writer, state);
      const book = await BookWriter.open(writer, writer, position, state.last);
      await this.meters.load(writer);
      this.tenure = this.newest = book;
      this.meters.writes(true);
      log.info({ position }, 'writing the book');
      others = Promise.all(duties.map((duty) => duty(book, signal).catch(this.complainOfDuty)));
      const entries = stream.follow(ledgerStream.subjects, position, signal);
      const reader = new BatchReader(new EvidenceKeys(database, keys));
      intake = new Intake(entries, reader, intakeLimits[database.kind]);
      for (;;) {
        const batches = await intake.take();
        if (batches.length === 0) return;
        await this.apply(book, batches);
        this.recover(isWell);
      }
    } finally {
      this.tenure = undefined;
      this.meters.writes(false);
      ended.abort();
      await Promise.all([intake?.stop(), others]);
      await writer.release();
    }
  }

  /** Writes the batches, in one transaction unless the database refuses something in them. */
  private async apply(book: BookWriter, batches: readonly ReadBatch[]): Promise<void> {
    let startedAt = performance.now();
    for await (const applied of writeAll(book, batches, this.parts.log)) {
      this.note(applied, (performance.now() - startedAt) / 1_000);
      startedAt = performance.now();
    }
  }

  private note(applied: Applied, seconds: number): void {
    const { log } = this.parts;
    this.meters.applied(applied, seconds);
    for (const fault of applied.faults) log.error(fault, 'a batch in the stream has a fault');
    for (const conflict of applied.conflicts.slice(0, conflictsNamed))
      log.warn(conflict, 'a record contradicts the final outcome of its transaction, which stands');
    log.debug({ sequence: applied.sequence, records: applied.records, ms: Math.round(seconds * 1_000) }, 'applied');
  }

  private async measureLag(): Promise<void> {
    if (!this.newest) return;
    try {
      const { last } = await this.parts.stream.state();
      if (this.newest) this.meters.lags(Math.max(0, last - this.newest.position));
    } catch (error) {
      // The bus is away: then the gauge stays as it is, and the other metrics of the bus say why.
      this.parts.log.debug({ err: error }, 'the lag cannot be measured');
    }
  }

  /** From now on whoever writes says how far behind the book is. */
  private standBy(): void {
    this.newest = undefined;
    this.meters.lags(0);
    this.parts.log.info('another process writes the book: this one stands by');
  }

  /** Says once what holds the book up. */
  private complain(thrown: unknown): void {
    const error = BusError.from(thrown);
    this.meters.failed(error);
    const failure = thrown instanceof StreamRefused ? thrown.message : error.code;
    if (failure === this.failure) return;
    this.failure = failure;
    if (thrown instanceof StreamRefused) this.parts.log.error(thrown.message);
    else if (error.code === 'internal')
      this.parts.log.error({ err: thrown }, 'the book cannot be written: trying again');
    else this.parts.log.warn({ err: thrown }, 'the book cannot be written now: the stream holds what comes meanwhile');
  }

  /** Duties take care of what can be expected; what they throw is a fault of ours, and must not end the process. */
  private readonly complainOfDuty = (error: unknown): void => {
    this.parts.log.error({ err: error }, 'a duty of the writer ended unexpectedly');
  };

  private recover(isWell: () => void): void {
    isWell();
    if (this.failure === undefined) return;
    this.failure = undefined;
    this.parts.log.info('the book is written again');
  }
}
