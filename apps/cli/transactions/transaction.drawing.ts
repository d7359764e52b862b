import type { TransactionView } from '#lgsp/records';
import { drawColumns } from '../table';

/** `2026-11-24T09:30:00.120+07:00` as it is read in a table; the time is always Vietnam's. */
const shortTime = (time: string): string => time.slice(0, 19).replace('T', ' ');

/** An outcome that does not stand for ever is marked. */
const standing = ({ outcome, final }: TransactionView): string => (final ? outcome : `${outcome} (open)`);

/** Transactions as a table, in the order in which they were given. */
export function drawTransactions(transactions: readonly TransactionView[]): string {
  const lines = transactions.map((one) => {
    const { id, receivedAt, client, system, operation, dossier = '', code = '', durationMs } = one;
    const duration = durationMs === undefined ? '' : `${durationMs} ms`;
    return [shortTime(receivedAt), id, client, `${system}.${operation}`, dossier, standing(one), code, duration];
  });
  const head = ['received', 'transaction', 'client', 'operation', 'dossier', 'outcome', 'code', 'took'];
  return drawColumns([head, ...lines], [head.length - 1]);
}

/** One transaction, with all that is known of it. */
export function drawTransaction(transaction: TransactionView): string {
  const { outcome: _outcome, final: _final, ...rest } = transaction;
  const facts = Object.entries({ ...rest, outcome: standing(transaction) }).filter(([, value]) => value !== undefined);
  const width = Math.max(...facts.map(([name]) => name.length));
  return facts.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}
