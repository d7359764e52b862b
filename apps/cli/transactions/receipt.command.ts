import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { askGateway } from '../gateway.client';
import { UsageError, type Settings } from '../settings';
import { idArgument } from './id.argument';
import { readerHeaders } from './reader.access';

interface ReceiptFlags {
  output?: string;
  force?: boolean;
}

/** With the salts in it the hash of a short body can be guessed back into the body: nobody else may read it. */
const mode = 0o600;

export function receiptCommand(settings: Settings): Command {
  return new Command('receipt')
    .description('saves the signed receipt of a transaction, which "lgsp verify" proves offline')
    .argument('<id>', 'Lgsp-Transaction-Id of the answer', idArgument)
    .option('--output <file>', 'where to; <id>.receipt.json when it is left out')
    .option('--force', 'replaces a file that is there')
    .action(async (id: string, { output = `${id}.receipt.json`, force = false }: ReceiptFlags) => {
      const path = `/v1/transactions/${id}/receipt`;
      const { body } = await askGateway(settings, path, { headers: readerHeaders(settings) });
      await save(output, `${JSON.stringify(body)}\n`, force);
      process.stdout.write(`${output} is written; "lgsp verify ${output}" proves it\n`);
    });
}

async function save(path: string, text: string, force: boolean): Promise<void> {
  try {
    await writeFile(path, text, { mode, flag: force ? 'w' : 'wx' });
  } catch (cause) {
    const isThere = (cause as NodeJS.ErrnoException).code === 'EEXIST';
    const why = isThere
      ? 'is there already: name another file, or --force'
      : `cannot be written: ${(cause as Error).message}`;
    throw new UsageError(`${path} ${why}`, { cause });
  }
}
