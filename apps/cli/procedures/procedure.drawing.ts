import type { ProcedureView } from '#lgsp/procedures';
import { moment } from '../jobs/job.drawing';
import { drawColumns } from '../table';

const listHead = ['id', 'procedure', 'client', 'dossier', 'other dossier', 'state', 'at', 'accepted', 'changed'];

export function drawProcedures(procedures: readonly ProcedureView[]): string {
  if (procedures.length === 0) return 'there are no linked procedures';
  const lines = procedures.map((one) => [
    one.id,
    one.procedure,
    one.client,
    one.dossier,
    one.linkedDossier ?? '',
    one.state,
    stepOf(one),
    moment(one.acceptedAt),
    moment(one.changedAt),
  ]);
  return drawColumns([listHead, ...lines]);
}

const stepHead = ['step', 'state', 'attempts', 'began', 'ended', 'it says', 'last met', 'transaction'];

/** One, a line for each step. */
export function drawProcedure(view: ProcedureView): string {
  const { id, procedure, client, dossier, linkedDossier, state, notBefore, gaveUpBecause } = view;
  const facts = { id, procedure, client, dossier, 'other dossier': linkedDossier, state };
  const more = { 'not before': notBefore && moment(notBefore), 'given up': gaveUpBecause };
  const head = Object.entries({ ...facts, ...more })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name.padEnd(14)} ${String(value)}`);
  const lines = view.steps.map((step) => [
    step.step,
    step.uncertain ? `${step.state}, uncertain` : step.state,
    String(step.attempts),
    moment(step.startedAt),
    moment(step.endedAt),
    step.upstreamState ?? '',
    [step.code, step.upstreamCode, step.reason].filter(Boolean).join(' '),
    step.transactionId ?? '',
  ]);
  return [...head, '', drawColumns([stepHead, ...lines], [2])].join('\n');
}

/** The first that is not done. */
const stepOf = ({ steps }: ProcedureView): string =>
  steps.find(({ state }) => state !== 'done' && state !== 'undone')?.step ?? '';
