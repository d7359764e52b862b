import type { DurableLog } from '#lgsp/bus';
import { BusError, type Outcome, type Text } from '#lgsp/errors';
import { problemAnswer, commandCallOf, type CallRecords, type Commands, type CommandTurns } from '#lgsp/dispatch';
import type { EventLog } from '#lgsp/events';
import { callOf, changedInput, jobId, requestKeyOf, type InputChange, type JobQueue, type JobState } from '#lgsp/jobs';
import { newTransactionId, randomSalt, type QueueEnd } from '#lgsp/records';
import { busHeaders } from '#lgsp/bus';
import { RateGate } from '../drain/rate.gate';
import { auditJob } from '../jobs/job.audit';
import { endEventOf } from '../send/job.endings';
import type { DeadDesk, OpenedLetter } from './dead.desk';

export interface DeadParts {
  desk: DeadDesk;
  queue: JobQueue;
  turns: CommandTurns;
  commands: Commands;
  records: CallRecords;
  events: EventLog;
  audit: DurableLog;
  /** Most that are put back for one system. */
  replaysPerSecond: number;
}

/** How long a command may be in hand while it is put back, in milliseconds. */
const inHandMs = 5_000;

/**
 * What an operator does about a dead letter: sends it again as it is under its own key, sends it with an input that was put right
 * as a transaction of its own in its place, or gives it up. Each is in the audit before it is done. Whatever is put back passes
 * the same gate as any other job, so no number of replays sends more than the system's rate.
 */
export class DeadReplays {
  private readonly gates = new Map<string, RateGate>();

  constructor(private readonly parts: DeadParts) {}

  /** @throws BusError `wrong-state` when its outcome is final, or its caller sent it again; `rate-limited` */
  async replay(id: string, who: string): Promise<JobState> {
    const { desk, queue, turns, records, audit } = this.parts;
    const letter = await desk.open(id);
    const { state, job } = letter;
    if (state.final) throw new BusError('wrong-state', { detail: isFinal });
    this.pass(state.system);
    await auditJob(audit, id, who, 'replay');
    const call = callOf(job, Date.now() + inHandMs);
    const record = records.open(call, job.seed);
    try {
      await turns.requeue(state, call.deadline, {
        put: (turn) => queue.put({ ...job, ...turn, queuedAt: Date.now() }),
        accept: ({ transactionId }) => record.intent(transactionId),
        unkept: (_id, cause) => problemAnswer(BusError.from(cause), job.language, id),
      });
    } catch (error) {
      if (BusError.from(error).code === 'wrong-state') await desk.close(letter, { state: 'ended' });
      throw error;
    }
    return desk.close(letter);
  }

  /**
   * Sends another input in its place: a new transaction with a key of its own, and the old one is given up first, so that never
   * both take effect. @throws BusError `wrong-state` when the old one may have taken effect
   */
  async fix(id: string, who: string, change: InputChange): Promise<JobState> {
    const { desk, queue, commands, records, audit } = this.parts;
    const letter = await desk.open(id);
    const { state, job } = letter;
    if (state.outcome === 'unknown') throw new BusError('wrong-state', { detail: mayHaveActed });
    const body = changedInput(job.body, change);
    this.pass(state.system);
    await auditJob(audit, id, who, 'fix');
    if (!state.final) await this.finish(letter, 'failed');
    const headers = { ...job.headers, [busHeaders.idempotencyKey]: `lgsp-fix.${id}` };
    const now = Date.now();
    const seed = { salt: randomSalt().toString('base64url'), officer: job.seed.officer };
    const fresh = { ...job, headers, body, seed, receivedAt: now, queuedAt: now, replaces: id };
    const call = callOf(fresh, now + inHandMs);
    const record = records.open(call, seed);
    const ended = await commands.enqueue(commandCallOf(call), newTransactionId(), {
      put: (turn) => queue.put({ ...fresh, ...turn }),
      accept: ({ transactionId }) => record.intent(transactionId),
      unkept: (transactionId, cause) => problemAnswer(BusError.from(cause), job.language, transactionId),
    });
    await desk.close(letter, { state: 'ended', final: true, reason: 'given-up' });
    return (await queue.states.get(ended.transactionId))!.value;
  }

  /**
   * Nobody tries any more. @param outcome what the operator has found out, where nobody could know
   * @throws BusError `wrong-state` when nobody knows and the operator does not say
   */
  async giveUp(id: string, who: string, reason: string, outcome?: 'failed' | 'succeeded'): Promise<JobState> {
    const { desk, audit } = this.parts;
    const letter = await desk.open(id);
    const { state } = letter;
    if (state.outcome === 'unknown' && outcome === undefined) throw new BusError('wrong-state', { detail: sayWhat });
    await auditJob(audit, id, who, 'give-up', reason);
    if (!state.final) await this.finish(letter, outcome ?? 'failed');
    return desk.close(letter, {
      state: 'ended',
      final: true,
      reason: 'given-up',
      outcome: state.final ? state.outcome : (outcome ?? 'failed'),
    });
  }

  /** Under its key first: should the book not take it, the ledger finds the answer there. */
  private async finish({ state, job }: OpenedLetter, outcome: Outcome & ('failed' | 'succeeded')): Promise<void> {
    const { turns, records, events } = this.parts;
    const code = outcome === 'failed' ? (state.lastAnswer?.code ?? 'outcome-unknown') : undefined;
    const failure = code && new BusError(code === 'outcome-unknown' ? 'upstream-fault' : code, { detail: givenUp });
    const end: QueueEnd = { outcome, final: true, code: failure?.code, reason: 'given-up' };
    const answer = failure && problemAnswer(failure, job.language, job.transactionId);
    await turns.giveUp(state, { state: 'done', end, answer }, (salt) => requestKeyOf(job, salt));
    const record = records.open(callOf(job, Date.now() + inHandMs), job.seed);
    await record.outcome(job.transactionId, answer ?? nothing, end);
    await events.append(endEventOf(job, end, state.attempts, `${jobId(job)}.given-up`));
  }

  private pass(system: string): void {
    let gate = this.gates.get(system);
    if (!gate) this.gates.set(system, (gate = new RateGate(this.parts.replaysPerSecond)));
    const retryAfterMs = Math.ceil(gate.tryTurn());
    if (retryAfterMs > 0) throw new BusError('rate-limited', { retryAfterMs, detail: oneByOne });
  }
}

const nothing = { status: 200, body: new Uint8Array() };
const isFinal: Text = {
  en: 'its outcome is final: it can be sent with another input, or given up',
  vi: 'kết quả đã chốt: chỉ có thể gửi lại với dữ liệu đã sửa hoặc bỏ',
};
const mayHaveActed: Text = {
  en: 'it may have taken effect: replay it, which asks first',
  vi: 'lệnh có thể đã có hiệu lực: hãy phát lại để hỏi hệ thống nguồn trước',
};
const sayWhat: Text = {
  en: 'nobody knows whether it took effect: find out and say so, as failed or succeeded',
  vi: 'chưa rõ lệnh có hiệu lực hay chưa: hãy xác minh và nêu rõ failed hoặc succeeded',
};
const givenUp: Text = { en: 'given up by an operator', vi: 'người vận hành đã bỏ lệnh này' };
const oneByOne: Text = {
  en: 'dead letters are put back at a limited rate',
  vi: 'lệnh thất bại chỉ được phát lại với tốc độ giới hạn',
};
