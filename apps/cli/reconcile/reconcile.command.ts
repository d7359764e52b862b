import { Command, InvalidArgumentError } from 'commander';
import { withBook } from '../book.access';
import { dayOption } from '../day.option';
import { ProgressBar } from '../progress.bar';
import { UsageError, type Settings } from '../settings';
import { drawColumns } from '../table';
import { differenceText } from './difference';
import { reconcile, type Reconciliation } from './reconcile';

interface ReconcileFlags {
  from?: string;
  to?: string;
  wait: number;
  json?: boolean;
}

const shownMax = 50;
const labels = { stream: 'positions', days: 'days' } as const;

/** `lgsp reconcile`: needs the operator's credentials of NATS. */
export function reconcileCommand(settings: Settings): Command {
  return new Command('reconcile')
    .description(
      'the counting law: stream, signed records, rows, rollups and metrics agree; exit code 0 only when they do',
    )
    .option(
      '--from <day>',
      'first day in Vietnam, 2026-11-24; the first of which there is anything when left out',
      dayOption,
    )
    .option('--to <day>', 'last day', dayOption)
    .option('--wait <seconds>', 'how long the book may take to catch up with the stream', seconds, 60)
    .option('--json', 'for programs')
    .action(async ({ from, to, wait, json }: ReconcileFlags) => {
      if (from !== undefined && to !== undefined && from > to)
        throw new UsageError(`--from ${from} is after --to ${to}`);
      const bars = new Bars(!json);
      const onProgress = bars.reach.bind(bars);
      const result = await withBook(settings, (ask) => reconcile(ask, { from, to, waitMs: wait * 1_000, onProgress }));
      bars.end();
      process.stdout.write(`${json ? JSON.stringify(result, null, 2) : reconciliationText(result)}\n`);
      if (result.differenceCount > 0) process.exitCode = 1;
    });
}

/** One bar for each step. */
class Bars {
  private step?: keyof typeof labels;
  private bar?: ProgressBar;

  constructor(private readonly isShown: boolean) {}

  reach(step: keyof typeof labels, done: number, total: number): void {
    if (!this.isShown) return;
    if (step !== this.step) {
      this.bar?.end();
      this.bar = new ProgressBar(total, labels[step]);
      this.step = step;
    }
    this.bar!.reach(done);
  }

  end(): void {
    this.bar?.end();
  }
}

function seconds(text: string): number {
  if (!/^[0-9]{1,5}$/.test(text)) throw new InvalidArgumentError('it must be a whole number of seconds');
  return Number(text);
}

const count = (value: number): string => value.toLocaleString('en');

/** A reconciliation as a person reads it. */
export function reconciliationText(result: Reconciliation): string {
  const { from, to, figures, all, stream, meanwhile, differences, differenceCount } = result;
  const { metrics } = all;
  const lines = [
    ['in the stream', count(figures.stream)],
    ['signed and proven', count(figures.signed)],
    ['rows', count(figures.rows)],
    ...(figures.archived > 0 ? [['archived', count(figures.archived)]] : []),
    ['hourly counts', count(figures.hours)],
    ['daily counts', count(figures.days)],
    ['monthly counts, whole months', count(figures.months)],
    ['rows of these months', count(figures.monthRows)],
    ['of all days: rows and archives', count(all.rows + all.archived)],
    ['of all days: daily counts', count(all.counted)],
    [
      'of all days: metrics, final and open',
      `${count(metrics.final)} + ${count(metrics.open)} = ${count(metrics.final + metrics.open)}`,
    ],
  ];
  const more = differenceCount - Math.min(differences.length, shownMax);
  return [
    from === undefined ? 'Nothing was recorded yet' : `Transactions from ${from} to ${to}`,
    drawColumns([['counted by', 'transactions'], ...lines], [1]),
    '',
    `${count(stream.batches)} batches with ${count(stream.records)} records, through position ${stream.through}`,
    ...(meanwhile > 0 ? [`${count(meanwhile)} transactions came meanwhile and are not judged`] : []),
    ...differences.slice(0, shownMax).map((difference) => `✗ ${differenceText(difference)}`),
    ...(more > 0 ? [`✗ and ${more} more`] : []),
    differenceCount === 0
      ? '✓ no difference'
      : `✗ ${count(differenceCount)} ${differenceCount === 1 ? 'difference' : 'differences'}`,
  ].join('\n');
}
