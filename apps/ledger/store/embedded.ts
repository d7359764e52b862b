import { mkdirSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { bookSchema, typeParsers, type Database, type Sql, type TransactionSql } from './database';
import { FolderLock } from './folder.lock';

/** Where PGlite or a transaction in it takes statements. */
type Embedded = Pick<PGlite, 'query' | 'exec'>;

/** @param folder where the data lies @throws Error when another process has it open */
export async function openEmbedded(folder: string): Promise<Database> {
  const lock = takeFolder(folder);
  const pglite = await PGlite.create({ dataDir: folder, parsers: typeParsers });
  await pglite.exec(`set search_path = ${bookSchema}`);
  const database: Database = {
    kind: 'pglite',
    ...sqlOver(pglite),
    transaction: (work) => pglite.transaction((transaction) => work(transactionOver(transaction))),
    // Nobody else can: the folder is ours.
    becomeWriter: async () => ({
      ...sqlOver(pglite),
      transaction: database.transaction,
      release: async () => undefined,
    }),
    async close() {
      await pglite.close();
      lock.release();
    },
  };
  return database;
}

function takeFolder(folder: string): FolderLock {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return FolderLock.take(folder);
}

function transactionOver(embedded: Embedded): TransactionSql {
  return {
    ...sqlOver(embedded),
    copy: async (target, rows) => {
      await embedded.query(`copy ${target} from '/dev/blob' (format binary)`, [], { blob: new Blob([rows]) });
    },
  };
}

function sqlOver(embedded: Embedded): Sql {
  return {
    query: async <T>(text: string, parameters: unknown[] = []) => (await embedded.query<T>(text, parameters)).rows,
    run: async (script) => void (await embedded.exec(script)),
  };
}
