import type { ErrorCode } from '#lgsp/errors';

/**
 * `under-way`: goes on by itself · `failed`: stopped at a step, until an operator resumes it or gives it up · `completed` ·
 * `giving-up`: what can be undone is being undone · `given-up`: nobody tries any more.
 */
export const procedureStates = ['under-way', 'failed', 'completed', 'giving-up', 'given-up'] as const;
export type ProcedureState = (typeof procedureStates)[number];

/** `undone`: it took effect, and that was taken back. */
export const stepStates = ['waiting', 'under-way', 'done', 'failed', 'undone'] as const;
export type StepState = (typeof stepStates)[number];

/** Why a step stopped when it was not an outside system that said so. */
export type StopReason = 'attempts-used-up' | 'too-old';

/** One step, as it may be looked at: ids, codes and times (epoch milliseconds), nothing of a person. */
export interface StepView {
  /** `register-birth`. */
  step: string;
  system: string;
  operation: string;
  state: StepState;
  /** The transaction that it is; of a step that only asks, the answer that decided it. */
  transactionId?: string;
  /** How often it was sent, or asked without an answer, in this round. */
  attempts: number;
  /** Grows when a step is done anew after it was refused: then it is another command, under another key. */
  round: number;
  startedAt?: number;
  endedAt?: number;
  /** What the outside system last said of its own work, in the words of the bus. */
  upstreamState?: string;
  /** What was last met, when it did not succeed. */
  code?: ErrorCode;
  upstreamCode?: string;
  /** It may have taken effect. */
  uncertain?: boolean;
  reason?: StopReason;
}

export interface ProcedureView {
  /** That of the transaction by which it was begun. */
  id: string;
  procedure: string;
  client: string;
  dossier: string;
  linkedDossier?: string;
  state: ProcedureState;
  steps: StepView[];
  acceptedAt: number;
  changedAt: number;
  endedAt?: number;
  /** It is not looked at again before. */
  notBefore?: number;
  /** What the operator said who gave it up. */
  gaveUpBecause?: string;
}
