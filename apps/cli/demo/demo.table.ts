import { drawColumns } from '../table';
import type { SceneResult } from './demo.run';

/** What the day came to for one operation. */
export interface DemoRow {
  operation: string;
  calls: number;
  ok: number;
  /** Calls by code, those that did not succeed. */
  codes: Record<string, number>;
  p50Ms: number;
  p95Ms: number;
}

/** Sums the results up: a row per operation, in alphabetical order. */
export function sumUp(results: readonly SceneResult[]): DemoRow[] {
  const byOperation = new Map<string, SceneResult[]>();
  for (const result of results) {
    const list = byOperation.get(result.operation);
    if (list) list.push(result);
    else byOperation.set(result.operation, [result]);
  }
  return [...byOperation]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([operation, list]) => {
      const times = list.map(({ ms }) => ms).toSorted((a, b) => a - b);
      const codes: Record<string, number> = {};
      for (const { code } of list) if (code !== 'ok') codes[code] = (codes[code] ?? 0) + 1;
      return {
        operation,
        calls: list.length,
        ok: list.filter(({ code }) => code === 'ok').length,
        codes,
        p50Ms: at(times, 0.5),
        p95Ms: at(times, 0.95),
      };
    });
}

/** The table for people. */
export function drawTable(rows: readonly DemoRow[]): string {
  const head = ['operation', 'calls', 'ok', 'p50 ms', 'p95 ms', 'other answers'];
  const lines = rows.map(({ operation, calls, ok, codes, p50Ms, p95Ms }) => {
    const others = Object.entries(codes).map(([code, count]) => `${code} ${count}`);
    return [operation, String(calls), String(ok), p50Ms.toFixed(1), p95Ms.toFixed(1), others.join(', ')];
  });
  return drawColumns([head, ...lines], [1, 2, 3, 4]);
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
