import { BusError } from '#lgsp/errors';
import { jobsSubject, type DeadLetters, type JobQueue } from '#lgsp/jobs';
import type { Logger, Metrics } from '#lgsp/telemetry';
import type { QueueSweeper } from './drain/queue.sweeper';
import type { Drains } from './drain/drains';
import type { SystemDrain } from './drain/system.drain';
import type { FollowingDesk, FollowingFigures } from './following/following.desk';

const everyMs = 2_000;

export interface MeterParts {
  drains: Drains;
  queue: JobQueue;
  dead: DeadLetters;
  sweeper: QueueSweeper;
  following: FollowingDesk;
  metrics: Metrics;
  log: Logger;
}

/** What waits and what is held, looked up now and then: for whoever scrapes, and never from within a scrape. */
export class CourierMeters {
  private timer?: NodeJS.Timeout;
  private looking = false;

  constructor(private readonly parts: MeterParts) {}

  start(): void {
    this.timer = setInterval(() => void this.look(), everyMs).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    const { drains, dead, sweeper, following, metrics, log } = this.parts;
    try {
      await sweeper.look(drains.list());
      await Promise.all(drains.list().map((drain) => this.measure(drain)));
      metrics.gauge('lgsp_dead_letters', {}).set(await dead.messages.size());
      for (const { system, ...figures } of following.figures()) this.measureFollowing(system, figures);
    } catch (error) {
      log.debug({ code: BusError.from(error).code }, 'jobs cannot be counted now');
    } finally {
      this.looking = false;
    }
  }

  private measureFollowing(
    system: string,
    { followed, oldestSeconds, overdue }: Omit<FollowingFigures, 'system'>,
  ): void {
    const { metrics } = this.parts;
    metrics.gauge('lgsp_following', { system }).set(followed);
    metrics.gauge('lgsp_following_oldest_seconds', { system }).set(oldestSeconds);
    metrics.gauge('lgsp_following_overdue', { system }).set(overdue);
  }

  /** One courier tells of a system, so that the sum over all couriers is right. */
  private async measure(drain: SystemDrain): Promise<void> {
    const { system, isMine } = drain;
    const { queue, metrics } = this.parts;
    const oldest = isMine ? await queue.messages.oldest(jobsSubject(system)) : undefined;
    metrics.gauge('lgsp_jobs_pending', { system }).set(isMine ? await drain.backlog() : 0);
    metrics.gauge('lgsp_jobs_oldest_seconds', { system }).set(oldest ? (Date.now() - oldest.at) / 1_000 : 0);
    metrics.gauge('lgsp_jobs_held', { system }).set(isMine && drain.hold.at(Date.now()) ? 1 : 0);
  }
}
