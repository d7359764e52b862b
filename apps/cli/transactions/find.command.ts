import { Command, InvalidArgumentError, Option } from 'commander';
import { outcomes } from '#lgsp/errors';
import type { TransactionPage, TransactionView } from '#lgsp/records';
import { askGateway } from '../gateway.client';
import { ProgressBar } from '../progress.bar';
import type { Settings } from '../settings';
import { readerHeaders } from './reader.access';
import { drawTransactions } from './transaction.drawing';

interface FindFlags {
  dossier?: string;
  client?: string;
  system?: string;
  operation?: string;
  outcome?: string;
  from?: string;
  to?: string;
  cursor?: string;
  limit: number;
  json?: boolean;
}

/** Transactions that the gateway gives at once, and that are looked for in all. */
const pageMax = 500;
const limitMax = 100_000;

const help = `
A day is one in Vietnam, and --to is the last one; a time has its offset, 2026-11-24T08:00:00+07:00, and --to is then before it.
Newest first. When there are more, the cursor to go on with is printed, and is in the JSON as "cursor".

Examples:
  lgsp transactions find --dossier H24.11-261124-0001
  lgsp transactions find --system payment --outcome failed --from 2026-11-24 --json`;

export function findCommand(settings: Settings): Command {
  return new Command('find')
    .description('transactions by what they have in common')
    .option('--dossier <code>', 'either code of a dossier that has two')
    .option('--client <id>', 'whose; for operators')
    .option('--system <name>', 'of which system')
    .option('--operation <name>', 'of which operation')
    .addOption(new Option('--outcome <name>', 'how they stand').choices(outcomes))
    .option('--from <day or time>', 'from then on')
    .option('--to <day or time>', 'until then')
    .option('--limit <count>', `most that are given, 1 to ${limitMax}`, limitOption, 50)
    .option('--cursor <cursor>', 'goes on after a search before')
    .option('--json', 'for programs')
    .addHelpText('after', help)
    .action(async ({ limit, json, ...search }: FindFlags) => {
      const page = await find(settings, search, limit);
      process.stdout.write(`${json ? JSON.stringify(page, null, 2) : drawPage(page)}\n`);
    });
}

/** Follows the pages of the gateway until there are enough, or no more. */
async function find(
  settings: Settings,
  search: Readonly<Record<string, string | undefined>>,
  limit: number,
): Promise<TransactionPage> {
  const headers = readerHeaders(settings);
  const asked = Object.entries(search).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const bar = limit > pageMax ? new ProgressBar(limit, 'transactions') : undefined;
  const transactions: TransactionView[] = [];
  let { cursor } = search;
  do {
    const query = new URLSearchParams(asked);
    if (cursor !== undefined) query.set('cursor', cursor);
    query.set('limit', String(Math.min(pageMax, limit - transactions.length)));
    const { body } = await askGateway(settings, `/v1/transactions?${query.toString()}`, { headers });
    const page = body as TransactionPage;
    transactions.push(...page.transactions);
    cursor = page.cursor;
    bar?.reach(transactions.length);
  } while (cursor !== undefined && transactions.length < limit);
  bar?.end();
  return { transactions, ...(cursor === undefined ? {} : { cursor }) };
}

function drawPage({ transactions, cursor }: TransactionPage): string {
  if (transactions.length === 0) return 'There is none';
  const more = cursor === undefined ? [] : ['', `There are more: --cursor ${cursor}`];
  return [drawTransactions(transactions), ...more].join('\n');
}

function limitOption(text: string): number {
  const limit = /^[0-9]{1,6}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > limitMax) throw new InvalidArgumentError(`it must be a whole number, 1 to ${limitMax}`);
  return limit;
}
