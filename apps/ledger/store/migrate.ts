import type { Logger } from '#lgsp/telemetry';
import { bookSchema, type Database, type Sql } from './database';
import { migrations } from './migrations';

/** Held while one process migrates; another that starts meanwhile waits, and then finds it done. */
const migrationLock = '1818719088, 2';

/** Brings the database to this version's form: every migration once, in order, all in one transaction. */
export async function migrate(database: Database, log: Logger): Promise<void> {
  await database.transaction(async (sql) => {
    await sql.run(`select pg_advisory_xact_lock(${migrationLock})`);
    await sql.run(`create schema if not exists ${bookSchema}`);
    const done = await migrateSchema(sql);
    for (const name of done) log.info({ migration: name }, 'the database is migrated');
  });
}

/** The same in the schema that comes first in the search path. @param all that this version knows, in order @returns the names of those that were done */
export async function migrateSchema(sql: Sql, all = migrations): Promise<string[]> {
  await sql.run(`create table if not exists migrations (
    number integer primary key, name text not null, done_at timestamptz not null default now())`);
  const known = await sql.query<{ number: number }>('select number from migrations order by number');
  const newest = known.at(-1)?.number ?? 0;
  if (newest > all.length) {
    throw new Error(`the database has migration ${newest}, this version knows ${all.length}: it is older`);
  }
  const open = all.slice(newest);
  for (const { number, name, script } of open) {
    await sql.run(script);
    await sql.query('insert into migrations (number, name) values ($1, $2)', [number, name]);
  }
  return open.map(({ name }) => name);
}
