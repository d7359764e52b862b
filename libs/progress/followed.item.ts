import { KeyValueStore, type BusConnection } from '#lgsp/bus';
import type { FollowedCommand } from './followed.command';
import type { Observation, PortalState } from './observation';

/**
 * Something that a command has begun at an outside system, from the command's success until its end, by transaction. Times are
 * epoch milliseconds unless said otherwise.
 */
export interface FollowedItem extends FollowedCommand {
  system: string;
  operation: string;
  /** Where the connector took the command: `lgsp.<system>.v<major>.<operation>`. */
  subject: string;
  /** Trace of the command. */
  trace?: string;
  /** When the command had taken effect. */
  since: number;
  /** From when on it is asked about: later than `since` when it waited for room, or was read late. */
  followedAt?: number;
  /** Its caller did not wait for it: the command's own end is told first. */
  isLater?: boolean;
  /** By what the outside system knows it, once it is known. */
  reference?: string;
  /** Where it stands, once it is known: as the observations say. */
  state?: string;
  upstreamState?: string;
  portalState?: PortalState;
  /** Since when it stands so by the observation, ISO 8601; and every state that was told with this very time. */
  at?: string;
  statesThen?: string[];
  /** When the last change was learned. */
  changedAt?: number;
  /** How often it was asked about, how often in a row in vain, and when it is asked about next. */
  asked: number;
  failures: number;
  nextAt: number;
  pauseMs: number;
  /** What the last question came to: `ok`, `absent`, or the code of the error table. */
  lastAnswer?: string;
  /** When it was told to be overdue. */
  overdueAt?: number;
  /** When it ended, and how: the outside system said so, or nobody asks any more. */
  endedAt?: number;
  ended?: 'final' | 'too-old';
}

export const followedKey = ({ system, transactionId }: Pick<FollowedItem, 'system' | 'transactionId'>): string =>
  `${system}.${transactionId}`;

/** Longer than anything is followed and kept after that: so long the bus remembers what it had let go of. In milliseconds. */
const followedKeptMs = 500 * 86_400_000;

export function openFollowed(connection: BusConnection): Promise<KeyValueStore<FollowedItem>> {
  const description = 'what commands have begun at outside systems, by system and transaction';
  return KeyValueStore.open(connection, { bucket: 'FOLLOWED', description, ttlMs: followedKeptMs });
}

/** Observations whose reference nobody follows, or not yet. */
export interface Unclaimed {
  system: string;
  reference: string;
  observations: Observation[];
}

/** How long they are kept: longer than any command waits for its outcome to be found out. */
const unclaimedKeptMs = 14 * 86_400_000;

export function openUnclaimed(connection: BusConnection): Promise<KeyValueStore<Unclaimed>> {
  const description = 'what outside systems said of what nobody follows yet';
  return KeyValueStore.open(connection, { bucket: 'UNCLAIMED', description, ttlMs: unclaimedKeptMs });
}

/** How far a log was worked through. */
export interface FollowPosition {
  sequence: number;
  /** Which stream it is: another one of the same name was made at another time. ISO 8601. */
  createdAt: string;
  /** When it was begun to be worked through, epoch milliseconds. */
  beganAt?: number;
}

export function openFollowPositions(connection: BusConnection): Promise<KeyValueStore<FollowPosition>> {
  const description = 'how far records and observations were worked through by those who follow them';
  return KeyValueStore.open(connection, { bucket: 'FOLLOW_POSITIONS', description });
}
