import { busHeaders, type Delivery } from '#lgsp/bus';
import { BusError, outcomeOf } from '#lgsp/errors';
import {
  backoffMs,
  holdsSystem,
  problemAnswer,
  type AdmittedCall,
  type BackoffTimes,
  type CallRecords,
  type CommandSender,
  type CommandTurns,
  type Dispatcher,
  type HeldTurn,
  type Sent,
} from '#lgsp/dispatch';
import { callOf, labelOf, requestKeyOf, type Job, type JobLabel, type JobQueue } from '#lgsp/jobs';
import type { QueueEnd } from '#lgsp/records';
import { startSpan, traceIdOf, type Logger, type Metrics } from '#lgsp/telemetry';
import type { RateGate } from '../drain/rate.gate';
import type { SystemHold } from '../drain/system.hold';
import type { JobEndings } from './job.endings';
import { lastAnswerOf } from './last.answer';

export interface RunnerParts {
  queue: JobQueue;
  turns: CommandTurns;
  dispatcher: Dispatcher;
  records: CallRecords;
  endings: JobEndings;
  backoff: BackoffTimes;
  log: Logger;
  metrics: Metrics;
}

/** Pauses before a job is looked at again, in milliseconds: behind another of its lane, and at most. */
const behindMs = 100;
const lookAgainMsMax = 60_000;

/** A job in hand. */
interface InHand {
  delivery: Delivery;
  job: Job;
  turn: HeldTurn;
  call: AdmittedCall;
  sender: CommandSender;
}

/**
 * Deals with one job: it is sent when it is its turn, and put back or ended by what comes of it. A job is only a reminder: what
 * counts is the command's own record, which is taken in hand by compare-and-set.
 */
export class JobRunner {
  constructor(private readonly parts: RunnerParts) {}

  /** @throws BusError whatever keeps it from being dealt with now; the job stays then */
  async run(delivery: Delivery, hold: SystemHold, rate: RateGate): Promise<void> {
    const { queue, turns } = this.parts;
    const label = labelOf(delivery);
    const aheadMs = await this.behind(delivery, label);
    if (aheadMs !== undefined) return delivery.later(aheadMs);
    const seen = await turns.look(label);
    const heldMs = msUntil(seen?.freeAt);
    if (heldMs !== undefined) return delivery.later(heldMs);
    const job = queue.open(delivery.data, label);
    await rate.turn();
    const taken = await turns.take(label, Date.now() + job.operation.timeoutMs, { seen });
    if (taken.kind === 'wait') return delivery.later(msUntil(taken.until) ?? behindMs);
    if (taken.kind === 'ended') return this.parts.endings.tell(inQueue(delivery), job, taken);
    if (taken.kind === 'stale') return this.leave(delivery, job);
    if (taken.kind === 'gone') return this.parts.endings.tell(inQueue(delivery), job, { end: keyGone, attempts: 0 });
    const call = callOf(job, taken.turn.stored.value.deadline);
    const sender = this.parts.dispatcher.senderOf(call, this.parts.records.open(call, job.seed));
    return this.deal({ delivery, job, turn: taken.turn, call, sender }, hold);
  }

  private async deal(it: InHand, hold: SystemHold): Promise<void> {
    const { job, turn, sender } = it;
    if (turn.unrecorded) {
      // Whoever accepted it was killed before that was surely written down.
      try {
        await sender.begin(turn.sending);
      } catch (error) {
        return this.putBack(it, BusError.from(error), { untilMs: Date.now() + lookAgainMsMax / 60, counts: false });
      }
    }
    if (isTooOld(job)) return this.end(it, await this.tooOld(it), 'too-old');
    const sent = await this.send(it);
    const result = sent.failure?.code ?? 'ok';
    this.parts.metrics.counter('lgsp_job_sendings_total', { system: job.system, result }).inc();
    if (sent.state === 'done') {
      hold.passed();
      return this.end(it, sent);
    }
    return this.failed(it, sent, hold);
  }

  /** Each sending is a step of its own in the trace that began with the call. */
  private async send({ job, turn, call, sender }: InHand): Promise<Sent> {
    const { system, transactionId: transaction, client } = job;
    const { operation } = job.operation;
    const attempt = turn.stored.value.queue!.attempts;
    const facts = { system, operation, transaction, client: client.id, attempt };
    const span = startSpan(`send ${system}.${operation}`, 'client', call.headers[busHeaders.traceparent], facts);
    if (span) call.headers[busHeaders.traceparent] = span.traceparent;
    const sent = await sender.send(turn.sending);
    span?.end({ code: sent.failure?.code ?? 'ok' });
    return sent;
  }

  private failed(it: InHand, sent: Sent, hold: SystemHold): Promise<void> {
    const failure = sent.failure!;
    const uncertain = sent.state === 'unknown';
    if (holdsSystem(failure)) {
      const untilMs = hold.meet(failure);
      return this.putBack(it, failure, { untilMs, counts: false, uncertain });
    }
    if (hold.probing) hold.meet(failure);
    const { attempts } = it.turn.stored.value.queue!;
    if (attempts >= it.job.operation.attemptsMax) return this.end(it, sent, 'attempts-used-up');
    if (isTooOld(it.job)) return this.end(it, sent, 'too-old');
    const untilMs = Date.now() + backoffMs(this.parts.backoff, attempts, failure.retryAfterMs);
    return this.putBack(it, failure, { untilMs, counts: true, uncertain });
  }

  /** It stays in the queue. */
  private async putBack(
    { delivery, job, turn }: InHand,
    failure: BusError,
    { untilMs, counts, uncertain = turn.sending.uncertain }: { untilMs: number; counts: boolean; uncertain?: boolean },
  ): Promise<void> {
    const { queue, turns, log } = this.parts;
    await turns.putBack(turn, { notBefore: untilMs, counts, uncertain });
    const attempts = turn.stored.value.queue!.attempts - (counts ? 0 : 1);
    const now = Date.now();
    const before = (await queue.states.get(job.transactionId))?.value ?? queue.stateOf(job);
    await queue.states.put(job.transactionId, {
      ...before,
      turn: job.turn,
      state: attempts === 0 ? 'waiting' : 'retrying',
      attempts,
      firstAt: before.firstAt ?? now,
      lastAt: now,
      notBefore: untilMs,
      lastAnswer: lastAnswerOf(failure, job.operation.sensitivity),
    });
    log.info({ ...namesOf(job), code: failure.code, attempts, waitMs: untilMs - now }, 'a job is put back');
    delivery.later(untilMs - now);
  }

  /** First in the book, then under its key, then told: whoever is killed between is followed by one who goes on. */
  private async end({ delivery, job, turn, sender }: InHand, sent: Sent, reason?: QueueEnd['reason']): Promise<void> {
    const { turns, endings, log } = this.parts;
    const { state, code, failure, linkedDossier } = sent;
    await sender.end(turn.sending, sent);
    const outcome = state === 'unknown' ? ('unknown' as const) : outcomeOf(code);
    const end: QueueEnd = {
      outcome,
      final: state === 'done',
      code,
      upstreamCode: failure?.upstream?.code,
      linkedDossier,
      reason,
    };
    const { value } = turn.stored;
    await turns.end(turn, { state, end, answer: state === 'done' ? sent : undefined }, requestKeyOf(job, value.salt));
    const { attempts } = value.queue!;
    log.info({ ...namesOf(job), outcome, code, attempts, reason }, 'a job has ended');
    const lastAnswer = failure && lastAnswerOf(failure, job.operation.sensitivity);
    await endings.tell(inQueue(delivery), job, { end, attempts, lastAnswer });
  }

  /** What it last met, now for good. */
  private async tooOld({ job, turn }: InHand): Promise<Sent> {
    const last = (await this.parts.queue.states.get(job.transactionId))?.value.lastAnswer;
    const { uncertain } = turn.sending;
    const failure = new BusError(uncertain ? 'outcome-unknown' : (last?.code ?? 'deadline-exceeded'), {
      detail: tooOld,
    });
    const state = uncertain ? ('unknown' as const) : ('failed' as const);
    return { ...problemAnswer(failure, job.language, job.transactionId), state, failure };
  }

  /** How long it must wait for those before it in its lane; undefined when it is the first. */
  private async behind(delivery: Delivery, { dossier }: JobLabel): Promise<number | undefined> {
    if (dossier === undefined) return undefined;
    const { queue, turns } = this.parts;
    const first = await queue.messages.oldest(delivery.subject);
    if (!first || first.sequence >= delivery.sequence) return undefined;
    return msUntil((await turns.look(labelOf(first)))?.freeAt) ?? behindMs;
  }

  /**
   * It is of no use any more: whoever put it into the queue said that it was not accepted, or went on without it. A record that
   * says otherwise is followed by one that says so.
   */
  private async leave(delivery: Delivery, job: Job): Promise<void> {
    const { turns, records, log } = this.parts;
    const state = await turns.restingState(job);
    if (state !== undefined) {
      const failure = new BusError(state === 'unknown' ? 'outcome-unknown' : 'ledger-unavailable');
      const record = records.open(callOf(job, Date.now()), job.seed);
      const relayed = problemAnswer(failure, job.language, job.transactionId);
      await record.outcome(job.transactionId, relayed, { outcome: outcomeOf(failure.code), final: false });
    }
    log.info(namesOf(job), 'a job was overtaken');
    delivery.done();
  }
}

const tooOld = {
  en: 'it could not be sent in all the time that its operation gives it',
  vi: 'không gửi được trong toàn bộ thời gian cho phép của dịch vụ',
};
const keyGone: QueueEnd = { outcome: 'unknown', final: false, code: 'outcome-unknown', reason: 'key-gone' };

/** By which a line of the log is found again. */
const namesOf = ({ transactionId: transaction, headers, system }: Job) => ({
  transaction,
  trace: traceIdOf(headers[busHeaders.traceparent]!),
  system,
});
const inQueue = (delivery: Delivery) => ({ data: delivery.data, done: () => delivery.done() });
const isTooOld = ({ queuedAt, operation }: Job): boolean => Date.now() - queuedAt > operation.ageMaxMs;

/** Milliseconds from now; undefined when it is over. Bounded, since what makes it wait may end early. */
function msUntil(at: number | undefined): number | undefined {
  const ms = (at ?? 0) - Date.now();
  return ms > 0 ? Math.min(lookAgainMsMax, ms) : undefined;
}
