import type { DurableQueue } from '#lgsp/bus';
import { followedKey, waitingSubject, type FollowedItem } from '#lgsp/progress';
import type { Logger } from '#lgsp/telemetry';
import type { FollowedItems } from './followed.items';

export interface RoomParts {
  items: FollowedItems;
  waiting: DurableQueue;
  /** Most items of any one system that are kept at once, ended ones included. */
  itemsMax: number;
  log: Logger;
}

/** Most items that come in from the bus in one go, so that records are not held up by them. */
const goMax = 500;

/**
 * Keeps what is followed of each system within its bound. What has no room waits on the bus, durable and in its order, and comes in
 * as others end: what has ended gives way first. Only whoever reads the records lets items in, one after the other.
 */
export class FollowingRoom {
  /** How many wait, by system. */
  private waits = new Map<string, number>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: RoomParts) {}

  /** Begins to follow an item, or lets it wait. @throws BusError `bus-unavailable`; `overloaded` when too many wait */
  take(item: FollowedItem): Promise<void> {
    return this.inTurn(async () => {
      const { items, waiting, itemsMax, log } = this.parts;
      const { system } = item;
      if (items.has(item)) return;
      const before = this.waits.get(system) ?? 0;
      if (before === 0 && items.count(system) < itemsMax) return this.begin(item);
      if (before === 0) log.warn({ system, itemsMax }, 'as much is followed as may be: what comes now waits');
      await waiting.put(waitingSubject(system), Buffer.from(JSON.stringify(item)), { id: followedKey(item) });
      this.waits.set(system, before + 1);
    });
  }

  /** Lets in what waits, the oldest first, as far as there is room. @throws BusError `bus-unavailable` */
  fill(signal: AbortSignal): Promise<void> {
    return this.inTurn(async () => {
      this.waits = await this.count();
      for (const [system, count] of this.waits) {
        const letIn = await this.fillOne(system, signal);
        this.waits.set(system, count - letIn);
        if (letIn > 0 && letIn === count) this.parts.log.info({ system }, 'everything is followed again');
      }
    });
  }

  /** How many wait, by system. @throws BusError `bus-unavailable` */
  async count(): Promise<Map<string, number>> {
    const sizes = await this.parts.waiting.sizes();
    return new Map([...sizes].map(([subject, count]) => [subject.split('.').at(-1)!, count]));
  }

  private async fillOne(system: string, signal: AbortSignal): Promise<number> {
    const { items, waiting, itemsMax } = this.parts;
    const ended = endedOf(items.of(system));
    for (let letIn = 0; ; letIn++) {
      if (letIn === goMax || signal.aborted) return letIn;
      const next = await waiting.oldest(waitingSubject(system));
      if (!next) return letIn;
      const item = JSON.parse(Buffer.from(next.data).toString('utf8')) as FollowedItem;
      if (!items.has(item)) {
        while (items.count(system) >= itemsMax && ended.length > 0) await items.remove(ended.shift()!);
        if (items.count(system) >= itemsMax) return letIn;
        await this.begin(item);
      }
      await waiting.remove(next.sequence);
    }
  }

  private begin(item: FollowedItem): Promise<void> {
    return this.parts.items.add({ ...item, followedAt: Date.now() });
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(work);
    this.last = turn.catch(() => undefined); // It is told to whoever asked for it.
    return turn;
  }
}

/** What may give way, first what ended for good and longest ago: it is kept only so that late callbacks are known as such. */
function endedOf(items: readonly FollowedItem[]): FollowedItem[] {
  const rank = ({ ended, endedAt }: FollowedItem): number =>
    (ended === 'final' ? 0 : Number.MAX_SAFE_INTEGER / 2) + endedAt!;
  return items.filter(({ endedAt }) => endedAt !== undefined).toSorted((a, b) => rank(a) - rank(b));
}
