import { playDay, type SceneResult } from './demo.run';
import { drawTable, sumUp, type DemoRow } from './demo.table';
import { ProgressBar } from './progress.bar';
import { workingDay, type SandboxPerson } from './working.day';

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

/** Plays a working day against the running bus. @returns the closing table, and whether every call was answered as it should */
export async function runDemo(settings: DemoSettings): Promise<{ rows: DemoRow[]; table: string; healthy: boolean }> {
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
