import type { Delivery } from '#lgsp/bus';

/** Most jobs of a client that wait in memory behind others of their dossiers, and when one that has no room there comes back, in milliseconds. */
const waitingMax = 100;
const noRoomMs = 15_000;

/**
 * The lanes of one client of which a job is in hand. What was fetched behind it waits here, and goes on as soon as the one before has
 * left the queue. Nothing is decided by it: whoever sends a job looks whether it is the first of its lane.
 */
export class Lanes {
  /** What waits, by the lane. */
  private readonly behind = new Map<string, Delivery[]>();
  private readonly freed: Delivery[] = [];
  private waiting = 0;

  /** Whether a job that was fetched can be dealt with now; else it waits here, or comes back when too many do. */
  enter(delivery: Delivery): boolean {
    const others = this.behind.get(delivery.subject);
    if (!others) {
      this.behind.set(delivery.subject, []);
      return true;
    }
    if (this.waiting >= waitingMax) delivery.later(noRoomMs);
    else {
      others.push(delivery);
      this.waiting++;
    }
    return false;
  }

  /** A job is in hand no more. When it stays in the queue, those behind it come back when it does. */
  leave({ subject, laterMs }: Delivery): void {
    const others = this.behind.get(subject) ?? [];
    if (laterMs === undefined && others.length > 0) {
      others.sort((a, b) => a.sequence - b.sequence);
      this.freed.push(others.shift()!);
      this.waiting--;
      return;
    }
    this.behind.delete(subject);
    this.waiting -= others.length;
    for (const other of others) other.later(laterMs ?? 0);
  }

  /** The next job whose turn in its lane has come. */
  next(): Delivery | undefined {
    return this.freed.shift();
  }

  /** Puts back all that is not in hand. */
  giveBack(): void {
    for (const delivery of this.freed.splice(0)) {
      delivery.later(0);
      this.leave(delivery);
    }
    for (const others of this.behind.values()) for (const delivery of others.splice(0)) delivery.later(0);
    this.waiting = 0;
  }
}
