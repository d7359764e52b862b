import { Command, InvalidArgumentError } from 'commander';
import type { Settings } from '../settings';
import { playDay, type SceneResult } from './demo.run';
import { drawTable, sumUp, type DemoRow } from './demo.table';
import type { SandboxPerson } from './desk';
import { ProgressBar } from '../progress.bar';
import { historyCommand } from './history/history.command';
import { workingDay } from './working.day';

export interface DemoSettings {
  /** The gateway, the sandbox's control API, and the secret of the client that calls. */
  url: string;
  sandboxUrl: string;
  secret: string;
  /** Visits at the counters; one visit may make several calls. */
  visits: number;
  /** Officers who work at the same time. */
  counters: number;
}

/** Longest wait of a counter for one answer, in milliseconds: above the longest operation's own time. */
const answerTimeoutMs = 60_000;
const peopleMax = 1_000;

/** Codes that are part of any working day: wrong forms, and people whom nobody knows. */
const everyday = new Set(['ok', 'not-found', 'invalid-request', 'upstream-rejected']);

/** `lgsp demo` */
export function demoCommand(settings: Settings): Command {
  return new Command('demo')
    .description('a realistic working day of several wards through the running bus, against its sandbox')
    .enablePositionalOptions()
    .option('--visits <n>', 'visits at the counters; one visit may make several calls', wholeNumber, 600)
    .option('--counters <n>', 'officers who work at the same time', wholeNumber, 8)
    .option('--json', 'figures for programs')
    .action(async ({ visits, counters, json }: { visits: number; counters: number; json?: boolean }) => {
      const where = { url: settings.get('LGSP_URL'), sandboxUrl: settings.get('LGSP_SANDBOX_URL') };
      const { rows, table, healthy } = await runDemo({
        ...where,
        secret: settings.get('LGSP_CLIENT_SECRET'),
        visits,
        counters,
      });
      process.stdout.write(json ? `${JSON.stringify(rows, null, 2)}\n` : `\n${table}\n`);
      if (!healthy) process.exitCode = 1;
    })
    .addCommand(historyCommand(settings));
}

function wholeNumber(text: string): number {
  if (!/^[1-9][0-9]{0,6}$/.test(text)) throw new InvalidArgumentError('it must be a whole number from 1 to 9,999,999');
  return Number(text);
}

/** Plays a working day against the running bus. @returns the closing table, and whether every call was answered as it should */
async function runDemo(settings: DemoSettings): Promise<{ rows: DemoRow[]; table: string; healthy: boolean }> {
  const people = await peopleOf(settings.sandboxUrl);
  const results: SceneResult[] = [];
  const bar = new ProgressBar(settings.visits, 'visits');
  await playDay(counted(workingDay(people, settings.visits), bar), {
    ...settings,
    timeoutMs: answerTimeoutMs,
    onResult: (result) => results.push(result),
  });
  bar.end();
  const rows = sumUp(results);
  return { rows, table: drawTable(rows), healthy: results.every(({ code }) => everyday.has(code)) };
}

/** Moves the bar as visits begin. */
function* counted<T>(visits: Iterable<T>, bar: ProgressBar): Generator<T> {
  for (const visit of visits) {
    yield visit;
    bar.step();
  }
}

async function peopleOf(sandboxUrl: string): Promise<SandboxPerson[]> {
  const response = await fetch(`${sandboxUrl}/people?limit=${peopleMax}`, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`the sandbox at ${sandboxUrl} answers HTTP ${response.status}`);
  return (await response.json()) as SandboxPerson[];
}
