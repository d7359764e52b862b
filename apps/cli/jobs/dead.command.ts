import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { courierSubjects, type DeadPage } from '#lgsp/jobs';
import type { Settings } from '../settings';
import { operator, withCourier } from './courier.access';
import { drawLetters } from './job.drawing';
import { addReplay, withSearch, type Search } from './replay.command';
import { askFor, write } from './show.job';

interface ListOptions extends Search {
  after?: number;
  limit: number;
  json?: boolean;
}

interface FixOptions {
  input?: string;
  set: Record<string, unknown>;
  json?: boolean;
}

/** `lgsp dead` (or `dead-letters`): commands that did not succeed, until somebody has dealt with them. */
export function deadCommand(settings: Settings): Command {
  const dead = new Command('dead')
    .alias('dead-letters')
    .description(
      'asynchronous commands that did not succeed: look, put right, send again, give up; each is in the audit',
    );
  addLooking(dead, settings);
  addActing(dead, settings);
  return dead;
}

function addLooking(dead: Command, settings: Settings): void {
  withSearch(dead.command('list').description('the oldest first'))
    .option('--after <place>', 'from after this place on, as the page before named it', Number)
    .option('--limit <count>', 'most on a page, 1 to 200', Number, 50)
    .option('--json', 'for programs')
    .action(({ json, code, ...search }: ListOptions) =>
      withCourier(settings, async (ask) => {
        const page = await ask<DeadPage>(courierSubjects.deadLetters, search);
        const letters = page.letters.filter((letter) => code === undefined || letter.code === code);
        write(json ? JSON.stringify({ ...page, letters }, null, 2) : drawLetters(letters));
        if (!json && page.after !== undefined) process.stderr.write(`there are more: --after ${page.after}\n`);
      }),
    );
  dead
    .command('show <transaction>')
    .description('one, with its input masked')
    .option('--json', 'for programs')
    .action((id: string, { json }: { json?: boolean }) => askFor(settings, courierSubjects.deadLetter, { id }, json));
}

function addActing(dead: Command, settings: Settings): void {
  addReplay(dead, settings);
  dead
    .command('fix <transaction>')
    .description('sends it with another input, as a new transaction in its place')
    .option('--input <file>', 'JSON: the whole input')
    .option(
      '--set <pointer=json...>',
      'single values: /child/fullName="Nguyễn Thị Mẫu"; null takes one out',
      setOption,
      {},
    )
    .option('--json', 'for programs')
    .action((id: string, { input, set, json }: FixOptions) => {
      const whole = input === undefined ? undefined : (JSON.parse(readFileSync(input, 'utf8')) as object);
      const change = whole === undefined ? { set } : { input: whole };
      return askFor(settings, courierSubjects.fix, { id, who: operator(), ...change }, json);
    });
  dead
    .command('give-up <transaction>')
    .description('lets nobody try any more')
    .requiredOption('--reason <words>', 'why, for the audit')
    .addOption(
      new Option('--as <outcome>', 'what became of it, where nobody could know').choices(['failed', 'succeeded']),
    )
    .option('--json', 'for programs')
    .action((id: string, { reason, as, json }: { reason: string; as?: string; json?: boolean }) =>
      askFor(settings, courierSubjects.giveUp, { id, who: operator(), reason, outcome: as }, json),
    );
}

/** `/child/order=2`: a value by JSON Pointer; what is no JSON is a text as it stands. */
export function setOption(text: string, before: Record<string, unknown>): Record<string, unknown> {
  const at = text.indexOf('=');
  if (!text.startsWith('/') || at < 0)
    throw new InvalidArgumentError('it must be a JSON Pointer, =, and a value: /child/order=2');
  const value = text.slice(at + 1);
  try {
    return { ...before, [text.slice(0, at)]: JSON.parse(value) as unknown };
  } catch {
    return { ...before, [text.slice(0, at)]: value }; // Not JSON: a text as it stands.
  }
}
