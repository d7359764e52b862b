import { DurableLog, type BusConnection } from '#lgsp/bus';
import { BusError, type Text } from '#lgsp/errors';
import {
  firstPrevious,
  ledgerStream,
  ledgerSubject,
  sealBatch,
  type ChainEnd,
  type TransactionRecord,
} from '#lgsp/records';
import type { Logger, Metrics } from '#lgsp/telemetry';
import { makeIdentity, type RecorderIdentity } from './recorder.identity';

interface Waiting {
  record: TransactionRecord;
  /** Epoch milliseconds after which nobody waits for it. */
  until: number;
  resolve(): void;
  reject(error: BusError): void;
  ended: boolean;
}

/** Most records of one batch: bounds its size (about 700 bytes each), and what has to be read to prove one of them. */
const batchMax = 1_000;
/** Most records that wait for their batch; beyond it a call is refused. */
const waitingMax = 50_000;
/** Pause before a batch is tried again, and between two looks for those whose time is over. */
const retryMs = 100;
const retryAfterMs = 1_000;

/**
 * Writes transaction records down: `record` resolves once the record is durable. Records that come while a batch is on its
 * way share the next one (group commit), so that under load one costs little more than its own hash. One batch is on its way
 * at a time, and is tried again, the same bytes under the same id, until it is stored: the chain has no gap and no fork.
 */
export class Recorder {
  /** Why nothing can be recorded now; undefined while it can. */
  stalled?: string;
  private queue: Waiting[] = [];
  private end: ChainEnd = { number: 0, hash: firstPrevious };
  private lastSequence = 0;
  private underWay = false;
  private stopping = false;
  private readonly subject: string;
  private readonly meters;

  private constructor(
    private readonly identity: RecorderIdentity,
    private readonly stream: DurableLog,
    private readonly connection: BusConnection,
    private readonly log: Logger,
    metrics: Metrics,
  ) {
    this.subject = ledgerSubject(identity.name);
    this.meters = {
      append: metrics.histogram('lgsp_recorder_append_seconds', {}),
      size: metrics.histogram('lgsp_recorder_batch_records', {}),
      stalled: metrics.gauge('lgsp_recorder_stalled', {}),
    };
    this.meters.stalled.set(0);
  }

  /** @param process whose records these are: `gateway`, `ledger` @throws BusError `bus-unavailable` */
  static async open(connection: BusConnection, process: string, log: Logger, metrics: Metrics): Promise<Recorder> {
    const stream = await openLedgerStream(connection);
    const identity = await makeIdentity(connection, process);
    log.info({ recorder: identity.name }, 'recording');
    return new Recorder(identity, stream, connection, log, metrics);
  }

  /** Who records: stands in every batch. */
  get name(): string {
    return this.identity.name;
  }

  /** @throws BusError `bus-unavailable`, `ledger-unavailable` when what is recorded now would not become durable */
  checkReady(): void {
    if (!this.connection.connected) throw new BusError('bus-unavailable', { retryAfterMs });
    if (this.stalled || this.queue.length >= waitingMax) throw unavailable(notSent);
  }

  /**
   * Resolves once the record is durable.
   * @param until epoch milliseconds after which nobody waits
   * @throws BusError `ledger-unavailable` when it is not durable by then. It may become so all the same, if it was on its way
   */
  record(record: TransactionRecord, until: number): Promise<void> {
    if (this.stopping || this.queue.length >= waitingMax) return Promise.reject(unavailable());
    return new Promise((resolve, reject) => {
      this.queue.push({ record, until, resolve, reject, ended: false });
      if (this.underWay) return;
      this.underWay = true;
      // Calls that are answered in the same turn of the event loop share a batch.
      setImmediate(() => void this.write());
    });
  }

  /** Writes what waits, then takes nothing more. */
  async stop(withinMs = 5_000): Promise<void> {
    this.stopping = true;
    const deadline = Date.now() + withinMs;
    while (this.underWay && Date.now() < deadline) await pause(10);
  }

  private async write(): Promise<void> {
    while (this.queue.length > 0) {
      const batch = this.queue.length <= batchMax ? this.queue : this.queue.slice(0, batchMax);
      this.queue = this.queue.length <= batchMax ? [] : this.queue.slice(batchMax);
      const startedAt = performance.now();
      const records = batch.map(({ record }) => record);
      const { text, end } = sealBatch(records, this.identity.name, this.end, this.identity.key);
      await this.append(Buffer.from(text), end.number, batch);
      this.end = end;
      this.meters.append.observe((performance.now() - startedAt) / 1_000);
      this.meters.size.observe(batch.length);
      for (const waiting of batch) if (!waiting.ended) waiting.resolve();
    }
    this.underWay = false;
  }

  /** Until it is stored. Who waited too long is told so meanwhile, and leaves the queue if the record did not leave it yet. */
  private async append(bytes: Uint8Array, number: number, batch: readonly Waiting[]): Promise<void> {
    const id = `${this.identity.name}-${number}`;
    for (;;) {
      const attempt = this.stream.append(this.subject, bytes, { id, after: this.lastSequence });
      try {
        this.lastSequence = await this.watched(attempt, batch);
        this.setStalled();
        return;
      } catch (error) {
        if (BusError.from(error).code !== 'bus-unavailable')
          this.log.error(
            { err: error, batch: number },
            'a batch is refused by the stream: is another recorder of this name there?',
          );
        this.setStalled(error);
        await pause(retryMs);
        this.endOverdue(batch);
      }
    }
  }

  /** The attempt; while it takes long, those whose time is over are told so. */
  private async watched(attempt: Promise<number>, batch: readonly Waiting[]): Promise<number> {
    const timer = setInterval(() => this.endOverdue(batch), retryMs);
    try {
      return await attempt;
    } finally {
      clearInterval(timer);
    }
  }

  private endOverdue(batch: readonly Waiting[]): void {
    const now = Date.now();
    for (const waiting of batch) if (!waiting.ended && waiting.until <= now) endWaiting(waiting);
    if (!this.queue.some(({ until }) => until <= now)) return;
    const overdue = this.queue.filter(({ until }) => until <= now);
    this.queue = this.queue.filter(({ until }) => until > now);
    for (const waiting of overdue) endWaiting(waiting);
  }

  private setStalled(error?: unknown): void {
    if ((this.stalled === undefined) === (error === undefined)) return; // Said once per change.
    this.stalled = error === undefined ? undefined : 'records are not taken by the stream of the ledger';
    this.meters.stalled.set(this.stalled ? 1 : 0);
    if (error === undefined) this.log.info('transactions are recorded again');
    else this.log.error({ err: error }, 'transactions cannot be recorded: calls are refused until they can');
  }
}

/** Opens the log of record, and makes it when it is not there. */
export function openLedgerStream(connection: BusConnection): Promise<DurableLog> {
  return DurableLog.open(connection, {
    stream: ledgerStream.name,
    subject: ledgerStream.subjects,
    description: 'the log of record: signed batches of transaction records',
  });
}

function endWaiting(waiting: Waiting): void {
  waiting.ended = true;
  waiting.reject(new BusError('ledger-unavailable', { retryAfterMs, detail: notInTime }));
}

const unavailable = (detail?: Text): BusError => new BusError('ledger-unavailable', { retryAfterMs, detail });
const notSent: Text = {
  en: 'nothing can be recorded now, so nothing was sent',
  vi: 'hiện không ghi sổ được nên chưa gửi đi gì',
};
const notInTime: Text = {
  en: 'the call was made, but could not be recorded in time: what came of it is not told',
  vi: 'lượt gọi đã gửi đi nhưng không kịp ghi sổ, nên không trả kết quả',
};
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
