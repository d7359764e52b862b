import { Inject, Injectable } from '@nestjs/common';
import { DurableLog } from '#lgsp/bus';
import { BusError } from '#lgsp/errors';
import {
  jobsStream,
  jobsSubject,
  JobQueue,
  labelOf,
  type JobPage,
  type JobState,
  type JobView,
  type SystemView,
} from '#lgsp/jobs';
import { Drains } from '../drain/drains';
import { auditJob } from './job.audit';
import { pageMax, type JobSearch, type PauseRequest, type ResumeRequest } from './job.messages';

const pageDefault = 50;

/** What waits, and what holds it. */
@Injectable()
export class Jobs {
  constructor(
    @Inject(JobQueue) private readonly queue: JobQueue,
    @Inject(Drains) private readonly drains: Drains,
    @Inject(DurableLog) private readonly audit: DurableLog,
  ) {}

  /** @throws BusError `unknown-transaction`, also for another client's */
  async state(id: string, client?: string): Promise<JobState> {
    const state = (await this.queue.states.get(id))?.value;
    if (!state || (client !== undefined && state.client !== client)) throw new BusError('unknown-transaction');
    return state;
  }

  /** Those that wait, in the order of their acceptance. */
  async page({ system, client, after = 0, limit = pageDefault }: JobSearch): Promise<JobPage> {
    const jobs: JobView[] = [];
    let last = after;
    const subject = system ? jobsSubject(system, client) : client ? `lgsp.jobs.*.${client}.*` : jobsStream.subjects;
    while (jobs.length < Math.min(limit, pageMax)) {
      const message = await this.queue.messages.oldest(subject, last + 1);
      if (!message) return { jobs };
      last = message.sequence;
      const state = (await this.queue.states.get(labelOf(message).transactionId))?.value;
      if (state) jobs.push(viewOf(state));
    }
    return { jobs, after: last };
  }

  /** @param only of this one, where it is named */
  async systems(only?: string): Promise<SystemView[]> {
    const now = Date.now();
    const drains = this.drains.list().filter(({ system }) => only === undefined || system === only);
    const views = drains.map(async (drain) => ({
      system: drain.system,
      pending: await drain.backlog(),
      held: drain.hold.at(now),
    }));
    return (await Promise.all(views)).toSorted((a, b) => a.system.localeCompare(b.system));
  }

  async pause({ system, who, until, reason }: PauseRequest): Promise<object> {
    await auditJob(this.audit, system, who, 'pause', reason);
    await this.drains.holds.put(system, { who, at: Date.now(), until, reason });
    return {};
  }

  async resume({ system, who }: ResumeRequest): Promise<object> {
    await auditJob(this.audit, system, who, 'resume');
    await this.drains.holds.delete(system);
    return {};
  }
}

/** What may be seen of a job. */
export function viewOf({ place: _place, subject: _subject, deadAt: _deadAt, ...view }: JobState): JobView {
  return view;
}
