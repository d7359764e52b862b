import type { DurableLog } from '#lgsp/bus';
import { BusError } from '#lgsp/errors';
import { problemAnswer, type CallRecords, type CommandTurns } from '#lgsp/dispatch';
import { callOf, requestKeyOf, type JobQueue, type JobState } from '#lgsp/jobs';
import type { QueueEnd } from '#lgsp/records';
import { auditJob } from './job.audit';
import type { JobEndings } from '../send/job.endings';

export interface CancellingParts {
  queue: JobQueue;
  turns: CommandTurns;
  records: CallRecords;
  endings: JobEndings;
  audit: DurableLog;
}

/** How long a command is in hand while it is cancelled, in milliseconds. */
const inHandMs = 5_000;

/** Takes a job back before it was ever sent: its transaction is rejected, and its caller told so by an event like any other end. */
export class Cancelling {
  constructor(private readonly parts: CancellingParts) {}

  /** @throws BusError `wrong-state` when it was sent already, is being sent now, or has ended */
  async cancel(state: JobState, who: string): Promise<JobState> {
    const { queue, turns, records, endings, audit } = this.parts;
    const message = await queue.find(state);
    if (!message || !(await turns.isUnsent(state))) throw new BusError('wrong-state', { detail: sentAlready });
    const job = queue.open(message.data, state);
    const taken = await turns.take(state, Date.now() + inHandMs, { evenPaused: true });
    if (taken.kind !== 'held') throw new BusError('wrong-state', { detail: sentAlready });
    const { turn } = taken;
    if (turn.sending.recheck || turn.sending.uncertain) {
      await turns.putBack(turn, { notBefore: Date.now(), counts: false, uncertain: turn.sending.uncertain });
      throw new BusError('wrong-state', { detail: sentAlready });
    }
    await auditJob(audit, job.transactionId, who, 'cancel');
    const answer = problemAnswer(new BusError('cancelled'), job.language, job.transactionId);
    const end: QueueEnd = { outcome: 'rejected', final: true, code: 'cancelled', reason: 'cancelled' };
    const record = records.open(callOf(job, Date.now() + inHandMs), job.seed);
    await record.outcome(job.transactionId, answer, end);
    await turns.end(turn, { state: 'done', end, answer }, requestKeyOf(job, turn.stored.value.salt));
    // The job stays until its turn comes, and then finds that it has ended: a lane is only ever taken out of at its head.
    await endings.tell({ data: message.data, done: () => undefined }, job, { end, attempts: 0 });
    return (await queue.states.get(job.transactionId))!.value;
  }
}

const sentAlready = {
  en: 'the command was sent already, is being sent now, or has ended',
  vi: 'lệnh đã được gửi, đang gửi hoặc đã kết thúc',
};
