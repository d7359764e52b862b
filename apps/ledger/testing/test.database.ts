import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '#lgsp/telemetry';
import type { Database } from '../store/database';
import { openEmbedded } from '../store/embedded';
import { migrate } from '../store/migrate';
import { openPostgres } from '../store/postgres';
import type { DatabaseKind } from './ledger.harness';
import { TestPostgres } from './postgres';
import { prepareDatabase } from './prepared.database';

/** A migrated, empty database of either kind, without a ledger before it. */
export class TestDatabase {
  private constructor(
    readonly database: Database,
    private readonly folder: string,
    private readonly postgres?: TestPostgres,
  ) {}

  static async start(kind: DatabaseKind): Promise<TestDatabase> {
    const postgres = kind === 'postgresql' ? await TestPostgres.start() : undefined;
    const folder = mkdtempSync(join(tmpdir(), 'lgsp-database-'));
    if (!postgres) await prepareDatabase(folder);
    const database = postgres ? openPostgres(await postgres.database()) : await openEmbedded(join(folder, 'database'));
    await migrate(database, createLogger({ app: 'test', level: 'silent' }));
    // Rows of any month, without the partitions that the ledger makes.
    await database.run('create table transactions_of_tests partition of transactions default');
    return new TestDatabase(database, folder, postgres);
  }

  async empty(): Promise<void> {
    const tables = await this.database.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = current_schema() and tablename <> 'migrations'`,
    );
    await this.database.run(`truncate ${tables.map(({ name }) => name).join(', ')}`);
  }

  async stop(): Promise<void> {
    await this.database.close();
    await this.postgres?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
