import { join } from 'node:path';
import { BusError } from '#lgsp/errors';
import type { Logger } from '#lgsp/telemetry';
import type { LedgerConfig } from '../ledger.config';
import type { Database } from './database';
import { openEmbedded } from './embedded';
import { migrate } from './migrate';
import { openPostgres } from './postgres';

/** Pause before a database that is away is asked again at the start, in milliseconds. */
const databaseRetryMs = 1_000;

/** Opens the database and migrates it; while PostgreSQL is away it is waited for. */
export async function openDatabase(
  { databaseUrl, databasePassword, folder }: LedgerConfig,
  log: Logger,
): Promise<Database> {
  const database = databaseUrl
    ? openPostgres(databaseUrl, databasePassword)
    : await openEmbedded(join(folder, 'database'));
  for (let tries = 1; ; tries++) {
    try {
      await migrate(database, log);
      return database;
    } catch (error) {
      if (BusError.from(error).code !== 'ledger-unavailable') throw error;
      if (tries === 1) log.warn({ err: error }, 'waiting for the database');
      await new Promise((resolve) => setTimeout(resolve, databaseRetryMs));
    }
  }
}
