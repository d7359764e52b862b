import { setTimeout as pause } from 'node:timers/promises';
import { BusError } from '#lgsp/errors';
import type { Delivery, Lease } from '#lgsp/bus';
import { transactionOf, type JobQueue } from '#lgsp/jobs';
import type { Logger } from '#lgsp/telemetry';
import type { JobRunner } from '../send/job.runner';
import { ClientFeed, redeliverMs } from './client.feed';
import type { RateGate } from './rate.gate';
import type { SystemHold } from './system.hold';

export interface DrainParts {
  system: string;
  queue: JobQueue;
  runner: JobRunner;
  hold: SystemHold;
  rate: RateGate;
  lease: Lease;
  /** Most jobs that are being sent at once. */
  inFlightMax: number;
  log: Logger;
}

/** Longest waits of one turn of the loop, in milliseconds: for a job, and for what holds the system. */
const idleMs = 1_000;
/** Most jobs of one client that were handed out and came back with a pause; beyond it none of its jobs is handed out. */
const pendingMax = 5_000;

/**
 * Sends the jobs of one system: so many at once, so many per second, its clients in turn. There is one drain of a system in all
 * couriers together (by lease), so these bounds are those of the bus, whatever is put into the queue and however often.
 */
export class SystemDrain {
  private readonly feeds: ClientFeed[] = [];
  private readonly clients = new Set<string>();
  private readonly stopping = new AbortController();
  private cursor = 0;
  private inFlight = 0;
  private wake: () => void = () => undefined;
  private loop?: Promise<void>;

  constructor(private readonly parts: DrainParts) {}

  get system(): string {
    return this.parts.system;
  }

  get hold(): SystemHold {
    return this.parts.hold;
  }

  /** Whether this process is the one that sends to the system. */
  get isMine(): boolean {
    return this.parts.lease.held;
  }

  async addClient(client: string): Promise<void> {
    if (this.clients.has(client)) return;
    const { system, queue } = this.parts;
    const reader = await queue.readerOf(system, client, { redeliverMs, pendingMax });
    if (this.clients.has(client)) return reader.close(); // Somebody else was faster.
    this.clients.add(client);
    this.feeds.push(new ClientFeed(client, reader, () => this.wake()));
    this.wake();
  }

  start(): void {
    this.loop ??= this.work();
  }

  /** Takes no more jobs, and waits for those that are being sent. */
  async stop(withinMs: number): Promise<void> {
    const deadline = Date.now() + withinMs;
    this.stopping.abort();
    this.wake();
    await this.loop;
    for (const feed of this.feeds) feed.stop();
    while (this.inFlight > 0 && Date.now() < deadline) await pause(20);
    await this.parts.lease.release().catch((error: unknown) => this.complain(error));
  }

  /** Jobs that wait, in all. @throws BusError `bus-unavailable` */
  async backlog(): Promise<number> {
    const all = await Promise.all(this.feeds.map((feed) => feed.backlog()));
    return all.reduce((sum, { waiting, pending }) => sum + waiting + pending, 0);
  }

  private async work(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.turn();
      } catch (error) {
        this.complain(error);
        await this.idle();
      }
    }
  }

  private async turn(): Promise<void> {
    const { hold, rate, lease, inFlightMax, runner } = this.parts;
    if (this.feeds.length === 0 || !(await lease.take())) {
      for (const feed of this.feeds) feed.giveBack();
      return this.idle();
    }
    const now = Date.now();
    const held = hold.at(now);
    if (held) return this.idle(Math.min(idleMs, (held.until ?? Infinity) - now));
    if (this.inFlight >= (hold.probing ? 1 : inFlightMax)) return this.idle();
    const next = this.next();
    if (!next) return this.idle();
    const { delivery, feed } = next;
    this.inFlight++;
    void runner
      .run(delivery, hold, rate)
      .catch((error: unknown) => this.setAside(delivery, error))
      .finally(() => {
        this.inFlight--;
        feed.leave(delivery);
        this.wake();
      });
  }

  /** The next job that is there, of the client whose turn it is. */
  private next(): { delivery: Delivery; feed: ClientFeed } | undefined {
    for (let tried = 0; tried < this.feeds.length; tried++) {
      this.cursor = (this.cursor + 1) % this.feeds.length;
      const feed = this.feeds[this.cursor]!;
      const delivery = feed.take();
      if (delivery) return { delivery, feed };
    }
    return undefined;
  }

  /** Until something changes, and no longer than this. */
  private async idle(ms = idleMs): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(1, ms));
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = () => undefined;
  }

  /** What went wrong was our own: the job stays, and is looked at again. */
  private setAside(delivery: Delivery, error: unknown): void {
    this.complain(error, transactionOf(delivery));
    delivery.later(idleMs);
  }

  private complain(thrown: unknown, transaction?: string): void {
    const error = BusError.from(thrown);
    const { system, log } = this.parts;
    if (error.row.retry === 'after') log.warn({ transaction, system, code: error.code }, 'jobs cannot be sent now');
    else log.error({ transaction, system, err: thrown }, 'a job could not be dealt with');
  }
}
