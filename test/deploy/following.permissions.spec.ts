import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BusConnection } from '#lgsp/bus';
import { startNats, type TestNats } from '#lgsp/bus/testing';
import { loadConfig } from '#lgsp/config';
import { startConnector } from '#lgsp/kit';
import { ProgressLog } from '#lgsp/progress';
import { Recorder } from '#lgsp/recorder';
import { newTransactionId } from '#lgsp/records';
import { sampleRecord } from '#lgsp/records/testing';
import { createLogger, Metrics } from '#lgsp/telemetry';
import { startCourier } from '../../apps/courier/courier';
import { CourierConfig } from '../../apps/courier/courier.config';
import { until } from '../../apps/gateway/testing/gateway.harness';
import { JudicialRecordsConfig } from '../../apps/judicial-records/judicial-records.config';
import { judicialRecords, JudicialRecordsAdapter } from '../../apps/judicial-records/judicial-records.connector';
import { JudicialRecordsUpstream } from '../../apps/judicial-records/judicial-records.upstream';
import { judicialRecordsStandIn } from '../../apps/sandbox/judicial-records/judicial-records.stand-in';
import { startStandIn } from '../../apps/sandbox/start.stand-in';

const written = readFileSync(join(__dirname, '../../deploy/nats/nats.conf'), 'utf8');
const password = 'invented-password';
const log = createLogger({ app: 'test', level: 'silent' });
const running: { stop(): Promise<unknown> }[] = [];
const opened: BusConnection[] = [];
let nats: TestNats;

beforeAll(async () => {
  const users = written.slice(written.indexOf('authorization {'));
  nats = await startNats(users.replaceAll(/\$LGSP_NATS_PASSWORD_\w+/g, JSON.stringify(password)));
});
afterAll(async () => {
  for (const each of running.toReversed()) await each.stop();
  for (const connection of opened) await connection.close();
  await nats.stop();
});

async function as(user: string): Promise<BusConnection> {
  const connection = await BusConnection.open({ url: nats.url, user, password, name: user, log });
  opened.push(connection);
  return connection;
}

const settings = (user: string) => ({
  LGSP_NATS_URL: nats.url,
  LGSP_NATS_USER: user,
  LGSP_NATS_PASSWORD: password,
});

it('gateway, courier and connector may do all that following takes, each as its own user', async () => {
  const standIn = await startStandIn(judicialRecordsStandIn);
  const connector = await startConnector(
    {
      definition: judicialRecords,
      adapter: JudicialRecordsAdapter,
      providers: [JudicialRecordsUpstream],
      config: JudicialRecordsConfig,
    },
    { config: loadConfig(JudicialRecordsConfig, { ...standIn.env, ...settings('judicial-records') }), log },
  );
  const key = { LGSP_JOB_KEY: randomBytes(32).toString('base64url'), LGSP_COURIER_POLL_MS_MAX: '200' };
  const courier = await startCourier(loadConfig(CourierConfig, { ...settings('courier'), ...key }), log);
  running.push(standIn, connector, courier);

  const gateway = await as('gateway');
  const recorder = await Recorder.open(gateway, 'gateway', log, new Metrics());
  running.push(recorder);
  const id = newTransactionId();
  const command = { system: 'judicial-records', operation: 'request-certificate', kind: 'command' } as const;
  // The dossier of the documentation's example, which is ready.
  const dossier = 'H24.11-260105-0016';
  await recorder.record(sampleRecord({ id, ...command, dossier, receivedAt: Date.now() }), Date.now() + 10_000);
  const callback = { system: 'judicial-records', reference: 'nobody', state: 'ready', upstreamState: '5', final: true };
  const progress = await ProgressLog.open(gateway);
  await progress.append({ ...callback, at: '2026-11-01T10:00:00+07:00', source: 'callback' });

  const metric = async (series: string): Promise<boolean> => (await courier.metrics.text()).includes(series);
  const labels = 'system="judicial-records"';
  await until(() => metric(`lgsp_polls_total{${labels},result="ok"}`), 20_000);
  await until(() => metric(`lgsp_observations_total{${labels},source="poll",result="told"}`), 20_000);
  await until(() => metric(`lgsp_observations_total{${labels},source="callback",result="unclaimed"}`), 20_000);
}, 90_000);
