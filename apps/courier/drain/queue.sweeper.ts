import type { Lease } from '#lgsp/bus';
import { jobsStream, labelOf, type JobQueue } from '#lgsp/jobs';
import type { Logger } from '#lgsp/telemetry';
import type { SystemDrain } from './system.drain';

/** Most messages that are looked at in one go, and how long after its end a job may still be on its way out, in milliseconds. */
const lookMax = 1_000;
const leavingMs = 20_000;

/**
 * Takes out what has ended and stays all the same. A server that is killed may have kept that a reader was done with a message,
 * and not that the message is gone: then nobody is handed it any more, and it would hold up its lane for ever.
 */
export class QueueSweeper {
  private before = 0;
  private cursor = 0;

  constructor(
    private readonly queue: JobQueue,
    private readonly lease: Lease,
    private readonly log: Logger,
  ) {}

  /** @param drains of all systems @throws BusError `bus-unavailable` */
  async look(drains: readonly SystemDrain[]): Promise<void> {
    const [size, ...known] = await Promise.all([this.queue.messages.size(), ...drains.map((drain) => drain.backlog())]);
    const unread = size - known.reduce((sum, count) => sum + count, 0);
    const stays = Math.min(unread, this.before) > 0; // Twice in a row: the counts are not of the same moment.
    this.before = unread;
    if (stays && (await this.lease.take())) await this.sweep();
  }

  private async sweep(): Promise<void> {
    let removed = 0;
    for (let looked = 0; looked < lookMax; looked++) {
      const message = await this.queue.messages.oldest(jobsStream.subjects, this.cursor + 1);
      if (!message) {
        this.cursor = 0;
        break;
      }
      this.cursor = message.sequence;
      const { transactionId, turn } = labelOf(message);
      const state = (await this.queue.states.get(transactionId))?.value;
      const hasEnded = state?.turn === turn && (state.state === 'ended' || state.state === 'dead');
      if (
        hasEnded &&
        Date.now() - (state.lastAt ?? 0) > leavingMs &&
        (await this.queue.messages.remove(message.sequence))
      )
        removed++;
    }
    if (removed > 0) this.log.warn({ removed }, 'jobs that had ended were still in the queue');
  }

  async stop(): Promise<void> {
    await this.lease.release();
  }
}
