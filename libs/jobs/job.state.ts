import { KeyValueStore, type BusConnection } from '#lgsp/bus';
import type { ErrorCode, FieldError, Outcome } from '#lgsp/errors';
import type { JobTurn } from '#lgsp/dispatch';
import type { QueueEnd } from '#lgsp/records';

/** What the outside system, or whoever stood before it, last answered: masked as the operation's sensitivity demands. */
export interface LastAnswer {
  code: ErrorCode;
  /** Of faulty fields only where and which rule: a message may repeat what was sent. */
  errors?: Pick<FieldError, 'path' | 'rule'>[];
  upstream?: { code: string; message?: unknown };
}

/**
 * Where an asynchronous command stands, by transaction id: for those who look at jobs, and so that one is found by its id.
 * Nothing is decided by it: what counts is the command's own record.
 */
export interface JobState extends JobTurn {
  client: string;
  system: string;
  operation: string;
  dossier?: string;
  /** Of its lane, among the jobs. */
  subject: string;
  /** `waiting` to be sent first; `retrying` after a pause; `ended`; `dead` until an operator deals with it. */
  state: 'waiting' | 'retrying' | 'ended' | 'dead';
  attempts: number;
  /** Epoch milliseconds: accepted, first and last sent, not sent again before. */
  queuedAt: number;
  firstAt?: number;
  lastAt?: number;
  notBefore?: number;
  lastAnswer?: LastAnswer;
  /** Once it has ended. */
  outcome?: Outcome;
  final?: boolean;
  reason?: QueueEnd['reason'];
  /** Of the dead letter: its place among them. */
  deadAt?: number;
  /** The transaction in whose place an operator put this one. */
  replaces?: string;
}

/** Longer than any job lives and any dead letter is kept, in milliseconds. */
const keptMs = 45 * 86_400_000;

export function openJobStates(connection: BusConnection): Promise<KeyValueStore<JobState>> {
  const description = 'where asynchronous commands stand, by transaction id';
  return KeyValueStore.open(connection, { bucket: 'JOB_STATE', description, ttlMs: keptMs });
}

/** That a client has, or once had, jobs at a system: the courier reads its queue. By `<system>.<client>`. */
export interface JobQueueMark {
  system: string;
  client: string;
}

export function openJobQueues(connection: BusConnection): Promise<KeyValueStore<JobQueueMark>> {
  const description = 'which clients have jobs at which systems';
  return KeyValueStore.open(connection, { bucket: 'JOB_QUEUES', description });
}

/** That an operator lets nothing be sent to a system. By system. */
export interface JobHold {
  who: string;
  /** Epoch milliseconds. */
  at: number;
  /** Epoch milliseconds; until somebody resumes it when left out. */
  until?: number;
  reason?: string;
}

export function openJobHolds(connection: BusConnection): Promise<KeyValueStore<JobHold>> {
  const description = 'systems to which operators let nothing be sent';
  return KeyValueStore.open(connection, { bucket: 'JOB_HOLDS', description });
}
