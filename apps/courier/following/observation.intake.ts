import { setTimeout as pause } from 'node:timers/promises';
import type { KeyValueStore } from '#lgsp/bus';
import type { EventLog } from '#lgsp/events';
import type { JobState } from '#lgsp/jobs';
import { standingFault, type FollowedItem, type Observation, type ProgressLog } from '#lgsp/progress';
import type { Logger, Metrics } from '#lgsp/telemetry';
import type { FollowedItems } from './followed.items';
import { progressEvent } from './following.events';
import { judge } from './item.progress';
import type { LogPosition } from './log.position';
import type { UnclaimedObservations } from './unclaimed.observations';

export interface ObservationParts {
  system: string;
  progress: ProgressLog;
  items: FollowedItems;
  events: EventLog;
  /** Where asynchronous commands stand: what they began is told after their own end. */
  jobs: KeyValueStore<JobState>;
  /** First pause until an item that has moved is asked about again, in milliseconds. */
  firstMsOf(item: FollowedItem): number;
  log: Logger;
  metrics: Metrics;
}

/** How long the end of an asynchronous command is waited for, and how often it is looked at, in milliseconds. */
const jobEndMs = 30_000;
const jobLookMs = 100;

/**
 * Makes events of what was observed of one system, one observation after the other in the order in which they became durable: the
 * event first, then where the item stands, then how far it came. Whatever is killed in between is done again, and gives the same
 * event under the same id, or nothing.
 */
export class ObservationIntake {
  constructor(
    private readonly parts: ObservationParts,
    private readonly unclaimed: UnclaimedObservations,
  ) {}

  /** Until the signal aborts. @throws BusError `bus-unavailable` */
  async follow(position: LogPosition, signal: AbortSignal): Promise<void> {
    const { system, progress } = this.parts;
    for (const reference of this.unclaimed.references()) await this.claim(reference, []);
    for await (const { sequence, observation } of progress.follow(system, position.last, signal)) {
      if (signal.aborted) return;
      await this.take(observation);
      position.reach(sequence);
    }
  }

  private async take(observation: Observation): Promise<void> {
    const fault = standingFault(observation);
    if (fault !== undefined) {
      this.parts.log.error({ system: this.parts.system, fault }, 'an observation is malformed, and left out');
      return this.count(observation, 'malformed');
    }
    await this.claim(observation.reference, [observation]);
  }

  /** What was kept of the reference comes first, in its own order: it happened before, and its item was not known. */
  private async claim(reference: string, news: readonly Observation[]): Promise<void> {
    const { system, items } = this.parts;
    const found = items.find(system, reference, news[0]?.transactionId);
    if (found.length === 0) {
      for (const observation of news) {
        await this.unclaimed.keep(observation);
        this.count(observation, 'unclaimed');
      }
      return;
    }
    const kept = this.unclaimed.of(reference);
    const inOrder = [...kept, ...news].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
    for (const observation of inOrder) for (const item of found) await this.tell(item, observation);
    await this.unclaimed.drop(system, reference);
  }

  private async tell({ transactionId, system }: FollowedItem, seen: Observation): Promise<void> {
    const { items, events } = this.parts;
    const now = Date.now();
    const [item] = items.find(system, '', transactionId);
    if (!item) return;
    const { verdict } = judge(item, seen, now);
    if (verdict === 'told') {
      if (item.isLater && item.state === undefined) await this.commandIsTold(item);
      await events.append(progressEvent(item, seen));
    }
    await items.change(item, (current) => {
      const next = judge(current, seen, now);
      if (next.verdict !== 'told') return next.item;
      const pauseMs = this.parts.firstMsOf(current);
      return { ...next.item!, pauseMs, nextAt: Math.min(current.nextAt, now + pauseMs) };
    });
    this.count(seen, verdict);
  }

  /** An asynchronous command's own end is told by whoever sent it, moments after it is in the book: that comes first. */
  private async commandIsTold({ transactionId, trace }: FollowedItem): Promise<void> {
    for (const until = Date.now() + jobEndMs; Date.now() < until; await pause(jobLookMs)) {
      const state = (await this.parts.jobs.get(transactionId))?.value.state;
      if (state === undefined || state === 'ended' || state === 'dead') return;
    }
    this.parts.log.warn(
      { transaction: transactionId, trace },
      'the end of a command is not told yet, what it began is',
    );
  }

  private count({ system, source }: Observation, result: string): void {
    this.parts.metrics.counter('lgsp_observations_total', { system, source, result }).inc();
  }
}
