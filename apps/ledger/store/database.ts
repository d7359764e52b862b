import { PGlite } from '@electric-sql/pglite';
import { Pool, types, type PoolClient } from 'pg';

/** Where SQL can be said: the database itself, or a transaction in it. */
export interface Sql {
  /** One statement with parameters `$1`, `$2`, …; gives its rows. */
  query<T = Record<string, unknown>>(text: string, parameters?: unknown[]): Promise<T[]>;
  /** Several statements without parameters. */
  run(script: string): Promise<void>;
}

/** The ledger's database: PostgreSQL, or PostgreSQL's own code embedded (PGlite). Both speak the same SQL. */
export interface Database extends Sql {
  readonly kind: 'postgresql' | 'pglite';
  /** Everything in it or nothing of it. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Most connections to PostgreSQL, longest wait for one, and longest time of one statement. */
const connectionsMax = 8;
const connectTimeoutMs = 5_000;
const statementTimeoutMs = 120_000;

/** Counts fit into a JavaScript number long before they reach its limit of 2^53. */
const bigintType = 20;
/** A date without a time is no moment: it stays the text that it is. */
const dateType = 1082;
const parsers = { [bigintType]: Number, [dateType]: (text: string) => text };

/** @param url `postgresql://user@host/database`; the password may stand in the environment as PGPASSWORD */
export function openPostgres(url: string, password?: string): Database {
  const pool = new Pool({
    connectionString: url,
    ...(password === undefined ? {} : { password }),
    max: connectionsMax,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    application_name: 'lgsp-ledger',
    types: { getTypeParser: (id, format) => parsers[id as keyof typeof parsers] ?? types.getTypeParser(id, format) },
  });
  pool.on('error', () => undefined); // An idle connection was lost: whoever asks next gets a new one, or the error.
  return {
    kind: 'postgresql',
    ...sqlOver(pool),
    async transaction(work) {
      const client = await pool.connect();
      let broken: unknown;
      try {
        await client.query('begin');
        const result = await work(sqlOver(client));
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch((failure: unknown) => (broken = failure));
        throw error;
      } finally {
        client.release(broken !== undefined);
      }
    },
    close: () => pool.end(),
  };
}

function sqlOver(client: Pool | PoolClient): Sql {
  return {
    query: async <T>(text: string, parameters: unknown[] = []) => (await client.query(text, parameters)).rows as T[],
    run: async (script) => void (await client.query(script)),
  };
}

/** @param folder where the data lies; in memory when there is none */
export async function openEmbedded(folder?: string): Promise<Database> {
  const pglite = await PGlite.create({ ...(folder === undefined ? {} : { dataDir: folder }), parsers });
  return {
    kind: 'pglite',
    query: async <T>(text: string, parameters: unknown[] = []) => (await pglite.query<T>(text, parameters)).rows,
    run: async (script) => void (await pglite.exec(script)),
    transaction: (work) =>
      pglite.transaction((transaction) =>
        work({
          query: async <T>(text: string, parameters: unknown[] = []) =>
            (await transaction.query<T>(text, parameters)).rows,
          run: async (script) => void (await transaction.exec(script)),
        }),
      ),
    close: () => pglite.close(),
  };
}
