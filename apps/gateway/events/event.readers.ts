import { BusError, type Text } from '#lgsp/errors';

/** Most that wait for events or follow them at this gateway, and of one client: each of them costs the bus a reader. */
const readersMax = 500;
const readersOfClientMax = 10;
const retryAfterMs = 5_000;

/** Who reads events now. */
export class EventReaders {
  private count = 0;
  private readonly ofClient = new Map<string, number>();
  private readonly stopping = new AbortController();

  /** Aborts when the gateway stops: readers come back to another one. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  /** @throws BusError `overloaded`, `rate-limited`. What it gives ends the reading */
  enter(client: string): () => void {
    const own = this.ofClient.get(client) ?? 0;
    if (own >= readersOfClientMax) throw new BusError('rate-limited', { retryAfterMs, detail: tooManyOwn });
    if (this.count >= readersMax) throw new BusError('overloaded', { retryAfterMs });
    this.count++;
    this.ofClient.set(client, own + 1);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.count--;
      const still = this.ofClient.get(client)! - 1;
      if (still > 0) this.ofClient.set(client, still);
      else this.ofClient.delete(client);
    };
  }

  stop(): void {
    this.stopping.abort();
  }
}

const tooManyOwn: Text = {
  en: `a client may read events ${readersOfClientMax} times at once`,
  vi: `mỗi phần mềm chỉ được đọc sự kiện ${readersOfClientMax} luồng cùng lúc`,
};
