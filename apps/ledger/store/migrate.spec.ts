import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '#lgsp/telemetry';
import { databaseKinds } from '../testing/ledger.harness';
import { TestPostgres } from '../testing/postgres';
import { bookSchema, type Database } from './database';
import { openEmbedded } from './embedded';
import { migrate, migrateSchema } from './migrate';
import { migrations } from './migrations';
import { openPostgres } from './postgres';

describe.each(databaseKinds)('a book on %s that an earlier version has made', (kind) => {
  const folder = mkdtempSync(join(tmpdir(), 'lgsp-migrate-'));
  const log = createLogger({ app: 'ledger', level: 'silent' });
  let postgres: TestPostgres | undefined;
  let database: Database;

  beforeAll(async () => {
    postgres = kind === 'postgresql' ? await TestPostgres.start() : undefined;
    database = postgres ? openPostgres(await postgres.database()) : await openEmbedded(join(folder, 'database'));
  });
  afterAll(async () => {
    await database.close();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const count = (procedure: string, by: number): Promise<unknown> =>
    database.query(
      `insert into rollup_month as kept (month, environment, system, operation, client, agency, procedure, outcome, final, count)
       values ('2026-10-01', 'production', 'population', 'verify-citizen', 'one-stop', 'H24.11', $1, 'succeeded', true, $2)
       on conflict (month, environment, system, operation, client, agency, procedure, outcome, final)
       do update set count = kept.count + excluded.count`,
      [procedure, by],
    );

  const sums = async (): Promise<unknown> => ({
    months: await database.query('select procedure, count from rollup_month order by procedure'),
    services: await database.query('select procedure, count from rollup_month_services order by procedure'),
    agencies: await database.query('select agency, succeeded from rollup_month_agencies'),
  });

  it('keeps its counts when it is brought up, and goes on counting', async () => {
    await database.transaction(async (sql) => {
      await sql.run(`create schema ${bookSchema}`);
      await migrateSchema(sql, migrations.slice(0, 2));
    });
    await count('1.000080', 3);
    await count('1.000094', 4);
    const before = await sums();
    await migrate(database, log);
    expect(await sums()).toEqual(before);
    await count('1.000094', 5);
    const counts = [
      { procedure: '1.000080', count: 3 },
      { procedure: '1.000094', count: 9 },
    ];
    expect(await sums()).toEqual({ months: counts, services: counts, agencies: [{ agency: 'H24.11', succeeded: 12 }] });
    await migrate(database, log);
  });

  it('is refused by a version that is older than it', async () => {
    const older = database.transaction((sql) => migrateSchema(sql, migrations.slice(0, -1)));
    await expect(older).rejects.toThrow(/it is older/);
  });
});
