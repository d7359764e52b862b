import type { BusConnection, DurableLog } from '#lgsp/bus';
import { makeIdentity, openLedgerStream, type RecorderIdentity } from '#lgsp/recorder';
import { firstPrevious, ledgerSubject, sealBatch, type ChainEnd, type TransactionRecord } from '#lgsp/records';

/** A recorder whose batches a test seals and stores by hand: also twice, in another order, or changed. */
export class TestRecorder {
  private end: ChainEnd = { number: 0, hash: firstPrevious };

  private constructor(
    readonly identity: RecorderIdentity,
    private readonly stream: DurableLog,
  ) {}

  static async open(connection: BusConnection, process = 'gateway'): Promise<TestRecorder> {
    return new TestRecorder(await makeIdentity(connection, process), await openLedgerStream(connection));
  }

  get name(): string {
    return this.identity.name;
  }

  /** The next batch of the chain, not stored yet. */
  seal(records: readonly TransactionRecord[], at?: number): string {
    const { text, end } = sealBatch(records, this.name, this.end, this.identity.key, at);
    this.end = end;
    return text;
  }

  /** Stores anything as a batch. @returns its position in the stream */
  store(batch: string | Uint8Array): Promise<number> {
    return this.stream.append(ledgerSubject(this.name), Buffer.from(batch));
  }

  append(...records: TransactionRecord[]): Promise<number> {
    return this.store(this.seal(records));
  }
}
