import { BusError } from '#lgsp/errors';
import { jobsSubject, type DeadLetters, type JobQueue } from '#lgsp/jobs';
import type { Logger, Metrics } from '#lgsp/telemetry';
import type { QueueSweeper } from './drain/queue.sweeper';
import type { Drains } from './drain/drains';
import type { SystemDrain } from './drain/system.drain';
import type { SystemHold } from './drain/system.hold';
import type { Webhooks } from './webhooks/webhooks';
import type { FollowingDesk, FollowingFigures } from './following/following.desk';

const everyMs = 2_000;

export interface MeterParts {
  drains: Drains;
  queue: JobQueue;
  dead: DeadLetters;
  sweeper: QueueSweeper;
  webhooks: Webhooks;
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
    const { drains, dead, sweeper, webhooks, following, metrics, log } = this.parts;
    webhooks.measure(metrics);
    try {
      await sweeper.look(drains.list());
      await Promise.all(drains.list().map((drain) => this.measure(drain)));
      metrics.gauge('lgsp_dead_letters', {}).set(await dead.messages.size());
      for (const { system, ...figures } of await following.figures()) this.measureFollowing(system, figures);
    } catch (error) {
      log.debug({ code: BusError.from(error).code }, 'jobs cannot be counted now');
    } finally {
      this.looking = false;
    }
  }

  private measureFollowing(
    system: string,
    { followed, oldestSeconds, overdue, waiting }: Omit<FollowingFigures, 'system'>,
  ): void {
    const { metrics } = this.parts;
    metrics.gauge('lgsp_following', { system }).set(followed);
    metrics.gauge('lgsp_following_oldest_seconds', { system }).set(oldestSeconds);
    metrics.gauge('lgsp_following_overdue', { system }).set(overdue);
    metrics.gauge('lgsp_following_waiting', { system }).set(waiting);
  }

  /** One courier tells of a system, so that the sum over all couriers is right. */
  private async measure(drain: SystemDrain): Promise<void> {
    const { system, isMine } = drain;
    const { queue, dead, metrics } = this.parts;
    const [oldest, letter] = isMine
      ? await Promise.all([queue.messages.oldest(jobsSubject(system)), dead.list({ system, limit: 1 })])
      : [undefined, []];
    metrics.gauge('lgsp_jobs_pending', { system }).set(isMine ? await drain.backlog() : 0);
    metrics.gauge('lgsp_jobs_oldest_seconds', { system }).set(ageSeconds(oldest?.at));
    metrics.gauge('lgsp_jobs_held', { system }).set(isMine ? heldBy(drain.hold) : 0);
    metrics.gauge('lgsp_dead_letters_oldest_seconds', { system }).set(ageSeconds(letter[0]?.diedAt));
  }
}

const ageSeconds = (at: number | undefined): number => (at === undefined ? 0 : (Date.now() - at) / 1_000);

/** As `lgsp_jobs_held` tells it. Also between two tries: what holds is over when a command was answered. */
function heldBy(hold: SystemHold): number {
  const why = hold.at(Date.now())?.why;
  if (why === 'paused') return 2;
  if (why === 'maintenance') return 3;
  return why !== undefined || hold.probing ? 1 : 0;
}
