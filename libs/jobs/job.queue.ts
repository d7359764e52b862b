import { createHash } from 'node:crypto';
import {
  busHeaders,
  DurableQueue,
  type BusConnection,
  type HeaderPairs,
  type KeyValueStore,
  type QueuedMessage,
  type QueueReader,
  type QueueReaderOptions,
} from '#lgsp/bus';
import type { JobTurn } from '#lgsp/dispatch';
import { jobBytes, readJob, type Job } from './job';
import type { JobSeal } from './job.seal';
import { openJobQueues, openJobStates, type JobQueueMark, type JobState } from './job.state';

/** The stream of jobs; one subject for each lane, in which jobs stay in order: `lgsp.jobs.<system>.<client>.<lane>`. */
export const jobsStream = { name: 'JOBS', subjects: 'lgsp.jobs.>' } as const;

/** Most jobs that wait, of all clients; beyond it none is accepted. */
const messagesMax = 500_000;
const bytesMax = 2_147_483_648;
/** For how long the server knows a job that is put again by its id. */
const duplicateMs = 600_000;
/** 96 bits, so that two dossiers do not share a lane. */
const laneLength = 16;

/** What stands on a job in the clear: what it takes to find and list it, and nothing of its content. */
const jobHeaders = {
  transactionId: busHeaders.transactionId,
  dossier: busHeaders.dossier,
  turn: 'Lgsp-Job-Turn',
  place: 'Lgsp-Job-Place',
  operation: 'Lgsp-Job-Operation',
  queuedAt: 'Lgsp-Job-Queued-At',
} as const;

/** Subjects of all jobs of a system, of one client when it is named. */
export function jobsSubject(system: string, client = '*'): string {
  return `lgsp.jobs.${system}.${client}.*`;
}

/** Jobs of a client for the same dossier at the same system are sent in their order; a job without a dossier waits for none. */
function laneSubject({ client, system, headers, transactionId }: Job): string {
  const dossier = headers[busHeaders.dossier];
  const lane = dossier ? createHash('sha256').update(dossier).digest('base64url').slice(0, laneLength) : transactionId;
  return `lgsp.jobs.${system}.${client.id}.${lane}`;
}

/** What a job's headers tell. */
export interface JobLabel extends JobTurn {
  operation: string;
  dossier?: string;
  queuedAt: number;
}

/** The transaction that a message among the jobs names, also where it is no job. */
export const transactionOf = (message: { header(name: string): string | undefined }): string | undefined =>
  message.header(jobHeaders.transactionId);

/** @throws Error when it is no job */
export function labelOf(message: { header(name: string): string | undefined }): JobLabel {
  const told = (name: string): string => {
    const value = message.header(name);
    if (!value) throw new Error(`a message among the jobs has no ${name}`);
    return value;
  };
  return {
    transactionId: told(jobHeaders.transactionId),
    place: told(jobHeaders.place),
    turn: Number(told(jobHeaders.turn)),
    operation: told(jobHeaders.operation),
    dossier: message.header(jobHeaders.dossier),
    queuedAt: Number(told(jobHeaders.queuedAt)),
  };
}

/** The name under which a job is one message, and to which its sealed content belongs. */
export const jobId = ({ transactionId, turn }: Pick<JobTurn, 'transactionId' | 'turn'>): string =>
  `${transactionId}.${turn}`;

/** Where jobs are put, by gateways and by the courier itself when something is sent again. */
export class JobQueue {
  private readonly marked = new Set<string>();

  private constructor(
    /** The messages: for the courier, which reads them. */
    readonly messages: DurableQueue,
    readonly states: KeyValueStore<JobState>,
    readonly marks: KeyValueStore<JobQueueMark>,
    private readonly seal: JobSeal,
  ) {}

  static async open(connection: BusConnection, seal: JobSeal): Promise<JobQueue> {
    const [messages, states, marks] = await Promise.all([
      openJobMessages(connection),
      openJobStates(connection),
      openJobQueues(connection),
    ]);
    return new JobQueue(messages, states, marks, seal);
  }

  /** Resolves once the job is durable. @throws BusError `overloaded`, `bus-unavailable` */
  async put(job: Job): Promise<void> {
    const subject = laneSubject(job);
    await this.mark(job.system, job.client.id);
    await this.states.put(job.transactionId, this.stateOf(job));
    await this.messages.put(subject, this.sealed(job), { id: jobId(job), headers: labelPairs(job) });
  }

  /** Reads the jobs of a client at a system. Neither name holds a `_`, so no two readers share one. */
  readerOf(system: string, client: string, bounds: Omit<QueueReaderOptions, 'name' | 'subject'>): Promise<QueueReader> {
    return this.messages.reader({ name: `${system}_${client}`, subject: jobsSubject(system, client), ...bounds });
  }

  /** A job that was just put into the queue, for those who look. */
  stateOf(job: Job): JobState {
    return firstState(job, laneSubject(job));
  }

  /** The content of a job, as it lies on the bus. */
  sealed(job: Job): Buffer {
    return this.seal.seal(jobBytes(job), jobId(job));
  }

  /** @throws BusError `internal` when it was sealed with another key, or changed */
  open(data: Uint8Array, turn: Pick<JobTurn, 'transactionId' | 'turn'>): Job {
    return readJob(this.seal.open(data, jobId(turn)));
  }

  /** The job of a transaction that still stands in the queue. @throws BusError `bus-unavailable` */
  async find({ subject, transactionId, turn }: JobState): Promise<QueuedMessage | undefined> {
    for (let from = 1; ;) {
      const message = await this.messages.oldest(subject, from);
      if (!message) return undefined;
      const label = labelOf(message);
      if (label.transactionId === transactionId && label.turn === turn) return message;
      from = message.sequence + 1;
    }
  }

  /** Tells the courier that this client has jobs at this system: before the first one, so that no job is in a queue unread. */
  private async mark(system: string, client: string): Promise<void> {
    const key = `${system}.${client}`;
    if (this.marked.has(key)) return;
    await this.marks.create(key, { system, client });
    this.marked.add(key);
  }
}

export function openJobMessages(connection: BusConnection): Promise<DurableQueue> {
  const { name: stream, subjects: subject } = jobsStream;
  const description = 'asynchronous commands that wait to be sent';
  return DurableQueue.open(connection, {
    stream,
    subject,
    description,
    until: 'done',
    messagesMax,
    bytesMax,
    duplicateMs,
  });
}

export function labelPairs({ transactionId, turn, place, operation, headers, queuedAt }: Job): HeaderPairs {
  return {
    [jobHeaders.transactionId]: transactionId,
    [jobHeaders.turn]: String(turn),
    [jobHeaders.place]: place,
    [jobHeaders.operation]: operation.operation,
    [jobHeaders.dossier]: headers[busHeaders.dossier],
    [jobHeaders.queuedAt]: String(queuedAt),
  };
}

function firstState(job: Job, subject: string): JobState {
  const { transactionId, turn, place, client, system, operation, headers, queuedAt, replaces } = job;
  return {
    transactionId,
    turn,
    place,
    client: client.id,
    system,
    operation: operation.operation,
    dossier: headers[busHeaders.dossier],
    subject,
    state: 'waiting',
    attempts: 0,
    queuedAt,
    replaces,
  };
}
