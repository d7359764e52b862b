import { Command } from 'commander';
import type { EventView } from '#lgsp/events';
import { askGateway, ProblemError } from '../gateway.client';
import type { Settings } from '../settings';
import { readerHeaders } from '../transactions/reader.access';
import { drawEvent } from './event.drawing';

interface TailOptions {
  after: string;
  system?: string;
  client?: string;
  once?: boolean;
  json?: boolean;
}

interface Page {
  events: EventView[];
  cursor: string;
}

/** How long one question waits for an event, in seconds, and the pause after a gateway that could not answer, in milliseconds. */
const waitSeconds = 30;
const pauseMs = 2_000;

/** `lgsp events`: what happened after the answer; the operator sees that of all clients, a client its own. */
export function eventsCommand(settings: Settings): Command {
  const events = new Command('events').description('what happened after the answer: jobs, dossiers, webhooks');
  events
    .command('tail')
    .description('shows events as they happen, until Ctrl-C')
    .option('--after <cursor>', 'from after this one on; 0 for all that are kept', 'newest')
    .option('--system <system>', 'only those of it')
    .option('--client <client>', 'for operators: only those of it')
    .option('--once', 'ends when nothing more is there')
    .option('--json', 'one JSON document a line, for programs')
    .addHelpText('after', '\nIt ends with the cursor after which to go on, on standard error.')
    .action((options: TailOptions) => tail(settings, options));
  return events;
}

async function tail(settings: Settings, { after, once = false, json = false, ...filter }: TailOptions): Promise<void> {
  const ended = new AbortController();
  process.once('SIGINT', () => ended.abort());
  let cursor = after;
  for (;;) {
    const page = await Promise.race([
      read(settings, cursor, once ? 0 : waitSeconds, filter),
      whenAborted(ended.signal),
    ]);
    if (!page) break;
    for (const event of page.events) process.stdout.write(`${json ? JSON.stringify(event) : drawEvent(event)}\n`);
    cursor = page.cursor;
    if (once && page.events.length === 0) break;
  }
  if (!json) process.stderr.write(`--after ${cursor} goes on here\n`);
  process.exit(0); // The question that waits would hold the process for half a minute.
}

/** A page, as soon as the gateway can give one: what passes by itself is waited for. @throws ProblemError */
async function read(
  settings: Settings,
  after: string,
  wait: number,
  filter: Pick<TailOptions, 'system' | 'client'>,
): Promise<Page> {
  const query = new URLSearchParams({ after, wait: String(wait), ...filter });
  for (;;) {
    try {
      const { body } = await askGateway(settings, `/v1/events?${query.toString()}`, {
        headers: readerHeaders(settings),
      });
      return body as Page;
    } catch (error) {
      if (!(error instanceof ProblemError) || error.problem.retry !== 'after') throw error;
      process.stderr.write(`lgsp: ${error.problem.code}, trying again\n`);
      await new Promise((resolve) => setTimeout(resolve, error.problem.retryAfterMs ?? pauseMs));
    }
  }
}

const whenAborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
