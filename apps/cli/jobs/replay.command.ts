import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { BusError } from '#lgsp/errors';
import { courierSubjects, type DeadPage } from '#lgsp/jobs';
import { ProgressBar } from '../progress.bar';
import { UsageError, type Settings } from '../settings';
import { operator, withCourier, type AskCourier } from './courier.access';
import { askFor, write } from './show.job';

/** Which dead letters are meant. */
export interface Search {
  system?: string;
  client?: string;
  code?: string;
}

interface ReplayOptions extends Search {
  all?: boolean;
  json?: boolean;
}

const pageSize = 100;

export function withSearch(command: Command): Command {
  return command
    .option('--system <system>', 'only those for it')
    .option('--client <client>', 'only those of it')
    .option('--code <code>', 'only those that ended with this error code');
}

/** `replay`, of `lgsp dead` and `lgsp jobs` alike: a job that is sent again is one of those that did not succeed. */
export function addReplay(parent: Command, settings: Settings): void {
  const command = parent
    .command('replay [transaction]')
    .description('sends one that did not succeed again under its idempotency key, or many with --all');
  withSearch(command)
    .option('--all', 'all that can be sent again, of those that the other options leave')
    .option('--json', 'for programs')
    .action((id: string | undefined, options: ReplayOptions) => replay(settings, id, options));
}

async function replay(
  settings: Settings,
  id: string | undefined,
  { all, json, code, ...search }: ReplayOptions,
): Promise<void> {
  if (id !== undefined) return askFor(settings, courierSubjects.replay, { id, who: operator() }, json);
  if (!all) throw new UsageError('name a transaction, or --all');
  await withCourier(settings, async (ask) => {
    const ids: string[] = [];
    for (let after: number | undefined = 0; after !== undefined;) {
      const page: DeadPage = await ask<DeadPage>(courierSubjects.deadLetters, { ...search, after, limit: pageSize });
      // What was refused would be refused again.
      const again = page.letters.filter(
        (letter) => letter.outcome !== 'rejected' && (code === undefined || letter.code === code),
      );
      ids.push(...again.map(({ transactionId }) => transactionId));
      after = page.after;
    }
    const bar = new ProgressBar(ids.length, 'replayed');
    const failed: string[] = [];
    for (const one of ids) {
      const error = await replayOne(ask, one);
      if (error) failed.push(`${one}: ${error.message}`);
      bar.step();
    }
    bar.end();
    write(
      json
        ? JSON.stringify({ replayed: ids.length - failed.length, failed })
        : `${ids.length - failed.length} are sent again`,
    );
    if (failed.length === 0) return;
    process.stderr.write(`${failed.join('\n')}\n`);
    process.exitCode = 1;
  });
}

/** At the rate that the courier allows. */
async function replayOne(ask: AskCourier, id: string): Promise<BusError | undefined> {
  for (;;) {
    try {
      await ask(courierSubjects.replay, { id, who: operator() });
      return undefined;
    } catch (thrown) {
      const error = BusError.from(thrown);
      if (error.code !== 'rate-limited') return error;
      await pause(error.retryAfterMs ?? 100);
    }
  }
}
