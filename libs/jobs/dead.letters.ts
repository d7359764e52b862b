import { DurableQueue, type BusConnection, type QueuedMessage } from '#lgsp/bus';
import type { ErrorCode, Outcome } from '#lgsp/errors';
import type { QueueEnd } from '#lgsp/records';
import type { Job } from './job';
import { jobId, labelOf, labelPairs, type JobLabel } from './job.queue';

/** The stream of jobs that did not succeed: `lgsp.dead.<system>.<client>.<transaction>`. */
const deadStream = { name: 'DEAD', subjects: 'lgsp.dead.>' } as const;

/** How long a dead letter is kept, and how many at most; beyond it the oldest go. */
const deadKeptMs = 30 * 86_400_000;
const messagesMax = 200_000;
const bytesMax = 1_073_741_824;
const duplicateMs = 3_600_000;

const deadHeaders = {
  outcome: 'Lgsp-Job-Outcome',
  code: 'Lgsp-Job-Code',
  reason: 'Lgsp-Job-Reason',
  attempts: 'Lgsp-Job-Attempts',
} as const;

/** A job that did not succeed, as it can be told without opening it. */
export interface DeadLetter extends JobLabel {
  /** Its place among the dead letters: what died later has a larger one. */
  sequence: number;
  system: string;
  client: string;
  outcome: Outcome;
  code?: ErrorCode;
  reason?: QueueEnd['reason'];
  attempts: number;
  /** Epoch milliseconds. */
  diedAt: number;
}

export interface DeadSearch {
  system?: string;
  client?: string;
  /** From after this place on. */
  after?: number;
  limit: number;
}

/** Jobs that did not succeed, kept with all that it takes to send them again, until an operator has dealt with them. */
export class DeadLetters {
  private constructor(readonly messages: DurableQueue) {}

  static async open(connection: BusConnection): Promise<DeadLetters> {
    const { name: stream, subjects: subject } = deadStream;
    const description = 'jobs that did not succeed, until an operator has dealt with them';
    const bounds = { messagesMax, bytesMax, duplicateMs, keptMs: deadKeptMs };
    return new DeadLetters(
      await DurableQueue.open(connection, { stream, subject, description, until: 'removed', ...bounds }),
    );
  }

  /** Keeps a job as it lay in the queue, and gives its place; the same job again is the same letter. @throws BusError `bus-unavailable` */
  put(sealed: Uint8Array, job: Job, { end, attempts }: { end: QueueEnd; attempts: number }): Promise<number> {
    const headers = {
      ...labelPairs(job),
      [deadHeaders.outcome]: end.outcome,
      [deadHeaders.code]: end.code,
      [deadHeaders.reason]: end.reason,
      [deadHeaders.attempts]: String(attempts),
    };
    const subject = `lgsp.dead.${job.system}.${job.client.id}.${job.transactionId}`;
    return this.messages.put(subject, sealed, { id: jobId(job), headers });
  }

  /** Oldest first. @throws BusError `bus-unavailable` */
  async list({ system = '*', client = '*', after = 0, limit }: DeadSearch): Promise<DeadLetter[]> {
    const found: DeadLetter[] = [];
    for (let from = after + 1; found.length < limit; from = found.at(-1)!.sequence + 1) {
      const message = await this.messages.oldest(`lgsp.dead.${system}.${client}.*`, from);
      if (!message) break;
      found.push(letterOf(message));
    }
    return found;
  }
}

/** @throws Error when it is no dead letter */
function letterOf(message: QueuedMessage): DeadLetter {
  const [, , system, client] = message.subject.split('.');
  return {
    ...labelOf(message),
    sequence: message.sequence,
    system: system!,
    client: client!,
    outcome: message.header(deadHeaders.outcome) as Outcome,
    code: message.header(deadHeaders.code) as ErrorCode | undefined,
    reason: message.header(deadHeaders.reason) as QueueEnd['reason'],
    attempts: Number(message.header(deadHeaders.attempts)),
    diedAt: message.at,
  };
}
