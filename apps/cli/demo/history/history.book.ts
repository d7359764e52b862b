import { setTimeout as pause } from 'node:timers/promises';
import { daysAfter, todayInVietnam } from '#lgsp/vietnam';
import { readReport } from '../../reports/report.command';
import { UsageError, type Settings } from '../../settings';
import { wholePeriod } from './history.plan';
import { historyClients } from './history.services';

const everyMs = 1_000;
/** The ledger enters thousands a second: when nothing comes for so long, it does not run, or cannot write. */
const stalledMs = 120_000;
/** Longest period of one report, and a little less. */
const reportDays = 3_650;

const made = new Set(historyClients);

/**
 * Refuses a book in which anybody but the demonstration has transactions: what is made would be counted with them, for ever.
 * @throws UsageError naming whose they are
 */
export async function checkNobodyElse(settings: Settings): Promise<void> {
  const own = new Set([...made, settings.find('LGSP_CLIENT_ID'), settings.find('LGSP_OPERATOR_ID')]);
  const others = [...(await clientsOfBook(settings)).keys()].filter((client) => !own.has(client));
  if (others.length === 0) return;
  throw new UsageError(
    `the book holds transactions of ${others.slice(0, 5).join(', ')}${others.length > 5 ? ' and others' : ''}: ` +
      'what is made would be counted beside them, and nothing is ever taken out of a book. ' +
      'Use a bus of its own (LGSP_LOCAL_DIR=… npm start), or say --beside-others',
  );
}

async function clientsOfBook(settings: Settings): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const today = todayInVietnam(new Date());
  for (let { from } = wholePeriod, to; from <= today; from = daysAfter(to, 1)) {
    to = daysAfter(from, reportDays);
    const { rows } = await readReport(settings, { from, to, groupBy: ['client'] });
    for (const { client, count } of rows) counts.set(client!, (counts.get(client!) ?? 0) + count);
  }
  return counts;
}

/** How many made transactions the book has. */
async function madeInBook(settings: Settings): Promise<number> {
  const { rows } = await readReport(settings, { ...wholePeriod, groupBy: ['client'] });
  return rows.filter(({ client }) => made.has(client!)).reduce((sum, { count }) => sum + count, 0);
}

/**
 * Waits until the ledger has entered all that was recorded.
 * @throws Error when it stands still before that
 */
export async function untilEntered(
  settings: Settings,
  wanted: number,
  signal: AbortSignal,
  onEntered: (count: number) => void,
): Promise<void> {
  let entered = -1;
  let movedAt = Date.now();
  while (!signal.aborted) {
    const count = await madeInBook(settings);
    onEntered(count);
    if (count >= wanted) return;
    if (count !== entered) [entered, movedAt] = [count, Date.now()];
    if (Date.now() - movedAt > stalledMs)
      throw new Error(`the ledger has entered ${count} of ${wanted} and stands still: its log says why`);
    await pause(everyMs);
  }
}
