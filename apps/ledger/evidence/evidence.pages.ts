import { Inject } from '@nestjs/common';
import { BusConnection, DurableLog, type LogEntry } from '#lgsp/bus';
import { BusError } from '#lgsp/errors';
import {
  firstPrevious,
  ledgerStream,
  sealHash,
  SealWindow,
  type ClosingRequest,
  type EvidencePage,
  type EvidenceRequest,
  type SealsPage,
  type SealsRequest,
  type TrailEntry,
} from '#lgsp/records';
import { daysAfter, startOfDay } from '#lgsp/vietnam';
import { SealLog } from './seal.log';
import { Sealer } from './sealer';

/** Texts in a page, in bytes; less where the server carries less. In JSON a text is at most twice as long as by itself. */
const pageBytesMax = 3_145_728;
const escapedShare = 2;
/** What is in a page beside its texts. */
const frameBytes = 65_536;
const pageEntriesMax = 2_000;
const pageSealsMax = 500;
/** Longest time to read a page, and to read what a closing seal is about and no seal covers yet. */
const pageMs = 10_000;
const closingMs = 100_000;

/** What stood in the stream in a period, as it is handed out for an evidence file. */
export class EvidencePages {
  constructor(
    @Inject(DurableLog) private readonly stream: DurableLog,
    @Inject(SealLog) private readonly seals: SealLog,
    @Inject(Sealer) private readonly sealer: Sealer,
    @Inject(BusConnection) private readonly connection: BusConnection,
  ) {}

  /** Most bytes of texts that one answer certainly carries. */
  private get textBytesMax(): number {
    return Math.min(pageBytesMax, (this.connection.messageBytesMax - frameBytes) / escapedShare);
  }

  /** @throws BusError `bus-unavailable` */
  async page(request: EvidenceRequest): Promise<EvidencePage> {
    // Counted before the end is looked for: what these seals cover is then in the file.
    const seals = await this.seals.count();
    const { createdAt: stream } = await this.stream.state();
    const { from, to } = request;
    const after = request.after ?? (from === undefined ? 0 : await this.boundary(startOfDay(from)));
    const end = to === undefined ? Infinity : startOfDay(daysAfter(to, 1));
    const through = request.through ?? Math.max(after, await this.boundary(end));
    return { stream, after, through, seals, entries: await this.entries(after, through) };
  }

  async sealsAfter({ after, beyond }: SealsRequest): Promise<SealsPage> {
    const count = await this.seals.count();
    let number = after === undefined ? await this.seals.firstBeyond(beyond ?? 0) : after + 1;
    const seals: string[] = [];
    for (let bytes = 0; number <= count && seals.length < pageSealsMax; number++) {
      const { text } = await this.seals.at(number);
      bytes += text.length;
      if (seals.length > 0 && bytes > this.textBytesMax) break;
      seals.push(text);
    }
    return { seals };
  }

  /** The seal that closes a file: what the chain of seals says of its positions, and what came since. */
  async closing({ from, to, after, through, seals }: ClosingRequest): Promise<string> {
    const previous = seals === 0 ? firstPrevious : sealHash((await this.seals.at(seals)).seal);
    const window = new SealWindow(after);
    for (let number = await this.seals.firstBeyond(after); number <= seals; number++) {
      const { seal } = await this.seals.at(number);
      if (seal.after !== window.through || seal.through > through) break;
      window.addSealed(seal);
    }
    await this.takeInto(window, through);
    return this.sealer.sign(window, { number: 0, previous, period: `${from}/${to}` });
  }

  private async takeInto(window: SealWindow, through: number): Promise<void> {
    for await (const entry of this.present(window.through, through, closingMs)) await this.sealer.take(entry, window);
    // What should be there and is not is passed over; the file shows it.
    window.through = through;
  }

  private async entries(after: number, through: number): Promise<TrailEntry[]> {
    const entries: TrailEntry[] = [];
    let bytes = 0;
    for await (const { sequence, data } of this.present(after, through, pageMs)) {
      bytes += data.length;
      // One that is too large for a page is one by itself.
      if (entries.length > 0 && bytes > this.textBytesMax) break;
      entries.push({ position: sequence, text: Buffer.from(data).toString('utf8') });
      if (entries.length >= pageEntriesMax) break;
    }
    return entries;
  }

  /** The entries that are there between two positions. @throws BusError `deadline-exceeded` when they take too long */
  private async *present(after: number, through: number, withinMs: number): AsyncGenerator<LogEntry> {
    const { last } = await this.stream.state();
    const until = Math.min(through, last);
    if (after >= until) return;
    for await (const entry of this.stream.follow(ledgerStream.subjects, after, AbortSignal.timeout(withinMs))) {
      if (entry.sequence > until) return;
      yield entry;
      if (entry.sequence >= until) return;
    }
    // Somebody took the last ones out, or it was too slow.
    if (await this.stream.entry(until)) throw new BusError('deadline-exceeded');
  }

  /**
   * The last position before a moment. Where a seal reaches across it, it is the seal's end: what is sealed together is
   * shown together. What was sealed and is there no more counts as well.
   */
  private async boundary(time: number): Promise<number> {
    const position = time > Date.now() ? (await this.stream.state()).last : await this.lastBefore(time);
    const number = await this.seals.firstBeyond(position);
    const count = await this.seals.count();
    if (number > count) return position;
    const { seal } = await this.seals.at(number);
    if (time > Date.now()) return (await this.seals.at(count)).seal.through;
    return seal.after < position ? seal.through : position;
  }

  private async lastBefore(time: number): Promise<number> {
    let [low, high] = [0, (await this.stream.state()).last];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (await this.isBefore(middle, high, time)) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Whether the entry at a position was stored before a moment; where there is none, the next one that is. */
  private async isBefore(position: number, until: number, time: number): Promise<boolean> {
    for (let at = position; at <= until; at++) {
      const entry = await this.stream.entry(at);
      if (entry) return entry.at < time;
    }
    return false;
  }
}
