import { errorTable, isErrorCode, outcomes } from '#lgsp/errors';
import { drawColumns } from '../table';
import type { SceneResult } from './demo.run';

/** The ways a call can end, in the order of the table; `refused` at the door, `unanswered` when not even that came. */
const ends = [...outcomes, 'refused', 'unanswered'] as const;
type End = (typeof ends)[number];

/** What the day came to for one system or operation. */
export interface DemoRow {
  /** `payment`, `payment.create-payment`, or `all`. */
  name: string;
  calls: number;
  outcomes: Partial<Record<End, number>>;
  p50Ms: number;
  p95Ms: number;
}

/** Sums the results up: each system, its operations below it, and all together at the end. */
export function sumUp(results: readonly SceneResult[]): DemoRow[] {
  const groups = new Map<string, SceneResult[]>();
  for (const result of results) {
    for (const name of [result.operation.split('.')[0]!, result.operation]) {
      const group = groups.get(name);
      if (group) group.push(result);
      else groups.set(name, [result]);
    }
  }
  const rows = [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, group]) => rowOf(name, group));
  return [...rows, rowOf('all', results)];
}

function rowOf(name: string, results: readonly SceneResult[]): DemoRow {
  const times = results.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const counts: DemoRow['outcomes'] = {};
  for (const { code } of results) counts[endOf(code)] = (counts[endOf(code)] ?? 0) + 1;
  return { name, calls: results.length, outcomes: counts, p50Ms: at(times, 0.5), p95Ms: at(times, 0.95) };
}

function endOf(code: string): End {
  if (code === 'ok') return 'succeeded';
  if (!isErrorCode(code)) return 'unanswered';
  const { outcome } = errorTable[code];
  return outcome === 'door' ? 'refused' : outcome;
}

/** The table for people: only the ends that occurred. */
export function drawTable(rows: readonly DemoRow[]): string {
  const shown = ends.filter((end) => rows.some(({ outcomes }) => outcomes[end]));
  const head = ['', 'calls', ...shown, 'p50 ms', 'p95 ms'];
  const lines = rows.map(({ name, calls, outcomes, p50Ms, p95Ms }) => {
    const label = name.includes('.') ? `  ${name.split('.')[1]}` : name;
    const counts = shown.map((end) => String(outcomes[end] ?? ''));
    return [label, String(calls), ...counts, p50Ms.toFixed(1), p95Ms.toFixed(1)];
  });
  const numeric = head.map((_, column) => column).slice(1);
  return drawColumns([head, ...lines], numeric);
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
