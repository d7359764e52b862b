import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { BusConnection, DurableLog, LogEntry } from '#lgsp/bus';
import { BusError } from '#lgsp/errors';
import { makeIdentity, type RecorderIdentity } from '#lgsp/recorder';
import { ledgerStream, SealWindow, signSeal, splitBatch, type Seal } from '#lgsp/records';
import type { Logger } from '#lgsp/telemetry';
import { nowInVietnam, vietnamOffset } from '#lgsp/vietnam';
import type { PublishedKeys } from './published.keys';
import type { SealChainEnd, SealLog } from './seal.log';

export interface SealerParts {
  connection: BusConnection;
  stream: DurableLog;
  seals: SealLog;
  keys: PublishedKeys;
  log: Logger;
}

const checkEveryMs = 30_000;
/** Longest time of one look at what came to the stream. */
const lookMs = 60_000;
/** How long after its end an hour is sealed: by then, all that the server stored in it is there, also when clocks differ a little. */
const settleMs = 5_000;

/**
 * Seals the stream hour by hour: what stood in it, by recorder. So a chain that is cut off later, a recorder that is taken out
 * and a key that is replaced can be shown. Any number of ledger processes may do it: only one seal can follow another.
 */
export class Sealer implements OnApplicationBootstrap, OnModuleDestroy {
  private timer?: NodeJS.Timeout;
  private underWay?: Promise<unknown>;
  private identity?: Promise<RecorderIdentity>;
  private end?: SealChainEnd;
  private window = new SealWindow(0);
  /** Which hour is in the window; undefined while nothing is. */
  private hour?: number;

  /** @param hourMs how long what is sealed together took, in milliseconds */
  constructor(
    private readonly parts: SealerParts,
    private readonly hourMs = 3_600_000,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.look(), checkEveryMs);
    this.look();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.underWay;
  }

  /** Seals every hour that is over and not sealed yet. @returns how many @throws BusError `bus-unavailable` */
  async seal(now = Date.now()): Promise<number> {
    await this.catchUp();
    const { last } = await this.parts.stream.state();
    if (last < this.window.through)
      throw new BusError('internal', { cause: new Error(shorter(this.window.through, last)) });
    let sealed = 0;
    if (last > this.window.through) {
      const signal = AbortSignal.timeout(lookMs);
      for await (const entry of this.parts.stream.follow(ledgerStream.subjects, this.window.through, signal)) {
        const hour = Math.floor(entry.at / this.hourMs);
        if (this.hour !== undefined && hour > this.hour) sealed += await this.close();
        this.hour ??= hour;
        await this.take(entry);
        if (entry.sequence >= last) break;
      }
    }
    const isOver = this.hour !== undefined && (this.hour + 1) * this.hourMs + settleMs <= now;
    return sealed + (isOver ? await this.close() : 0);
  }

  /** Signs a statement about the stream in the name of this ledger process. */
  async sign(window: SealWindow, about: Pick<Seal, 'number' | 'previous' | 'period'>): Promise<string> {
    const { name, key } = await this.known();
    const { createdAt: stream } = await this.parts.stream.state();
    return signSeal(window.toSeal({ ...about, stream, at: Date.now(), recorder: name, key: key.kid }), key).text;
  }

  /** The key of this process's seals, published from the start on, so that whoever keeps the published keys has it. */
  private known(): Promise<RecorderIdentity> {
    return (this.identity ??= makeIdentity(this.parts.connection, 'ledger').catch((error: unknown) => {
      this.identity = undefined;
      throw error;
    }));
  }

  /** What stands at a position, into a window. */
  async take({ sequence, data }: LogEntry, window = this.window): Promise<void> {
    const head = headOf(data);
    if (head) window.add(sequence, head, (await this.parts.keys.find(head.key))?.x ?? '');
    else window.addStrange(sequence);
  }

  /** Begins anew where another process has sealed meanwhile. */
  private async catchUp(): Promise<void> {
    if (this.end && (await this.parts.seals.count()) === this.end.number) return;
    this.end = await this.parts.seals.end();
    this.begin(this.end.through);
  }

  private begin(after: number): void {
    this.window = new SealWindow(after);
    this.hour = undefined;
  }

  private async close(): Promise<number> {
    const { number, hash: previous } = this.end!;
    const period = `${nowInVietnam(new Date(this.hour! * this.hourMs)).slice(0, 13)}${vietnamOffset}`;
    const text = await this.sign(this.window, { number: number + 1, previous, period });
    const isOurs = await this.parts.seals.append(number + 1, text);
    const { through, batches } = this.window;
    if (isOurs) this.parts.log.info({ seal: number + 1, period, through, batches }, 'an hour is sealed');
    this.end = await this.parts.seals.end();
    if (this.end.through !== through)
      throw new BusError('internal', { cause: new Error('sealed otherwise meanwhile') });
    this.begin(through);
    return isOurs ? 1 : 0;
  }

  private look(): void {
    this.underWay ??= Promise.all([this.known(), this.seal()])
      .catch((error: unknown) => {
        this.end = undefined; // What was taken in is read again.
        this.parts.log.warn({ err: error }, 'the stream could not be sealed now');
      })
      .finally(() => (this.underWay = undefined));
  }
}

const shorter = (through: number, last: number): string =>
  `the stream is sealed through position ${through} and ends at ${last}: it is not the one that it was`;

/** The head of a batch; undefined when it is none. */
function headOf(data: Uint8Array) {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const end = bytes.indexOf('\n');
  try {
    return splitBatch(bytes.toString('utf8', 0, end < 0 ? bytes.length : end)).head;
  } catch {
    return undefined; // It is counted as what it is: no batch.
  }
}
