import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { BusClient, BusConnection, DurableLog } from '#lgsp/bus';
import { BusServer, type ServiceDescription } from '#lgsp/bus/server';
import { PassThroughFilter, type RunningProcess } from '#lgsp/kit';
import { openCommandStore, openEvidenceKeys, openLedgerStream, Recorder } from '#lgsp/recorder';
import { Metrics, type Logger } from '#lgsp/telemetry';
import { Applier } from './apply/applier';
import { Archive } from './archive/archive';
import { Maintenance } from './archive/maintenance';
import { openAges } from './apply/open.ages';
import { LedgerConfig } from './ledger.config';
import { OutcomeQuestion } from './questions/outcome.question';
import { Questions } from './questions/questions';
import { Database } from './store/database';
import { openDatabase } from './store/open.database';
import { ledgerLog } from './ledger.log';
import { controllers, providers } from './topics';

const description: ServiceDescription = {
  name: 'ledger',
  version: '1.0.0',
  description: 'The book of all transactions',
  metadata: { owner: 'lgsp' },
};

/** A ledger that serves. */
export interface RunningLedger extends RunningProcess {
  database: Database;
  applier: Applier;
}

/** Longest wait for a connector that is asked what became of a command, in milliseconds. */
const askMs = 10_000;

/** Starts the ledger in this process: for `main.ts`, and for tests. Serves once the database is there and migrated. */
export async function startLedger(config: LedgerConfig, log: Logger): Promise<RunningLedger> {
  const { drainMs } = config;
  const [connection, database] = await Promise.all([
    BusConnection.open({ ...config.bus, name: 'ledger', log }),
    openDatabase(config, log),
  ]);
  const metrics = new Metrics();
  connection.measure(metrics);
  const [stream, keys, commands, recorder] = await Promise.all([
    openLedgerStream(connection),
    openEvidenceKeys(connection),
    openCommandStore(connection),
    Recorder.open(connection, 'ledger', log, metrics),
  ]);
  const question = new OutcomeQuestion(commands, new BusClient(connection), { settleMs: config.settleMs, askMs });
  const questions = new Questions(database, question, recorder, log);
  const { onlineMonths } = config;
  const archive = new Archive(database, { folder: join(config.folder, 'archive'), onlineMonths }, log);
  const maintenance = new Maintenance(database, archive, log, metrics);
  const duties = [questions.duty, openAges(database, metrics, log), maintenance.duty];
  const applier = new Applier({ database, stream, keys, log, metrics, duties });
  @Module({
    controllers,
    providers: [
      { provide: LedgerConfig, useValue: config },
      { provide: BusConnection, useValue: connection },
      { provide: DurableLog, useValue: stream },
      { provide: Metrics, useValue: metrics },
      { provide: Database, useValue: database },
      { provide: Questions, useValue: questions },
      { provide: ledgerLog, useValue: log },
      ...providers,
    ],
  })
  class LedgerModule {}
  const app = await NestFactory.createMicroservice(LedgerModule, {
    strategy: new BusServer(connection, description, log, drainMs),
    logger: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new PassThroughFilter());
  await app.listen();
  applier.start();
  return {
    metrics,
    database,
    applier,
    async stop() {
      await app.close();
      await applier.stop();
      await recorder.stop();
      await connection.close();
      await database.close();
    },
  };
}
