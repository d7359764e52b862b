import type { BusError } from '#lgsp/errors';
import { backoffMs, type BackoffTimes } from '#lgsp/dispatch';
import type { StepView, StopReason } from '#lgsp/procedures';
import type { ProcedurePlan } from '../plan/step.plan';
import type { ProcedureRecord } from './procedure.record';

/** What came of doing a step. */
export type StepResult =
  | { kind: 'done'; state?: string; found?: string; linkedDossier?: string }
  /** The outside system is not done yet. */
  | { kind: 'pending'; state: string }
  /** For good, without effect. */
  | { kind: 'refused'; state?: string; error?: BusError }
  | { kind: 'failed'; error: BusError; uncertain: boolean }
  /** The system is not there, or asks for a pause: that is no attempt. */
  | { kind: 'held'; error: BusError; uncertain: boolean; untilMs: number };

export interface MoveRules {
  retry: BackoffTimes;
  ask: BackoffTimes;
  attemptsMax: number;
  stepAgeMaxMs: number;
}

/** The record before a step is done: durable before anything is sent, so that whoever goes on knows that it may have been. */
export function begun(record: ProcedureRecord, transactionId: string, sendingUntil: number | undefined, now: number) {
  return withStep({ ...record, sendingUntil, changedAt: now }, (step) => ({
    ...step,
    state: 'under-way',
    transactionId: step.transactionId ?? transactionId,
    attempts: step.attempts + 1,
    startedAt: step.startedAt ?? now,
  }));
}

/** The record after a step was done. */
export function moved(
  record: ProcedureRecord,
  plan: ProcedurePlan<never>,
  result: StepResult,
  rules: MoveRules,
  now: number,
): ProcedureRecord {
  const base = { ...record, sendingUntil: undefined, changedAt: now };
  const isCommand = plan.steps[record.at]!.kind === 'command';
  switch (result.kind) {
    case 'done':
      return afterDone(base, plan, result, now);
    case 'pending': {
      const asked = base.asked + 1;
      const waiting = withStep({ ...base, asked }, (step) => ({ ...cleared(step), upstreamState: result.state }));
      return isTooOld(waiting, rules, now)
        ? stopped(waiting, now, 'too-old')
        : { ...waiting, notBefore: now + backoffMs(rules.ask, asked) };
    }
    case 'refused':
      return stopped(
        withStep(base, (step) => ({ ...met(step, result.error, false), upstreamState: result.state })),
        now,
      );
    case 'held': {
      const held = withStep(base, (step) => ({
        ...met(step, result.error, result.uncertain),
        attempts: step.attempts - (result.uncertain ? 0 : 1),
      }));
      return isTooOld(held, rules, now) ? stopped(held, now, 'too-old') : { ...held, notBefore: result.untilMs };
    }
    case 'failed': {
      const failed = withStep(base, (step) => met(step, result.error, result.uncertain));
      const { attempts } = current(failed);
      if (isCommand && attempts >= rules.attemptsMax) return stopped(failed, now, 'attempts-used-up');
      if (isTooOld(failed, rules, now)) return stopped(failed, now, 'too-old');
      return { ...failed, notBefore: now + backoffMs(rules.retry, attempts, result.error.retryAfterMs) };
    }
  }
}

/** Goes on at the step that failed; what was refused, and whatever it rests on, is another command. */
export function resumed(record: ProcedureRecord, plan: ProcedurePlan<never>, now: number): ProcedureRecord {
  const failed = current(record);
  const failedPlan = plan.steps[record.at]!;
  // Nobody refused it: it is the same command, and it is asked about first.
  const goesOnWithIt = failed.uncertain === true || (failedPlan.kind === 'question' && failed.reason !== undefined);
  const about = failedPlan.kind === 'question' ? failedPlan.about : failedPlan.step;
  const from = goesOnWithIt ? record.at : plan.steps.findIndex(({ step }) => step === about);
  const steps = record.steps.map((step, nth) => {
    if (nth < from) return step;
    const { system, operation, round } = step;
    if (goesOnWithIt && nth === from)
      return {
        ...cleared(step),
        state: 'under-way' as const,
        attempts: 0,
        startedAt: now,
        endedAt: undefined,
        uncertain: step.uncertain,
      };
    const again = nth <= record.at ? round + 1 : round;
    return { step: step.step, system, operation, state: 'waiting' as const, attempts: 0, round: again };
  });
  return {
    ...record,
    state: 'under-way',
    steps,
    at: from,
    asked: 0,
    notBefore: undefined,
    endedAt: undefined,
    changedAt: now,
  };
}

/** Nobody tries any more; what can be undone is undone first, the last step first. */
export function givenUp(
  record: ProcedureRecord,
  plan: ProcedurePlan<never>,
  reason: string,
  now: number,
): ProcedureRecord {
  const told = { ...record, gaveUpBecause: reason, changedAt: now, notBefore: undefined, asked: 0 };
  return nextUndo(told, plan, now);
}

/** After an undoing ended: the next one, or the end. @param undone whether it was taken back */
export function afterUndo(
  record: ProcedureRecord,
  plan: ProcedurePlan<never>,
  undone: { done: true } | { done: false; error: BusError },
  now: number,
): ProcedureRecord {
  const steps = record.steps.map((step, nth) => {
    if (nth !== record.at) return step;
    return undone.done
      ? { ...cleared(step), state: 'undone' as const }
      : { ...met(step, undone.error, false), state: 'failed' as const };
  });
  return nextUndo({ ...record, steps, sendingUntil: undefined, changedAt: now }, plan, now);
}

function nextUndo(record: ProcedureRecord, plan: ProcedurePlan<never>, now: number): ProcedureRecord {
  const at = plan.steps.findLastIndex(
    (step, nth) => step.kind === 'command' && step.undo !== undefined && record.steps[nth]!.state === 'done',
  );
  return at < 0 ? ended(record, 'given-up', now) : { ...record, state: 'giving-up', at };
}

function afterDone(
  record: ProcedureRecord,
  plan: ProcedurePlan<never>,
  { state, found, linkedDossier }: Extract<StepResult, { kind: 'done' }>,
  now: number,
): ProcedureRecord {
  const done = withStep(record, (step) => ({
    ...cleared(step),
    state: 'done',
    endedAt: now,
    upstreamState: state ?? step.upstreamState,
  }));
  const next = {
    ...done,
    at: done.at + 1,
    asked: 0,
    notBefore: undefined,
    found: found ?? done.found,
    linkedDossier: linkedDossier ?? done.linkedDossier,
  };
  return next.at < plan.steps.length ? next : ended({ ...next, at: done.at }, 'completed', now);
}

function stopped(record: ProcedureRecord, now: number, reason?: StopReason): ProcedureRecord {
  const failed = withStep(record, (step) => ({ ...step, state: 'failed', endedAt: now, reason }));
  return ended(failed, 'failed', now);
}

function ended(record: ProcedureRecord, state: ProcedureRecord['state'], now: number): ProcedureRecord {
  return { ...record, state, endedAt: now, notBefore: undefined, ends: record.ends + 1, untold: true };
}

export const current = ({ steps, at }: ProcedureRecord): StepView => steps[at]!;

/** What was met before is over. */
const cleared = ({ code: _code, upstreamCode: _upstream, uncertain: _uncertain, reason: _reason, ...step }: StepView) =>
  step satisfies StepView as StepView;

const met = (step: StepView, error: BusError | undefined, uncertain: boolean): StepView => ({
  ...cleared(step),
  code: error?.code,
  upstreamCode: error?.upstream?.code,
  uncertain: uncertain || undefined,
});

function withStep(record: ProcedureRecord, change: (step: StepView) => StepView): ProcedureRecord {
  return { ...record, steps: record.steps.map((step, nth) => (nth === record.at ? change(step) : step)) };
}

const isTooOld = (record: ProcedureRecord, { stepAgeMaxMs }: MoveRules, now: number): boolean =>
  now - (current(record).startedAt ?? now) > stepAgeMaxMs;
