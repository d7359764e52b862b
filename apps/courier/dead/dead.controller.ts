import { Controller, Inject } from '@nestjs/common';
import { courierSubjects, type DeadPage, type DeadView, type JobView } from '#lgsp/jobs';
import { Topic } from '#lgsp/kit';
import { FixRequest, GiveUpRequest, JobQuestion, JobSearch, OperatorRequest } from '../jobs/job.messages';
import { viewOf } from '../jobs/jobs';
import { DeadDesk } from './dead.desk';
import { DeadReplays } from './dead.replays';

const pageDefault = 50;

/** Dead letters, as operators deal with them over the bus. */
@Controller()
export class DeadController {
  constructor(
    @Inject(DeadDesk) private readonly desk: DeadDesk,
    @Inject(DeadReplays) private readonly replays: DeadReplays,
  ) {}

  @Topic(courierSubjects.deadLetters, JobSearch, 'Jobs that did not succeed, the oldest first')
  page({ limit = pageDefault, ...search }: JobSearch): Promise<DeadPage> {
    return this.desk.page({ ...search, limit });
  }

  @Topic(courierSubjects.deadLetter, JobQuestion, 'A job that did not succeed, with its input masked')
  show({ id }: JobQuestion): Promise<DeadView> {
    return this.desk.show(id);
  }

  @Topic(courierSubjects.replay, OperatorRequest, 'Sends it again under its idempotency key')
  async replay({ id, who }: OperatorRequest): Promise<JobView> {
    return viewOf(await this.replays.replay(id, who));
  }

  @Topic(courierSubjects.fix, FixRequest, 'Sends it with another input, as a new transaction in its place')
  async fix({ id, who, input, set }: FixRequest): Promise<JobView> {
    return viewOf(await this.replays.fix(id, who, { input, set }));
  }

  @Topic(courierSubjects.giveUp, GiveUpRequest, 'Lets nobody try any more')
  async giveUp({ id, who, reason, outcome }: GiveUpRequest): Promise<JobView> {
    return viewOf(await this.replays.giveUp(id, who, reason, outcome));
  }
}
