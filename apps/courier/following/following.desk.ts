import type { FollowedItem, FollowingPage, FollowingSearch, FollowingView } from '#lgsp/progress';
import { isOverdue } from './ageing';
import type { Followings } from './followings';

/** What is followed at a system, in figures: nothing where another courier follows it, so that the sum over all is right. */
export interface FollowingFigures {
  system: string;
  followed: number;
  oldestSeconds: number;
  overdue: number;
}

const limitDefault = 50;

/** What is followed, as it is looked at. */
export class FollowingDesk {
  constructor(private readonly followings: Followings) {}

  /** The oldest first. */
  page({ system, overdue, ended, limit = limitDefault }: FollowingSearch): FollowingPage {
    const { items } = this.followings;
    const found = (system === undefined ? items.all() : items.of(system))
      // What nobody asks about any more has not ended: it is what an operator must look at.
      .filter((item) => ended || item.ended !== 'final')
      .map((item) => this.view(item))
      .filter((item) => !overdue || item.overdue)
      .toSorted((a, b) => a.since - b.since);
    return { items: found.slice(0, limit), count: found.length };
  }

  figures(): FollowingFigures[] {
    const now = Date.now();
    return this.followings.list().map(({ system, isMine }) => {
      if (!isMine) return { system, followed: 0, oldestSeconds: 0, overdue: 0 };
      const figures = { system, followed: 0, oldestSeconds: 0, overdue: 0 };
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
