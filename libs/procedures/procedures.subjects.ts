import type { ProcedureState, ProcedureView } from './procedure.view';

/** What whoever runs linked procedures answers to operators. None of these subjects has the form of an operation. */
export const procedureSubjects = {
  /** `ProcedureSearch` → `ProcedurePage`: the oldest first */
  list: 'lgsp.procedures.list',
  /** `{which}` → `ProcedureView[]`: the one of this id, or those of this dossier code, of either kind */
  show: 'lgsp.procedures.show',
  /** `{id, who}`, also with `input` or `set` → `ProcedureView`: goes on at the failed step. `wrong-state` */
  resume: 'lgsp.procedures.resume',
  /** `{id, who, reason}` → `ProcedureView`: undoes what can be undone, and nobody tries any more. `wrong-state` */
  giveUp: 'lgsp.procedures.give-up',
} as const;

export interface ProcedureSearch {
  state?: ProcedureState;
  client?: string;
  limit: number;
}

export interface ProcedurePage {
  procedures: ProcedureView[];
  /** How many fit in all. */
  total: number;
}
