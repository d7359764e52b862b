import { idle, LeasedWork, together, type KeyValueStore, type Lease } from '#lgsp/bus';
import { BusError } from '#lgsp/errors';
import type { FollowedItem, FollowPosition, FollowTerms, ProgressLog, Unclaimed } from '#lgsp/progress';
import type { Logger } from '#lgsp/telemetry';
import type { SystemHold } from '../drain/system.hold';
import type { Ageing } from './ageing';
import type { Declared, DeclaredTerms } from './declared.terms';
import type { FollowedItems } from './followed.items';
import { LogPosition } from './log.position';
import { ObservationIntake, type ObservationParts } from './observation.intake';
import type { Poller } from './poller';
import { UnclaimedObservations } from './unclaimed.observations';

export interface FollowingParts {
  system: string;
  lease: Lease;
  hold: SystemHold;
  items: FollowedItems;
  declared: DeclaredTerms;
  progress: ProgressLog;
  poller: Poller;
  ageing: Ageing;
  observations: ObservationParts;
  unclaimed: KeyValueStore<Unclaimed>;
  positions: KeyValueStore<FollowPosition>;
  /** Terms as they hold here: no pause is longer than the operator lets it be. */
  termsOf(item: FollowedItem): FollowTerms | undefined;
  /** Whether a list of changes is left to somebody else. */
  isLeft(declared: Declared): boolean;
  log: Logger;
}

/** How often it is looked what is due, and how old everything is, in milliseconds. */
const lookMs = 250;
const ageEveryMs = 5_000;

/**
 * Follows what goes on at one system: asks what is due, reads its lists of changes, and makes events of what was observed. There is
 * one that does so in all couriers together (by lease), so the rate at which a system is asked is that of the bus.
 */
export class SystemFollowing {
  private readonly running: LeasedWork;
  private unclaimed?: UnclaimedObservations;
  private readonly feedsAt = new Map<string, number>();
  private agedAt = 0;

  constructor(private readonly parts: FollowingParts) {
    const complain = (error: unknown): void => this.complain(error);
    this.running = new LeasedWork(parts.lease, (signal) => this.follow(signal), { pauseMs: lookMs, complain });
  }

  get system(): string {
    return this.parts.system;
  }

  get hold(): SystemHold {
    return this.parts.hold;
  }

  /** Whether this process is the one that follows the system. */
  get isMine(): boolean {
    return this.parts.lease.held;
  }

  start(): void {
    this.running.start();
  }

  stop(): Promise<void> {
    return this.running.stop();
  }

  private async follow(stopped: AbortSignal): Promise<void> {
    const { system, progress, positions, observations, unclaimed } = this.parts;
    const position = await LogPosition.open(positions, system, progress);
    this.unclaimed = await UnclaimedObservations.load(unclaimed, system);
    const intake = new ObservationIntake(observations, this.unclaimed);
    // An intake waits for what is observed, and would not see that somebody else has the system by now.
    const whileMine = async (signal: AbortSignal): Promise<void> => {
      while (!signal.aborted && this.isMine) await idle(lookMs, signal);
    };
    try {
      await together(
        stopped,
        (signal) => intake.follow(position, signal),
        (signal) => this.look(signal),
        whileMine,
      );
    } finally {
      await position.close();
    }
  }

  private async look(signal: AbortSignal): Promise<void> {
    const { lease, hold } = this.parts;
    while (!signal.aborted && lease.held) {
      if (Date.now() - this.agedAt > ageEveryMs) await this.age(signal);
      if (!hold.at(Date.now())) {
        await this.askDue(signal);
        await this.readFeeds(signal);
      }
      await idle(lookMs, signal);
    }
  }

  /** What is due now, the longest due first, in as few questions as may be. */
  private async askDue(signal: AbortSignal): Promise<void> {
    const { poller, hold, lease, declared, termsOf } = this.parts;
    for (const { batch, subject } of this.due(Date.now())) {
      if (signal.aborted || !lease.held || hold.at(Date.now())) return;
      await poller.ask(batch, declared.of(subject)!, termsOf(batch[0]!)!);
    }
  }

  private due(now: number): { subject: string; batch: FollowedItem[] }[] {
    const { items, system, termsOf } = this.parts;
    const due = items
      .of(system)
      .filter((item) => item.endedAt === undefined && this.isDue(item, now) && termsOf(item) !== undefined)
      .toSorted((a, b) => a.nextAt - b.nextAt);
    const open = new Map<string, FollowedItem[]>();
    const batches: { subject: string; batch: FollowedItem[] }[] = [];
    for (const item of due) {
      const { subject, failures } = item;
      // What failed goes alone: perhaps it was its fault, and it must not take others with it.
      const room = failures > 0 ? undefined : open.get(subject);
      if (room && room.length < (termsOf(item)!.batchMax ?? 1)) room.push(item);
      else {
        const batch = [item];
        batches.push({ subject, batch });
        if (failures === 0) open.set(subject, batch);
      }
    }
    return batches;
  }

  /** What was observed of something unknown may be about one whose reference is not known yet: that is asked about at once. */
  private isDue({ nextAt, asked, reference }: FollowedItem, now: number): boolean {
    const mayBeMeant = asked === 0 && reference === undefined && (this.unclaimed?.size ?? 0) > 0;
    return nextAt <= now || mayBeMeant;
  }

  private async readFeeds(signal: AbortSignal): Promise<void> {
    const { declared, system, poller, hold, lease, isLeft } = this.parts;
    for (const list of declared.listsOf(system)) {
      const { subject, feed } = list;
      if (isLeft(list)) continue;
      while ((this.feedsAt.get(subject) ?? 0) <= Date.now()) {
        if (signal.aborted || !lease.held || hold.at(Date.now())) return;
        const more = await poller.read(list);
        if (!more) this.feedsAt.set(subject, Date.now() + feed.everyMs);
      }
    }
  }

  private async age(signal: AbortSignal): Promise<void> {
    const { items, system, declared, termsOf, ageing } = this.parts;
    for (const item of items.of(system)) {
      if (signal.aborted) return;
      const said = declared.of(item.subject);
      // It is known by now that its operation is not followed.
      if (said && !said.follow && item.asked === 0 && item.state === undefined) await items.remove(item);
      else await ageing.look(item, termsOf(item));
    }
    this.agedAt = Date.now();
  }

  private complain(thrown: unknown): void {
    const error = BusError.from(thrown);
    const { system, log } = this.parts;
    if (error.row.retry === 'after') log.warn({ system, code: error.code }, 'nothing can be followed now');
    else log.error({ system, err: thrown }, 'following fails');
  }
}
