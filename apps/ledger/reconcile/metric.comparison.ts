import { Inject, Injectable } from '@nestjs/common';
import type { MetricDifference, MetricTotals } from '#lgsp/records';
import { Metrics } from '#lgsp/telemetry';
import { Database } from '../store/database';

type Name = MetricDifference['metric'];
type Labels = Readonly<Record<string, string | number | undefined>>;

const differencesDefault = 100;

/** Labels of each metric that tell one count from another. */
const labelsOf = {
  lgsp_transactions_total: ['system', 'operation', 'client', 'outcome'],
  lgsp_transactions_open: ['system', 'outcome'],
} as const satisfies Record<Name, readonly string[]>;

/** Compares what this process exports, as whoever scrapes it reads it, with what the book has counted. */
@Injectable()
export class MetricComparison {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  async totals(differencesMax = differencesDefault): Promise<MetricTotals> {
    const final = await this.compare('lgsp_transactions_total', true);
    const open = await this.compare('lgsp_transactions_open', false);
    const differences = [...final.differences, ...open.differences];
    const [writer] = this.metrics.values('lgsp_ledger_writer');
    return {
      final: final.sum,
      open: open.sum,
      writes: writer?.value === 1,
      differences: differences.slice(0, differencesMax),
      differenceCount: differences.length,
    };
  }

  private async compare(metric: Name, final: boolean): Promise<{ sum: number; differences: MetricDifference[] }> {
    const names = labelsOf[metric];
    const keyOf = (labels: Labels): string => names.map((name) => labels[name]).join(' ');
    const counted = new Map(
      (
        await this.database.query<Labels & { count: number }>(
          `select ${names.join(', ')}, sum(count)::bigint as count from rollup_day where final = $1 group by ${names.join(', ')}`,
          [final],
        )
      ).map((row) => [keyOf(row), row.count]),
    );
    const exported = new Map(this.metrics.values(metric).map(({ labels, value }) => [keyOf(labels), value]));
    const differences = [...new Set([...counted.keys(), ...exported.keys()])]
      .map((key) => ({ metric, key, exported: exported.get(key) ?? 0, counted: counted.get(key) ?? 0 }))
      .filter((one) => one.exported !== one.counted);
    return { sum: [...exported.values()].reduce((sum, value) => sum + value, 0), differences };
  }
}
