import { randomUUID } from 'node:crypto';
import { BusError } from '#lgsp/errors';
import type { BusConnection } from './bus.connection';
import { KeyValueStore } from './key-value.store';

interface LeaseRecord {
  holder: string;
  /** Epoch milliseconds. */
  until: number;
}

const bucketTtlMs = 86_400_000;
/** Most that the clocks of two machines may differ, in milliseconds: so much longer a lease is left to who had it. */
const clockMarginMs = 1_000;

/** Things that only one process at a time may do, whoever is faster: held for a while, and held on to by renewing. */
export class Leases {
  private constructor(
    private readonly store: KeyValueStore<LeaseRecord>,
    private readonly lastsMs: number,
  ) {}

  /** @param lastsMs how long a thing is held without a word: after a crash somebody else may do it so much later */
  static async open(connection: BusConnection, lastsMs: number): Promise<Leases> {
    const description = 'who does what only one process may do';
    const options = { bucket: 'LEASES', description, ttlMs: bucketTtlMs };
    return new Leases(await KeyValueStore.open<LeaseRecord>(connection, options), lastsMs);
  }

  /** @param name of the thing: letters, digits, `-`, `_` and `.` */
  of(name: string): Lease {
    return new Lease(this.store, name, this.lastsMs);
  }
}

/**
 * One thing that only one process may do. It is a promise between processes with good clocks, and no more: whoever was stopped
 * in the middle may still act after it ended. What must not happen twice is decided by compare-and-set, and not by this.
 */
export class Lease {
  private readonly holder = randomUUID();
  private until = 0;
  private revision?: number;
  private timer?: NodeJS.Timeout;
  private renewing: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: KeyValueStore<LeaseRecord>,
    private readonly name: string,
    private readonly lastsMs: number,
  ) {}

  get held(): boolean {
    return Date.now() < this.until;
  }

  /** Takes it when nobody has it, and renews it from then on. Whether it is held now. @throws BusError `bus-unavailable` */
  async take(): Promise<boolean> {
    if (this.held) return true;
    clearInterval(this.timer);
    if (!(await this.write())) return false;
    this.timer = setInterval(() => void (this.renewing = this.renew()), this.lastsMs / 3).unref();
    return true;
  }

  /** Lets somebody else have it at once; when the bus does not take that, it runs out by itself. */
  async release(): Promise<void> {
    clearInterval(this.timer);
    await this.renewing; // Else it would be taken again by a renewal that is under way.
    if (!this.held || this.revision === undefined) return;
    this.until = 0;
    try {
      await this.store.update(this.name, { holder: this.holder, until: 0 }, this.revision);
    } catch (error) {
      if (BusError.from(error).code !== 'bus-unavailable') throw error;
    }
  }

  private async write(): Promise<boolean> {
    const until = Date.now() + this.lastsMs;
    const value = { holder: this.holder, until };
    const stored = await this.store.get(this.name);
    const free = !stored || stored.value.holder === this.holder || stored.value.until + clockMarginMs < Date.now();
    if (!free) return false;
    const revision = stored
      ? await this.store.update(this.name, value, stored.revision)
      : await this.store.create(this.name, value);
    if (revision === undefined) return false; // Somebody else was faster.
    this.revision = revision;
    this.until = until;
    return true;
  }

  /** When the bus does not take it, the lease runs out by itself. */
  private async renew(): Promise<void> {
    try {
      if (await this.write()) return;
      this.until = 0;
    } catch {
      if (this.held) return;
    }
    clearInterval(this.timer);
  }
}
