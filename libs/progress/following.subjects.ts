import type { FollowedItem } from './followed.item';

/** What the courier answers when it is asked what it follows. */
export const followingSubjects = {
  /** `FollowingSearch` → `FollowingPage`: the oldest first */
  following: 'lgsp.courier.following',
} as const;

export interface FollowingSearch {
  system?: string;
  /** Only what should have ended by now. */
  overdue?: boolean;
  /** What has ended as well, as long as it is kept. */
  ended?: boolean;
  limit?: number;
}

/** What may be seen of it. */
export type FollowingView = Omit<FollowedItem, 'idempotencyKey' | 'subject' | 'statesThen' | 'pauseMs' | 'isLater'> & {
  /** Whether it should have ended by now. */
  overdue: boolean;
};

export interface FollowingPage {
  items: FollowingView[];
  /** How many there are in all. */
  count: number;
  /** How many wait on the bus until they can be followed, by system; nothing where none do. */
  waiting: Record<string, number>;
}
