import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BusClient, type BusConnection } from '#lgsp/bus';
import { startNats, type TestNats } from '#lgsp/bus/testing';
import { loadConfig } from '#lgsp/config';
import { createLogger } from '#lgsp/telemetry';
import { startLedger, type RunningLedger } from '../ledger';
import { LedgerConfig } from '../ledger.config';
import { TestPostgres } from './postgres';
import { prepareDatabase } from './prepared.database';
import { TestRecorder } from './test.recorder';

/** Both databases, for `describe.each(databaseKinds)`: the same tests on either. */
export const databaseKinds = ['pglite', 'postgresql'] as const;
export type DatabaseKind = (typeof databaseKinds)[number];

const askMs = 30_000;

/** A ledger in this process before a real NATS, with a database of either kind. */
export class LedgerHarness {
  nats!: TestNats;
  postgres?: TestPostgres;
  ledger!: RunningLedger;
  connection!: BusConnection;
  client!: BusClient;
  readonly logLines: string[] = [];
  readonly folder = mkdtempSync(join(tmpdir(), 'lgsp-ledger-'));
  private databaseUrl?: string;
  private serves = false;

  constructor(readonly kind: DatabaseKind) {}

  /** @param settings environment of the ledger */
  async start(settings: Record<string, string> = {}): Promise<void> {
    [this.nats, this.postgres] = await Promise.all([
      startNats(),
      this.kind === 'postgresql' ? TestPostgres.start() : undefined,
      this.kind === 'pglite' ? prepareDatabase(this.folder) : undefined,
    ]);
    this.databaseUrl = await this.postgres?.database();
    this.connection = await this.nats.connect('tester');
    this.client = new BusClient(this.connection);
    await this.startLedger(settings);
  }

  async startLedger(settings: Record<string, string> = {}): Promise<void> {
    const config = loadConfig(LedgerConfig, this.environment(settings));
    const destination = { write: (line: string) => void this.logLines.push(line) };
    this.ledger = await startLedger(config, createLogger({ app: 'ledger', level: 'debug', destination }));
    this.serves = true;
  }

  async stopLedger(): Promise<void> {
    if (this.serves) await this.ledger.stop();
    this.serves = false;
  }

  /** What a ledger of this harness is configured with, also one in a process of its own. */
  environment(settings: Record<string, string> = {}): Record<string, string> {
    return {
      LGSP_NATS_URL: this.nats.url,
      LGSP_LEDGER_DIR: this.folder,
      ...(this.databaseUrl === undefined ? {} : { LGSP_DATABASE_URL: this.databaseUrl }),
      ...settings,
    };
  }

  async stop(): Promise<void> {
    await this.stopLedger();
    await this.nats.stop();
    await this.postgres?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Rows as the ledger's own database has them. */
  rows<T = Record<string, unknown>>(text: string, parameters?: unknown[]): Promise<T[]> {
    return this.ledger.database.query<T>(text, parameters);
  }

  /** Waits until the stream is applied up to a position. */
  async applied(sequence: number, withinMs = 20_000): Promise<void> {
    await until(async () => {
      const rows = await this.rows<{ sequence: number }>('select sequence from applied');
      return (rows[0]?.sequence ?? 0) >= sequence;
    }, withinMs);
  }

  recorder(process?: string): Promise<TestRecorder> {
    return TestRecorder.open(this.connection, process);
  }

  /** Asks the book as the gateway does. */
  ask<T>(subject: string, question: unknown): Promise<T> {
    return this.client.call<T>(subject, question, Date.now() + askMs);
  }
}

/** Waits until it is so. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`it did not happen within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
