import type { FollowedItem, FollowingPage, FollowingSearch, FollowingView } from '#lgsp/progress';
import { isOverdue } from './ageing';
import type { Followings } from './followings';

/** What is followed at a system, in figures: nothing where another courier follows it, so that the sum over all is right. */
export interface FollowingFigures {
  system: string;
  followed: number;
  oldestSeconds: number;
  overdue: number;
  /** On the bus, until it can be followed. */
  waiting: number;
}

const limitDefault = 50;

/** What is followed, as it is looked at. */
export class FollowingDesk {
  constructor(private readonly followings: Followings) {}

  /** The oldest first. @throws BusError `bus-unavailable` */
  async page({ system, overdue, ended, limit = limitDefault }: FollowingSearch): Promise<FollowingPage> {
    const { items, room } = this.followings;
    const waiting = [...(await room.count())].filter(([one]) => system === undefined || one === system);
    const found = (system === undefined ? items.all() : items.of(system))
      // What nobody asks about any more has not ended: it is what an operator must look at.
      .filter((item) => ended || item.ended !== 'final')
      .map((item) => this.view(item))
      .filter((item) => !overdue || item.overdue)
      .toSorted((a, b) => a.since - b.since);
    return { items: found.slice(0, limit), count: found.length, waiting: Object.fromEntries(waiting) };
  }

  /** @throws BusError `bus-unavailable` */
  async figures(): Promise<FollowingFigures[]> {
    const now = Date.now();
    const waiting = await this.followings.room.count();
    return this.followings.list().map(({ system, isMine }) => {
      const figures = { system, followed: 0, oldestSeconds: 0, overdue: 0, waiting: 0 };
      if (!isMine) return figures;
      figures.waiting = waiting.get(system) ?? 0;
      for (const item of this.followings.items.of(system)) {
        if (isOverdue(item, this.followings.termsOf(item), now)) figures.overdue++;
        if (item.ended) continue;
        figures.followed++;
        figures.oldestSeconds = Math.max(figures.oldestSeconds, (now - item.since) / 1_000);
      }
      return figures;
    });
  }

  private view(item: FollowedItem): FollowingView {
    const {
      idempotencyKey: _key,
      subject: _subject,
      statesThen: _then,
      pauseMs: _pause,
      isLater: _later,
      ...view
    } = item;
    return { ...view, overdue: isOverdue(item, this.followings.termsOf(item)) };
  }
}
