import { Command, InvalidArgumentError } from 'commander';
import { BusConnection } from '#lgsp/bus';
import { openEvidenceKeys, openLedgerStream, Recorder } from '#lgsp/recorder';
import { createLogger, Metrics } from '#lgsp/telemetry';
import { ProgressBar } from '../../progress.bar';
import { readReport } from '../../reports/report.command';
import { countText, drawReport } from '../../reports/report.table';
import type { Settings } from '../../settings';
import { checkNobodyElse, untilEntered } from './history.book';
import { halfYears, planHours, totalOf } from './history.plan';
import { historyProcess, lastWritten, remainderAfter } from './history.place';
import { writeHistory } from './history.writer';

export interface HistoryFlags {
  seed: string;
  scale: number;
  besideOthers?: boolean;
  json?: boolean;
}

const scaleMax = 100_000;

const explanation = `
Two half-years in the shape of Hải Phòng's: ${halfYears.map(({ from, to, count }) => `${countText(count)} (${from} to ${to})`).join(', ')}.
They are made, and say so: clients are generated-…, agencies H99.…. They go the way of every record: signed, chained, into the
log of record, from which the ledger enters them.

It may be interrupted and run again: it goes on where it ended, and the same seed makes the same transactions, so none is
counted twice. There is no undo: nothing is taken out of a book. To be rid of it, use a bus of its own
(LGSP_LOCAL_DIR=… npm start) and remove that folder.`;

/** `lgsp demo history` */
export function historyCommand(settings: Settings): Command {
  return new Command('history')
    .description('fills the book of the running bus with two half-years of transactions that are made')
    .option('--scale <n>', 'one transaction for so many: 100 makes a hundredth', scaleOption, 1)
    .option('--seed <text>', 'another one makes other transactions', 'hai-phong')
    .option('--beside-others', 'also into a book in which others have transactions')
    .option('--json', 'for programs')
    .addHelpText('after', explanation)
    .action((flags: HistoryFlags) => makeHistory(settings, flags));
}

function scaleOption(text: string): number {
  const scale = Number(text);
  if (!/^[1-9][0-9]*$/.test(text) || scale > scaleMax)
    throw new InvalidArgumentError(`it must be a whole number from 1 to ${scaleMax}`);
  return scale;
}

async function makeHistory(settings: Settings, flags: HistoryFlags): Promise<void> {
  const { scale, besideOthers, json } = flags;
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  const startedAt = performance.now();
  if (!besideOthers) await checkNobodyElse(settings);
  const written = await record(settings, flags, interrupted.signal);
  if (!interrupted.signal.aborted) await enter(settings, totalOf(scale), interrupted.signal);
  if (interrupted.signal.aborted) throw new Error('interrupted: run it again, and it goes on where it ended');
  const [before, after] = halfYears;
  const { from, to } = after!;
  const report = await readReport(settings, { from, to, compare: 'previous-year' });
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  const made = { seed: flags.seed, scale, transactions: totalOf(scale), written, seconds };
  if (json) process.stdout.write(`${JSON.stringify({ ...made, report }, null, 2)}\n`);
  else process.stdout.write(`\n${drawReport(report)}\n${tryIt(before!.from, to)}\n`);
}

/** Records what is not there yet. @returns how many transactions that were */
async function record(settings: Settings, { seed, scale }: HistoryFlags, signal: AbortSignal): Promise<number> {
  const log = createLogger({ app: 'history', level: 'silent' });
  // The user of NATS that may record: the operator's own may not.
  const connection = await BusConnection.open({
    url: settings.get('LGSP_NATS_URL'),
    user: settings.find('LGSP_HISTORY_NATS_USER'),
    password: settings.find('LGSP_HISTORY_NATS_PASSWORD'),
    name: historyProcess,
    log,
  });
  try {
    const [stream, keys] = await Promise.all([openLedgerStream(connection), openEvidenceKeys(connection)]);
    const remainder = remainderAfter(await lastWritten(stream, keys), planHours(scale), seed);
    const total = totalOf(scale);
    if (remainder.done === total) return 0;
    const recorder = await Recorder.open(connection, historyProcess, log, new Metrics(false));
    const bar = new ProgressBar(total, 'recorded', process.stderr, remainder.done);
    let written = 0;
    await writeHistory(remainder, seed, recorder, signal, (count) => {
      written = count;
      bar.reach(remainder.done + count);
    });
    bar.end();
    await recorder.stop();
    return written;
  } finally {
    await connection.close();
  }
}

async function enter(settings: Settings, total: number, signal: AbortSignal): Promise<void> {
  let bar: ProgressBar | undefined;
  await untilEntered(settings, total, signal, (count) => {
    bar ??= new ProgressBar(total, 'entered ', process.stderr, count);
    bar.reach(count);
  });
  bar?.end();
}

const tryIt = (from: string, to: string): string => `Also: lgsp report --from ${from} --to ${to} --group-by system,month
      lgsp report --from ${halfYears[1]!.from} --to ${to} --compare previous-year --output half-year.html`;
