import type { Held } from './held';
import type { DeadLetter } from './dead.letters';
import type { JobState } from './job.state';

/**
 * What the courier answers when it is asked about jobs, over the bus, by the gateway and the command line. None of these subjects
 * has the form of an operation: the courier is no outside system.
 */
export const courierSubjects = {
  /** `{id, client?, who}` → `JobView`: before it was sent, it is sent no more. `unknown-transaction`, `wrong-state` */
  cancel: 'lgsp.courier.cancel',
  /** `{id, client?}` → `JobView` */
  job: 'lgsp.courier.job',
  /** `JobSearch` → `JobPage`: those that wait, in the order of their acceptance */
  jobs: 'lgsp.courier.jobs',
  /** `{system?}` → `SystemView[]` of what has, or once had, jobs */
  systems: 'lgsp.courier.systems',
  /** `{system, who, until?, reason?}` → `{}`: nothing more is sent to it */
  pause: 'lgsp.courier.pause',
  /** `{system, who}` → `{}` */
  resume: 'lgsp.courier.resume',
  /** `DeadSearch` → `DeadPage`: the oldest first */
  deadLetters: 'lgsp.courier.dead-letters',
  /** `{id}` → `DeadView`: with its input, masked */
  deadLetter: 'lgsp.courier.dead-letter',
  /** `{id, who}` → `JobView`: sent again under the same idempotency key. `wrong-state`, `rate-limited` */
  replay: 'lgsp.courier.replay',
  /** `{id, who, input}` or `{id, who, set: {pointer: value}}` → `JobView` of a new transaction that takes its place */
  fix: 'lgsp.courier.fix',
  /** `{id, who, reason}` → `{}`: nobody tries any more */
  giveUp: 'lgsp.courier.give-up',
  /** `{client, name}` → what came of one message to the address of a subscription */
  tryWebhook: 'lgsp.courier.try-webhook',
} as const;

/** Where a job stands, for whoever looks: nothing of its content. Times are epoch milliseconds. */
export type JobView = Omit<JobState, 'place' | 'subject' | 'deadAt'>;

export interface JobPage {
  jobs: JobView[];
  /** What to ask with for the next page; absent on the last. */
  after?: number;
}

export interface SystemView {
  system: string;
  pending: number;
  held?: Held;
}

export interface DeadPage {
  letters: Omit<DeadLetter, 'place'>[];
  after?: number;
}

export interface DeadView extends JobView {
  /** As the operation's sensitivity lets it be seen. */
  input: unknown;
}
