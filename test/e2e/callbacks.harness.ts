import { randomBytes, randomUUID } from 'node:crypto';
import { loadConfig } from '#lgsp/config';
import { EventLog, type BusEvent } from '#lgsp/events';
import { startConnector, type ConnectorParts, type RunningConnector, type RunningProcess } from '#lgsp/kit';
import { ProgressLog, progressStream, type Observation } from '#lgsp/progress';
import { createLogger } from '#lgsp/telemetry';
import { DurableLog } from '#lgsp/bus';
import { startCourier } from '../../apps/courier/courier';
import { CourierConfig } from '../../apps/courier/courier.config';
import { GatewayHarness } from '../../apps/gateway/testing/gateway.harness';
import { JudicialRecordsCallbacks } from '../../apps/judicial-records/judicial-records.callbacks.upstream';
import { JudicialRecordsConfig } from '../../apps/judicial-records/judicial-records.config';
import { judicialRecords, JudicialRecordsAdapter } from '../../apps/judicial-records/judicial-records.connector';
import { JudicialRecordsUpstream } from '../../apps/judicial-records/judicial-records.upstream';
import { AttachmentReader } from '../../apps/land/attachment.reader';
import { LandCallbacks } from '../../apps/land/land.callbacks.upstream';
import { LandConfig } from '../../apps/land/land.config';
import { land, LandAdapter } from '../../apps/land/land.connector';
import { LandUpstream } from '../../apps/land/land.upstream';
import { PaymentCallbacks } from '../../apps/payment/payment.callbacks.upstream';
import { PaymentConfig } from '../../apps/payment/payment.config';
import { payment, PaymentAdapter } from '../../apps/payment/payment.connector';
import { PaymentUpstream } from '../../apps/payment/payment.upstream';
import { judicialRecordsStandIn } from '../../apps/sandbox/judicial-records/judicial-records.stand-in';
import { landStandIn } from '../../apps/sandbox/land/land.stand-in';
import { paymentStandIn } from '../../apps/sandbox/payment/payment.stand-in';
import { SandboxClock } from '../../apps/sandbox/sandbox.clock';
import type { StandIn, StandInDefinition } from '../../apps/sandbox/stand-in';
import { startStandIn } from '../../apps/sandbox/start.stand-in';
import { vnpostStandIn } from '../../apps/sandbox/vnpost/vnpost.stand-in';
import { VnpostCallbacks } from '../../apps/vnpost/vnpost.callbacks.upstream';
import { VnpostConfig } from '../../apps/vnpost/vnpost.config';
import { vnpost, VnpostAdapter } from '../../apps/vnpost/vnpost.connector';
import { VnpostUpstream } from '../../apps/vnpost/vnpost.upstream';

const rooms = {
  payment: {
    parts: {
      definition: payment,
      adapter: PaymentAdapter,
      providers: [PaymentUpstream, PaymentCallbacks],
      config: PaymentConfig,
    },
    standIn: paymentStandIn,
  },
  land: {
    parts: {
      definition: land,
      adapter: LandAdapter,
      providers: [LandUpstream, AttachmentReader, LandCallbacks],
      config: LandConfig,
    },
    standIn: landStandIn,
  },
  vnpost: {
    parts: {
      definition: vnpost,
      adapter: VnpostAdapter,
      providers: [VnpostUpstream, VnpostCallbacks],
      config: VnpostConfig,
    },
    standIn: vnpostStandIn,
  },
  'judicial-records': {
    parts: {
      definition: judicialRecords,
      adapter: JudicialRecordsAdapter,
      providers: [JudicialRecordsUpstream, JudicialRecordsCallbacks],
      config: JudicialRecordsConfig,
    },
    standIn: judicialRecordsStandIn,
  },
} as const satisfies Record<string, { parts: ConnectorParts; standIn: StandInDefinition }>;
export type CallingSystem = keyof typeof rooms;
const callingSystems = Object.keys(rooms) as CallingSystem[];

/** How a callback was answered. */
export interface CallbackAnswered {
  status: number;
  contentType: string;
  text: string;
}

export const stepMs = 20_000;

/** A gateway before the four connectors whose outside systems call back, and stand-ins of these that really do. */
export class CallbacksHarness extends GatewayHarness {
  readonly standIns = new Map<CallingSystem, StandIn>();
  readonly connectors = new Map<CallingSystem, RunningConnector>();
  readonly clock = new SandboxClock(stepMs);
  readonly jobKey = randomBytes(32).toString('base64url');
  courier?: RunningProcess;

  async startAll(settings: Record<string, string> = {}): Promise<void> {
    await this.start({
      LGSP_JOB_KEY: this.jobKey,
      LGSP_CALLBACK_NETWORKS: JSON.stringify(Object.fromEntries(callingSystems.map((one) => [one, ['127.0.0.1']]))),
      LGSP_CALLBACK_CLIENTS: '{"judicial-records/submission":"tester"}',
      LGSP_CALLBACKS_PER_SECOND: '10000',
      ...settings,
    });
    for (const system of callingSystems) {
      const callbackUrl = `${this.gateway.url}/v1/callbacks/${system}`;
      this.standIns.set(system, await startStandIn(rooms[system].standIn, { clock: this.clock, callbackUrl }));
      await this.startConnector(system);
    }
  }

  async startConnector(system: CallingSystem): Promise<void> {
    const { parts } = rooms[system];
    const environment = { ...this.standIns.get(system)!.env, LGSP_NATS_URL: this.nats.url };
    const config = loadConfig(parts.config as new () => PaymentConfig, environment);
    const destination = { write: (line: string) => void this.logLines.push(line) };
    const log = createLogger({ app: system, level: 'debug', destination });
    this.connectors.set(system, await startConnector(parts, { config, log }));
  }

  /** Makes events of what is kept, and asks about what is followed. */
  async startCourier(settings: Record<string, string> = {}): Promise<void> {
    const environment = { LGSP_NATS_URL: this.nats.url, LGSP_JOB_KEY: this.jobKey, ...settings };
    const destination = { write: (line: string) => void this.logLines.push(line) };
    const log = createLogger({ app: 'courier', level: 'debug', destination });
    this.courier = await startCourier(loadConfig(CourierConfig, environment), log);
  }

  async stopConnector(system: CallingSystem): Promise<void> {
    await this.connectors.get(system)?.stop();
    this.connectors.delete(system);
  }

  override async stop(): Promise<void> {
    await this.courier?.stop();
    for (const system of this.connectors.keys()) await this.stopConnector(system);
    for (const standIn of this.standIns.values()) await standIn.stop();
    await super.stop();
  }

  secretOf(system: CallingSystem, variable: string): string {
    return this.standIns.get(system)!.env[variable]!;
  }

  /** Sends a callback as an outside system does. */
  async callBack(path: string, body: unknown, headers: Record<string, string> = {}): Promise<CallbackAnswered> {
    const response = await fetch(`${this.gateway.url}/v1/callbacks/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const contentType = response.headers.get('content-type') ?? '';
    return { status: response.status, contentType, text: await response.text() };
  }

  /** What is kept of what outside systems said about one thing. */
  async observationsOf(reference: string): Promise<Observation[]> {
    const connection = await this.nats.connect('tester');
    await ProgressLog.open(connection);
    const log = await DurableLog.open(connection, { stream: progressStream.name, subject: '', description: '' });
    const found: Observation[] = [];
    for await (const { data } of log.read(progressStream.subjects))
      found.push(JSON.parse(Buffer.from(data).toString('utf8')) as Observation);
    return found.filter((observation) => observation.reference === reference);
  }

  /** What its client was told of one thing, in its order. */
  async progressOf(reference: string): Promise<BusEvent<'dossier.progressed'>[]> {
    const found: BusEvent<'dossier.progressed'>[] = [];
    for await (const { event } of (await EventLog.open(await this.nats.connect('reader'))).read('tester')) {
      const told = event as BusEvent<'dossier.progressed'>;
      if (event.type === 'dossier.progressed' && told.data.reference === reference) found.push(told);
    }
    return found;
  }

  callbacksCounted(system: string, kind: string, result: string): number {
    const series = this.gateway.metrics.values('lgsp_callbacks_total');
    return (
      series.find(({ labels }) => labels.system === system && labels.kind === kind && labels.result === result)
        ?.value ?? 0
    );
  }

  /** Opens a payment as the one-stop software does, and gives its reference. */
  async openPayment(amount: number): Promise<string> {
    const { input } = payment.operations.createPayment.example;
    const body = { ...input, fees: [{ ...input.fees[0]!, amount }] };
    const headers = {
      'idempotency-key': randomUUID(),
      'lgsp-agency': 'H24.11',
      'lgsp-dossier': 'H24.11-261101-0001',
      'lgsp-procedure': '2.000635',
    };
    const answer = await this.post('/v1/payment/create-payment', body, headers);
    return answer.body['reference'] as string;
  }
}
