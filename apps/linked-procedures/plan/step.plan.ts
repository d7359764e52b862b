/** What steps have learned for those after them. */
export type Findings = Readonly<Record<string, string>>;
export type Json = Readonly<Record<string, unknown>>;

/** What is known when a step is done: what the caller gave, what was found out, and of which dossier it is. */
export interface Known<I> {
  given: I;
  found: Findings;
  dossier: string;
}

/** What an answer says of a step. @param state the outside system's own, in the words of the bus */
export type StepReading =
  | { kind: 'done'; found?: Findings; state?: string }
  | { kind: 'pending'; state: string }
  | { kind: 'refused'; state: string };

/** One call of the bus's own operations. */
export interface PlannedCall {
  system: string;
  /** Kebab-case, without the system; of major version 1. */
  operation: string;
}

/** Takes effect at an outside system: sent under a key of its own. */
export interface CommandPlan<I> extends PlannedCall {
  kind: 'command';
  step: string;
  input(known: Known<I>): object;
  read(answer: Json): StepReading;
  /** What takes the effect back, where the outside system offers it. */
  undo?: PlannedCall & { input(found: Findings, reason: string): object };
}

/** Asks again and again until the outside system is done. */
export interface QuestionPlan<I> extends PlannedCall {
  kind: 'question';
  step: string;
  input(known: Known<I>): object;
  read(answer: Json): StepReading;
  /** The step whose work it asks about: done anew when it was refused. */
  about: string;
}

export type StepPlan<I> = CommandPlan<I> | QuestionPlan<I>;

/** The steps of a linked procedure, in their order. */
export interface ProcedurePlan<I = Json> {
  procedure: string;
  steps: readonly StepPlan<I>[];
}

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Only what is there. */
export function findings(pairs: Record<string, unknown>): Findings {
  return Object.fromEntries(
    Object.entries(pairs).flatMap(([name, value]) => (textOf(value) === undefined ? [] : [[name, String(value)]])),
  );
}
