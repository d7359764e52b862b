import type { Reconciliation } from '../../apps/cli/reconcile/reconcile';
import { drawColumns } from '../../apps/cli/table';
import type { TransactionView } from '#lgsp/records';
import type { Told } from './callers';

/** What a scene has come to. */
export interface Ending {
  kind: string;
  rounds: number;
  told: readonly Told[];
  transactions: ReadonlyMap<string, TransactionView>;
  /** What the sandbox counted. */
  effects: number;
  law: Reconciliation;
}

/** The end of a scene as a table: what the callers, the sandbox and the book say of it. */
export function closingTable({ kind, rounds, told, transactions, effects, law }: Ending): string {
  const all = [...transactions.values()];
  const outcomes = [...new Set(all.map(({ outcome }) => outcome))].toSorted();
  const answered = told.filter(({ id, outcome }) => id !== undefined && outcome !== undefined);
  const { figures, all: whole } = law;
  const lines: [string, number][] = [
    ['rounds', rounds],
    ['calls that were made', told.length],
    ['calls that were answered as a transaction', answered.length],
    ['transactions in the book', all.length],
    ...outcomes.map((name): [string, number] => [`  ${name}`, all.filter(({ outcome }) => outcome === name).length]),
    ['effects of commands in the sandbox', effects],
    ['  commands that succeeded', all.filter((one) => one.kind === 'command' && one.outcome === 'succeeded').length],
    ['transactions in the stream', figures.stream],
    ['  signed and proven', figures.signed],
    ['  rows', figures.rows],
    ['  counted by hours', figures.hours],
    ['  counted by days', figures.days],
    ['  counted by months', figures.months],
    ['  exported as metrics', whole.metrics.final + whole.metrics.open],
    ['differences', law.differenceCount],
  ];
  const cells = lines.map(([name, value]) => [name, value.toLocaleString('en')]);
  return ['', drawColumns([[`ledger on ${kind}`, 'count'], ...cells], [1])].join('\n');
}
