import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BusClient, type BusConnection } from '#lgsp/bus';
import { loadConfig } from '#lgsp/config';
import { EventLog, type PlacedEvent } from '#lgsp/events';
import type { RunningProcess } from '#lgsp/kit';
import { createLogger } from '#lgsp/telemetry';
import { startCourier } from '../../apps/courier/courier';
import { CourierConfig } from '../../apps/courier/courier.config';
import { GatewayHarness, type Answer } from '../../apps/gateway/testing/gateway.harness';
import { startLedger } from '../../apps/ledger/ledger';
import { LedgerConfig } from '../../apps/ledger/ledger.config';
import { prepareDatabase } from '../../apps/ledger/testing/prepared.database';
import { FlakyConnector } from './flaky.connector';

const jobKey = randomBytes(32).toString('base64url');
const askMs = 10_000;

/** A gateway, a courier and, where a test wants one, a ledger in this process, before a connector that does as it is told. */
export class CourierHarness extends GatewayHarness {
  courier?: RunningProcess;
  connector!: FlakyConnector;
  connection!: BusConnection;
  client!: BusClient;
  events!: EventLog;
  private ledger?: RunningProcess;
  private readonly folder = mkdtempSync(join(tmpdir(), 'lgsp-courier-'));

  /** @param metadata of the connector's command */
  async startAll(settings: Record<string, string> = {}, metadata: Record<string, string> = {}): Promise<void> {
    await this.start({ LGSP_JOB_KEY: jobKey });
    this.connection = await this.nats.connect('tester');
    this.client = new BusClient(this.connection);
    this.events = await EventLog.open(this.connection);
    this.connector = new FlakyConnector(await this.nats.connect('parcels'));
    await this.connector.start(metadata);
    await this.startCourier(settings);
  }

  async startCourier(settings: Record<string, string> = {}): Promise<void> {
    const config = loadConfig(CourierConfig, {
      LGSP_NATS_URL: this.nats.url,
      LGSP_JOB_KEY: jobKey,
      LGSP_COURIER_RETRY_MS: '50',
      LGSP_COURIER_LEASE_MS: '2000',
      LGSP_DRAIN_MS: '5000',
      ...settings,
    });
    const destination = { write: (line: string) => void this.logLines.push(line) };
    this.courier = await startCourier(config, createLogger({ app: 'courier', level: 'debug', destination }));
  }

  async startLedger(): Promise<void> {
    await prepareDatabase(this.folder);
    const config = loadConfig(LedgerConfig, { LGSP_NATS_URL: this.nats.url, LGSP_LEDGER_DIR: this.folder });
    this.ledger = await startLedger(config, createLogger({ app: 'ledger', level: 'silent' }));
  }

  override async stop(): Promise<void> {
    await this.courier?.stop();
    await this.ledger?.stop();
    await super.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Sends the connector's command without waiting for it. */
  send(
    key: string,
    { body = { to: 'nobody' }, ...headers }: { body?: unknown; [header: string]: unknown } = {},
  ): Promise<Answer> {
    const own = { 'idempotency-key': key, prefer: 'respond-async', ...(headers as Record<string, string>) };
    return this.post('/v1/parcels/send-parcel', body, own);
  }

  /** Asks the courier as the command line does. */
  ask<T>(subject: string, question: object): Promise<T> {
    return this.client.call<T>(subject, question, Date.now() + askMs);
  }

  async eventsOf(client: string | undefined, after = 0): Promise<PlacedEvent[]> {
    const found: PlacedEvent[] = [];
    for await (const placed of this.events.read(client, after)) found.push(placed);
    return found;
  }
}

export const idOf = ({ headers }: Answer): string => headers.get('lgsp-transaction-id')!;
