import { idle, type Lease, type Stored } from '#lgsp/bus';
import { backoffMs } from '#lgsp/dispatch';
import { BusError, type ErrorCode } from '#lgsp/errors';
import type { EventLog } from '#lgsp/events';
import { newTransactionId } from '#lgsp/records';
import type { Logger, Metrics } from '#lgsp/telemetry';
import type { ProcedurePlan } from '../plan/step.plan';
import { endEventOf } from './procedure.event';
import type { DoneStep, StepWork } from './step.work';
import { afterUndo, begun, current, moved, type MoveRules } from './procedure.moves';
import { goesOn, isOpen, type ProcedureRecord } from './procedure.record';
import { placeOfDossier, type ProcedureStore } from './procedure.store';

export interface RunnerParts {
  store: ProcedureStore;
  work: StepWork;
  plan: ProcedurePlan<never>;
  rules: MoveRules;
  lease: Lease;
  events: EventLog;
  stepsMax: number;
  log: Logger;
  metrics: Metrics;
}

interface Kept extends DoneStep {
  before: ProcedureRecord;
  after: ProcedureRecord;
  /** Revision of the record before. */
  begunAt: number;
}

const everyMs = 100;
const afterTroubleMs = 1_000;

/**
 * Takes linked procedures on, one step after the other. One process at a time does it, by a lease; what counts is the record of
 * each procedure, written with compare-and-set before and after every step, so that whoever goes on after a crash knows where.
 */
export class ProcedureRunner {
  /** Procedures that are open, by place: all that a process must remember of them. */
  private readonly open = new Map<string, ProcedureRecord>();
  private readonly inHand = new Map<string, Promise<void>>();
  /** Systems that hold their steps, until when. */
  private readonly holds = new Map<string, number>();
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly parts: RunnerParts) {}

  get openCount(): number {
    return this.open.size;
  }

  /** Whether this process is the one that goes on with them. */
  get isMine(): boolean {
    return this.parts.lease.held;
  }

  list(): ProcedureRecord[] {
    return [...this.open.values()];
  }

  async start(): Promise<void> {
    await this.parts.store.watch((place, record) => {
      if (record && isOpen(record)) this.open.set(place, record);
      else this.open.delete(place);
    });
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await Promise.all(this.inHand.values());
    if (this.isMine) await this.parts.lease.release();
  }

  private async run(): Promise<void> {
    const { lease, log } = this.parts;
    while (!this.stopping.signal.aborted) {
      let waitMs = everyMs;
      try {
        if (await lease.take()) this.takeDue(Date.now());
      } catch (error) {
        log.debug({ code: BusError.from(error).code }, 'procedures cannot be looked at now');
        waitMs = afterTroubleMs;
      }
      await idle(waitMs, this.stopping.signal);
    }
  }

  private takeDue(now: number): void {
    for (const [place, record] of this.open) {
      if (this.inHand.size >= this.parts.stepsMax) return;
      if (this.inHand.has(place) || !goesOn(record) || (record.notBefore ?? 0) > now) continue;
      if (!record.untold && (this.holds.get(current(record).system) ?? 0) > now) continue;
      const work = this.advance(place).finally(() => this.inHand.delete(place));
      this.inHand.set(place, work);
    }
  }

  private async advance(place: string): Promise<void> {
    try {
      const stored = await this.parts.store.get(place);
      if (!stored || !goesOn(stored.value) || (stored.value.notBefore ?? 0) > Date.now()) return;
      if (stored.value.untold) await this.tell(stored);
      else if (stored.value.state === 'giving-up') await this.undo(stored);
      else await this.doStep(stored);
    } catch (thrown) {
      const error = BusError.from(thrown);
      const level = error.code === 'internal' ? 'error' : 'warn';
      const { id: procedure, trace } = this.open.get(place) ?? {};
      this.parts.log[level]({ err: error, procedure, trace }, 'a procedure could not go on');
      await idle(afterTroubleMs, this.stopping.signal);
    }
  }

  private async doStep({ value, revision }: Stored<ProcedureRecord>): Promise<void> {
    const { store, work, plan, rules } = this.parts;
    const now = Date.now();
    const step = plan.steps[value.at]!;
    const sendingUntil = step.kind === 'command' ? now + work.callMs : undefined;
    const before = begun(value, newTransactionId(now), sendingUntil, now);
    const begunAt = await store.update(before, revision);
    if (begunAt === undefined) return; // Somebody else was faster.
    const done = await work.do(before);
    this.note(done, current(before).system);
    const after = moved(before, plan, done.result, rules, Date.now());
    await this.keep({ ...done, before, after, begunAt });
  }

  private async undo({ value, revision }: Stored<ProcedureRecord>): Promise<void> {
    const { store, work, plan, rules } = this.parts;
    const before = { ...value, asked: value.asked + 1, sendingUntil: Date.now() + work.callMs };
    const begunAt = await store.update(before, revision);
    if (begunAt === undefined) return; // Somebody else was faster.
    const done = await work.undo(before);
    this.note(done, current(before).system);
    const { result } = done;
    const now = Date.now();
    if (result.kind === 'done')
      return this.keep({ result, before, after: afterUndo(before, plan, { done: true }, now), begunAt });
    const isOver = result.kind === 'refused' || before.asked >= rules.attemptsMax;
    if (isOver && 'error' in result && result.error) {
      const after = afterUndo(before, plan, { done: false, error: result.error }, now);
      return this.keep({ result, before, after, begunAt });
    }
    const notBefore = result.kind === 'held' ? result.untilMs : now + backoffMs(rules.retry, before.asked);
    await this.keep({ result, before, after: { ...before, notBefore, sendingUntil: undefined }, begunAt });
  }

  private async keep({ before, after, begunAt, result }: Kept): Promise<void> {
    const { store, log } = this.parts;
    if (after.linkedDossier !== before.linkedDossier)
      await store.name(after, placeOfDossier(after.client, after.dossier));
    const kept = await store.update(after, begunAt);
    const { id: procedure, trace, state } = after;
    const { step } = current(after);
    const line = { procedure, trace, state, step };
    if (kept === undefined) log.warn(line, 'a procedure was changed while a step was done');
    else log.info({ ...line, result: result.kind, code: codeOf(result) }, 'a step was done');
  }

  /** First the event, then that it is told: told again it is the same event. */
  private async tell({ value, revision }: Stored<ProcedureRecord>): Promise<void> {
    const { store, events } = this.parts;
    await events.append(endEventOf(value));
    if (value.state === 'completed' || value.state === 'given-up') await store.dropInput(value.id);
    await store.update({ ...value, untold: false }, revision);
  }

  private note({ result }: DoneStep, system: string): void {
    if (result.kind === 'held') this.holds.set(system, result.untilMs);
    else this.holds.delete(system);
    const { metrics } = this.parts;
    metrics.counter('lgsp_procedure_steps_total', { system, result: result.kind }).inc();
  }
}

const codeOf = (result: DoneStep['result']): ErrorCode | undefined =>
  'error' in result ? result.error?.code : undefined;
