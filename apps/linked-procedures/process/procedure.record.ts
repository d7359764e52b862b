import type { ProcedureView, StepView } from '#lgsp/procedures';
import type { Language } from '#lgsp/errors';
import type { ProcedurePlan } from '../plan/step.plan';

/** A linked procedure as it lies on the bus: in the clear what may be looked at; what callers gave and what was found, sealed. */
export interface ProcedureRecord extends ProcedureView {
  environment: 'production' | 'sandbox';
  language: Language;
  /** Trace of the transaction by which it was begun. */
  trace?: string;
  /** Which of the steps is due. */
  at: number;
  /** Under which keys it was asked for; hashed. */
  keys: string[];
  /** By which the same input is known again: a salted hash. */
  salt: string;
  fingerprint: string;
  /** What the steps have found, sealed, base64. */
  found?: string;
  /** How often the step that is due has heard that the outside system is not done yet. */
  asked: number;
  /** A command is on its way until then at the longest; epoch milliseconds. */
  sendingUntil?: number;
  /** How often it has stopped or ended; and whether the last time is told by an event. */
  ends: number;
  untold: boolean;
}

export function firstSteps({ steps }: ProcedurePlan<never>): StepView[] {
  return steps.map(({ step, system, operation }) => ({
    step,
    system,
    operation,
    state: 'waiting',
    attempts: 0,
    round: 1,
  }));
}

/** Whether something is still to be done with it: by itself, or by an operator. */
export const isOpen = ({ state, untold }: ProcedureRecord): boolean =>
  untold || (state !== 'completed' && state !== 'given-up');

/** Whether it goes on by itself. */
export const goesOn = ({ state, untold }: ProcedureRecord): boolean =>
  untold || state === 'under-way' || state === 'giving-up';

export function viewOf(record: ProcedureRecord): ProcedureView {
  const { id, procedure, client, dossier, linkedDossier, state, steps, acceptedAt, changedAt, endedAt } = record;
  const { notBefore, gaveUpBecause } = record;
  const view = { id, procedure, client, dossier, linkedDossier, state, steps, acceptedAt, changedAt, endedAt };
  return { ...view, notBefore: goesOn(record) ? notBefore : undefined, gaveUpBecause };
}
