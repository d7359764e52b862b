import { busHeaders } from '#lgsp/bus';
import type { BusEvent, EventLog, EventType } from '#lgsp/events';
import { jobId, type DeadLetters, type Job, type JobQueue, type JobState, type LastAnswer } from '#lgsp/jobs';
import type { QueueEnd } from '#lgsp/records';
import { traceIdOf, type Metrics } from '#lgsp/telemetry';
import { nowInVietnam } from '#lgsp/vietnam';

export interface EndingParts {
  queue: JobQueue;
  events: EventLog;
  dead: DeadLetters;
  metrics: Metrics;
}

/** A job as it lies in the queue, and how it is taken out of it. */
export interface Told {
  data: Uint8Array;
  done(): void | Promise<void>;
}

/** How a job's turn ended, with what is told of it. */
export interface JobEnd {
  end: QueueEnd;
  attempts: number;
  /** Absent when another courier, killed since, had it. */
  lastAnswer?: LastAnswer;
}

/**
 * Tells how a job ended: its client by an event, operators by a dead letter when it did not succeed, and only then the queue. All
 * of it may be told again by whoever goes on after a crash: events and letters are known by the job's name.
 */
export class JobEndings {
  constructor(private readonly parts: EndingParts) {}

  /** @throws BusError `bus-unavailable`: then the job comes back, and it is told again */
  async tell({ data, done }: Told, job: Job, { end, attempts, lastAnswer }: JobEnd): Promise<void> {
    const { queue, events, dead, metrics } = this.parts;
    const before = (await queue.states.get(job.transactionId))?.value;
    const isDead = end.outcome !== 'succeeded' && end.reason !== 'cancelled';
    const answer = lastAnswer ?? before?.lastAnswer;
    const letter = isDead ? await dead.put(data, job, { end, attempts }) : undefined;
    await events.append(endEventOf(job, end, attempts));
    const state: JobState = {
      ...(before ?? queue.stateOf(job)),
      turn: job.turn,
      state: isDead ? 'dead' : 'ended',
      attempts,
      lastAt: Date.now(),
      notBefore: undefined,
      lastAnswer: answer,
      outcome: end.outcome,
      final: end.final,
      reason: end.reason,
      deadAt: letter,
    };
    await queue.states.put(job.transactionId, state);
    await done();
    if (isDead && before?.deadAt !== letter) metrics.counter('lgsp_dead_letters_total', { system: job.system }).inc();
    const isTold = before?.turn === job.turn && (before.state === 'ended' || before.state === 'dead');
    if (!isTold)
      metrics.histogram('lgsp_job_seconds', { system: job.system }).observe((Date.now() - job.queuedAt) / 1_000);
  }
}

/** How a transaction that was answered with 202 ended. @param id which happening it is; the job's own name when left out */
export function endEventOf(job: Job, end: QueueEnd, attempts: number, id = jobId(job)): BusEvent {
  const { client, system, operation, transactionId, headers, replaces } = job;
  const { outcome, final, code, upstreamCode, linkedDossier } = end;
  return {
    id,
    type: typeOf(end),
    time: nowInVietnam(new Date()),
    client: client.id,
    system,
    operation: operation.operation,
    transactionId,
    trace: traceIdOf(headers[busHeaders.traceparent]!),
    dossier: headers[busHeaders.dossier],
    linkedDossier,
    data: { outcome, final, code, upstreamCode, attempts, replaces },
  };
}

function typeOf({ outcome }: QueueEnd): EventType {
  if (outcome === 'succeeded') return 'transaction.succeeded';
  if (outcome === 'rejected' || outcome === 'not-found') return 'transaction.rejected';
  return outcome === 'unknown' ? 'transaction.unknown' : 'transaction.failed';
}
