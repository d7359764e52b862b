import { Command } from 'commander';
import type { TransactionView } from '#lgsp/records';
import { askGateway } from '../gateway.client';
import type { Settings } from '../settings';
import { idArgument } from './id.argument';
import { readerHeaders } from './reader.access';
import { drawTransaction } from './transaction.drawing';

export function showCommand(settings: Settings): Command {
  return new Command('show')
    .description('one transaction, with all that is known of it')
    .argument('<id>', 'Lgsp-Transaction-Id of the answer', idArgument)
    .option('--json', 'for programs')
    .action(async (id: string, { json }: { json?: boolean }) => {
      const { body } = await askGateway(settings, `/v1/transactions/${id}`, { headers: readerHeaders(settings) });
      process.stdout.write(`${json ? JSON.stringify(body, null, 2) : drawTransaction(body as TransactionView)}\n`);
    });
}
