import { Controller, Inject } from '@nestjs/common';
import { courierSubjects, type JobPage, type JobView, type SystemView } from '#lgsp/jobs';
import { Topic } from '#lgsp/kit';
import { Cancelling } from './cancelling';
import { CancelRequest, JobQuestion, JobSearch, SystemsQuestion, PauseRequest, ResumeRequest } from './job.messages';
import { Jobs, viewOf } from './jobs';

/** Jobs that wait, as they are looked at and stopped over the bus. */
@Controller()
export class JobsController {
  constructor(
    @Inject(Jobs) private readonly jobs: Jobs,
    @Inject(Cancelling) private readonly cancelling: Cancelling,
  ) {}

  @Topic(courierSubjects.job, JobQuestion, 'Where an asynchronous command stands')
  async job({ id, client }: JobQuestion): Promise<JobView> {
    return viewOf(await this.jobs.state(id, client));
  }

  @Topic(courierSubjects.jobs, JobSearch, 'Asynchronous commands that wait')
  page(search: JobSearch): Promise<JobPage> {
    return this.jobs.page(search);
  }

  @Topic(courierSubjects.cancel, CancelRequest, 'Takes an asynchronous command back before it was sent')
  async cancel({ id, client, who }: CancelRequest): Promise<JobView> {
    return viewOf(await this.cancelling.cancel(await this.jobs.state(id, client), who));
  }

  @Topic(courierSubjects.systems, SystemsQuestion, 'What waits for which system, and what holds it')
  systems({ system }: SystemsQuestion): Promise<SystemView[]> {
    return this.jobs.systems(system);
  }

  @Topic(courierSubjects.pause, PauseRequest, 'Lets nothing more be sent to a system')
  pause(request: PauseRequest): Promise<object> {
    return this.jobs.pause(request);
  }

  @Topic(courierSubjects.resume, ResumeRequest, 'Lets commands be sent to a system again')
  resume(request: ResumeRequest): Promise<object> {
    return this.jobs.resume(request);
  }
}
