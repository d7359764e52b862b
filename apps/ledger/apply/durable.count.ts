import type { Counter, Metrics } from '#lgsp/telemetry';
import type { Outcome } from '#lgsp/errors';
import type { Sql } from '../store/database';
import type { KindDelta } from './rollup.deltas';

type FinalKey = Pick<KindDelta, 'system' | 'operation' | 'client' | 'outcome'>;

interface Final {
  counter: Counter;
  /** As the book has it. */
  counted: number;
  /** As the counter says: a counter cannot go back, the book can when its database was killed; it then comes up to it again. */
  exported: number;
}

interface CountRow extends FinalKey {
  final: boolean;
  count: number;
}

/** Exports the book's own counts of transactions, so that they survive whatever process is killed. */
export class DurableCount {
  private readonly finals = new Map<string, Final>();
  private open = new Map<string, { system: string; outcome: Outcome; count: number }>();

  constructor(private readonly metrics: Metrics) {}

  /** Reads the counts as they are now. */
  async load(sql: Sql): Promise<void> {
    const rows = await sql.query<CountRow>(
      `select system, operation, client, outcome, final, sum(count)::bigint as count from rollup_day
       group by system, operation, client, outcome, final`,
    );
    for (const final of this.finals.values()) final.counted = 0;
    for (const open of this.open.values()) open.count = 0;
    this.add(rows);
  }

  /** Takes in what one transaction changed. */
  add(deltas: readonly CountRow[]): void {
    for (const delta of deltas) {
      if (delta.final) this.addFinal(delta);
      else this.addOpen(delta);
    }
    for (const final of this.finals.values()) {
      if (final.counted <= final.exported) continue;
      final.counter.inc(final.counted - final.exported);
      final.exported = final.counted;
    }
    for (const { system, outcome, count } of this.open.values())
      this.metrics.gauge('lgsp_transactions_open', { system, outcome }).set(count);
  }

  private addFinal({ system, operation, client, outcome, count }: CountRow): void {
    const key = `${system}\0${operation}\0${client}\0${outcome}`;
    let final = this.finals.get(key);
    if (!final) {
      const counter = this.metrics.counter('lgsp_transactions_total', { system, operation, client, outcome });
      final = { counter, counted: 0, exported: 0 };
      this.finals.set(key, final);
    }
    final.counted += count;
  }

  private addOpen({ system, outcome, count }: CountRow): void {
    const key = `${system}\0${outcome}`;
    const open = this.open.get(key);
    if (open) open.count += count;
    else this.open.set(key, { system, outcome, count });
  }
}
