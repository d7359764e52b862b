import { Client, Pool, types, type ClientConfig, type PoolClient } from 'pg';
import { copyIn } from './copy.in';
import { bookSchema, typeParsers, type Database, type Sql, type TransactionSql, type Writer } from './database';
import { asBookError } from './database.failure';

/** Most connections to PostgreSQL, longest wait for one, and longest time of one statement. */
const connectionsMax = 8;
const connectTimeoutMs = 5_000;
const statementTimeoutMs = 30_000;
/** A server that does not even refuse a statement that takes too long is not there. */
const answerTimeoutMs = statementTimeoutMs + 5_000;
const leaveTimeoutMs = 1_000;

/** The lock that makes a process the writer: two numbers that nobody else's program takes, `lgsp` and the book. */
const writerLock = '1818719088, 1';

/**
 * So that the server frees what a vanished process held within half a minute. A session keeps its lock, so a pooler between us
 * and the server would have to keep sessions apart.
 */
const sessionOptions = [
  `search_path=${bookSchema}`,
  'tcp_keepalives_idle=10',
  'tcp_keepalives_interval=5',
  'tcp_keepalives_count=3',
];

/** @param url `postgresql://user@host/database` */
export function openPostgres(url: string, password?: string): Database {
  const config: ClientConfig = {
    connectionString: url,
    ...(password === undefined ? {} : { password }),
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    query_timeout: answerTimeoutMs,
    keepAlive: true,
    application_name: 'lgsp-ledger',
    options: sessionOptions.map((option) => `-c ${option}`).join(' '),
    types: { getTypeParser: (id, format) => typeParsers[id] ?? types.getTypeParser(id, format) },
  };
  const pool = new Pool({ ...config, max: connectionsMax });
  pool.on('error', () => undefined); // An idle connection was lost: whoever asks next gets a new one, or the error.
  return {
    kind: 'postgresql',
    ...sqlOver(pool),
    async transaction(work) {
      const client = await pool.connect().catch(refuse);
      let broken = true;
      try {
        const result = await transactionOver(client, work);
        broken = false;
        return result;
      } finally {
        client.release(broken);
      }
    },
    becomeWriter: () => becomeWriter(config),
    close: () => pool.end(),
  };
}

async function becomeWriter(config: ClientConfig): Promise<Writer | undefined> {
  const client = new Client(config);
  client.on('error', () => undefined); // The connection was lost: the next statement says so.
  try {
    await client.connect();
    const { rows } = await client.query<{ mine: boolean }>(`select pg_try_advisory_lock(${writerLock}) as mine`);
    if (rows[0]?.mine) {
      return {
        ...sqlOver(client),
        transaction: (work) => transactionOver(client, work),
        release: () => leave(client),
      };
    }
  } catch (error) {
    await leave(client);
    return refuse(error);
  }
  await leave(client);
  return undefined;
}

/** Says good-bye, which a server that hangs does not hear. */
async function leave(client: Client): Promise<void> {
  const left = client.end().catch(() => undefined); // The connection is gone then, which is what was wanted.
  await Promise.race([left, new Promise((resolve) => setTimeout(resolve, leaveTimeoutMs))]);
}

async function transactionOver<T>(client: PoolClient | Client, work: (sql: TransactionSql) => Promise<T>): Promise<T> {
  const sql: TransactionSql = {
    ...sqlOver(client),
    copy: (target, rows) => copyIn(client, target, rows).catch(refuse),
  };
  await sql.run('begin');
  try {
    const result = await work(sql);
    await sql.run('commit');
    return result;
  } catch (error) {
    // What broke the transaction is worth telling, not that a lost connection cannot be rolled back either.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

function sqlOver(client: Pool | PoolClient | Client): Sql {
  return {
    query: async <T>(text: string, parameters: unknown[] = []) =>
      (await client.query(text, parameters).catch(refuse)).rows as T[],
    run: async (script) => void (await client.query(script).catch(refuse)),
  };
}

function refuse(error: unknown): never {
  throw asBookError(error);
}
