import { setTimeout as pause } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import type { Settings } from '../settings';
import { LiveScreen } from './live.screen';
import { drawTop, type Paper } from './top.drawing';
import { TopSource } from './top.source';
import type { TopView } from './top.view';

interface TopOptions {
  once?: boolean;
  json?: boolean;
  every: number;
}

const columnsDefault = 80;

/** `lgsp top` */
export function topCommand(settings: Settings): Command {
  return new Command('top')
    .description('a live table: every connection, its state, rate, success, p95, circuit and calls in flight')
    .option('--once', 'one table, of the next moment, and no more')
    .option('--every <seconds>', 'time between two looks', seconds, 2)
    .option('--json', 'figures for programs, a line for each look')
    .addHelpText(
      'after',
      `
success: share of the calls without a fault of the bus or of the outside system (HTTP status below 500).
q or Ctrl-C leaves. LGSP_METRICS_URL may name the metrics of several gateways, separated by commas.`,
    )
    .action(async (options: TopOptions) => {
      const source = new TopSource(settings);
      if (options.once) await once(source, options);
      else if (options.json || !process.stdout.isTTY) await lineByLine(source, options);
      else await live(source, options);
    });
}

/** Two looks, since a rate needs two. */
async function once(source: TopSource, { every, json }: TopOptions): Promise<void> {
  const { signal } = new AbortController();
  await source.read(signal);
  await pause(every * 1_000);
  print((await source.read(signal))!, json);
}

/** Where the output is no terminal, or for a program: look after look, until it is ended from outside. */
async function lineByLine(source: TopSource, { every, json }: TopOptions): Promise<void> {
  const { signal } = new AbortController();
  for (;;) {
    const view = await source.read(signal);
    if (view) print(view, json);
    await pause(every * 1_000);
  }
}

async function live(source: TopSource, { every }: TopOptions): Promise<void> {
  const screen = new LiveScreen();
  let view: TopView | undefined;
  let trouble: string | undefined;
  const draw = (): void => screen.draw(view ? drawTop(view, terminal(trouble)) : [trouble ?? 'looking …']);
  screen.start(draw);
  try {
    while (!screen.signal.aborted) {
      try {
        view = (await source.read(screen.signal)) ?? view;
        trouble = undefined;
      } catch (error) {
        // A gateway that restarts is what one wants to watch: it is said, and looked for again.
        trouble = (error as Error).message;
      }
      draw();
      await pause(every * 1_000, undefined, { signal: screen.signal }).catch(() => undefined); // Left meanwhile.
    }
  } finally {
    screen.stop();
  }
}

function print(view: TopView, json: boolean | undefined): void {
  const columns = process.stdout.isTTY ? process.stdout.columns : columnsDefault;
  const paper = { columns, rows: Number.POSITIVE_INFINITY, colours: false };
  process.stdout.write(json ? `${JSON.stringify(view)}\n` : `${drawTop(view, paper).join('\n')}\n`);
}

function terminal(trouble: string | undefined): Paper {
  const { columns, rows } = process.stdout;
  return { columns, rows, colours: process.env['NO_COLOR'] === undefined, trouble };
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value >= 0.2 && value <= 3_600)) throw new InvalidArgumentError('takes seconds, from 0.2 to 3600');
  return value;
}
