import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { BusEvent } from '#lgsp/events';
import { loadConfig } from '#lgsp/config';
import { startConnector, type ConnectorConfig, type ConnectorParts, type RunningConnector } from '#lgsp/kit';
import { followingSubjects, ProgressLog, type FollowingPage, type Observation } from '#lgsp/progress';
import { createLogger } from '#lgsp/telemetry';
import { CivilRegistryConfig } from '../../apps/civil-registry/civil-registry.config';
import { civilRegistry, CivilRegistryAdapter } from '../../apps/civil-registry/civil-registry.connector';
import { CivilRegistryUpstream } from '../../apps/civil-registry/civil-registry.upstream';
import { until } from '../../apps/gateway/testing/gateway.harness';
import { JudicialRecordsConfig } from '../../apps/judicial-records/judicial-records.config';
import { judicialRecords, JudicialRecordsAdapter } from '../../apps/judicial-records/judicial-records.connector';
import { JudicialRecordsUpstream } from '../../apps/judicial-records/judicial-records.upstream';
import { PaymentConfig } from '../../apps/payment/payment.config';
import { payment, PaymentAdapter } from '../../apps/payment/payment.connector';
import { PaymentUpstream } from '../../apps/payment/payment.upstream';
import { civilRegistryStandIn } from '../../apps/sandbox/civil-registry/civil-registry.stand-in';
import { judicialRecordsStandIn } from '../../apps/sandbox/judicial-records/judicial-records.stand-in';
import { paymentStandInWith } from '../../apps/sandbox/payment/payment.stand-in';
import { SandboxClock } from '../../apps/sandbox/sandbox.clock';
import type { StandIn, StandInDefinition } from '../../apps/sandbox/stand-in';
import { startStandIn } from '../../apps/sandbox/start.stand-in';
import { CourierHarness, idOf } from './courier.harness';

/** What commands began at the real connectors' sandboxes, followed to its end. */

const stepMs = 3_000;
const clock = new SandboxClock(stepMs);
const harness = new CourierHarness();
const running: (RunningConnector | StandIn)[] = [];
const standIns = new Map<string, StandIn>();
const pollMs = '200';
const patienceMs = 30_000;
let progress: ProgressLog;

async function serve<C extends ConnectorConfig>(parts: ConnectorParts<C>, definition: StandInDefinition) {
  const standIn = await startStandIn(definition, { clock });
  const config = loadConfig(parts.config, { ...standIn.env, LGSP_NATS_URL: harness.nats.url });
  const connector = await startConnector(parts, { config, log: createLogger({ app: 'test', level: 'silent' }) });
  running.push(connector, standIn);
  standIns.set(definition.system, standIn);
}

beforeAll(async () => {
  await harness.startAll({ LGSP_COURIER_POLL_MS_MAX: pollMs, LGSP_COURIER_POLLS_PER_SECOND: '50' });
  progress = await ProgressLog.open(harness.connection);
  await serve(
    {
      definition: civilRegistry,
      adapter: CivilRegistryAdapter,
      providers: [CivilRegistryUpstream],
      config: CivilRegistryConfig,
    },
    civilRegistryStandIn,
  );
  await serve(
    {
      definition: judicialRecords,
      adapter: JudicialRecordsAdapter,
      providers: [JudicialRecordsUpstream],
      config: JudicialRecordsConfig,
    },
    judicialRecordsStandIn,
  );
  await serve(
    { definition: payment, adapter: PaymentAdapter, providers: [PaymentUpstream], config: PaymentConfig },
    paymentStandInWith({ callbackUrl: '' }),
  );
}, 60_000);
afterAll(async () => {
  for (const each of running) await each.stop();
  await harness.stop();
}, 60_000);

type Progressed = BusEvent<'dossier.progressed'>;

const eventsOf = async (transactionId: string): Promise<BusEvent[]> =>
  (await harness.eventsOf('tester')).map(({ event }) => event).filter((event) => event.transactionId === transactionId);
const told = async (transactionId: string): Promise<Progressed['data'][]> =>
  (await eventsOf(transactionId))
    .filter(({ type }) => type === 'dossier.progressed')
    .map(({ data }) => data as Progressed['data']);
const statesOf = async (transactionId: string): Promise<string[]> =>
  (await told(transactionId)).map(({ state }) => state);
const ends = (transactionId: string): Promise<void> =>
  until(async () => (await told(transactionId)).some(({ final }) => final), patienceMs);

/** A command as an operator types it; what it wrote. */
async function lgsp(...args: string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], LGSP_NATS_URL: harness.nats.url };
  const cli = resolve(__dirname, '../../dist/apps/cli/main.js');
  return (await promisify(execFile)(process.execPath, [cli, ...args], { env, timeout: 60_000 })).stdout;
}

let serial = 0;
/** A command with a dossier and a key of its own; its transaction. */
async function send(path: string, input: object, headers: Record<string, string> = {}): Promise<string> {
  const dossier = `H24.11-261105-${String(++serial).padStart(4, '0')}`;
  const answer = await harness.post(`/v1/${path}`, input, {
    'idempotency-key': `follow-${serial}`,
    'lgsp-agency': 'H24.11',
    'lgsp-officer': 'canbo.mau',
    'lgsp-procedure': '1.001193',
    'lgsp-dossier': dossier,
    ...headers,
  });
  expect([200, 202]).toContain(answer.status);
  return idOf(answer);
}

const { registerBirth } = civilRegistry.operations;
const birth = registerBirth.example.input;

it('tells of births as the registry has them, each state once and in order, with the portal’s', async () => {
  const child = (fullName: string) => ({ ...birth, child: { ...birth.child, fullName } });
  const ids = [
    await send('civil-registry/register-birth', birth),
    await send('civil-registry/register-birth', child('Trần Minh Sai')),
    await send('civil-registry/register-birth', birth),
    await send('civil-registry/register-birth', birth),
  ];
  await Promise.all(ids.map(ends));
  const [data] = await told(ids[0]!);
  expect(data).toEqual({
    reference: 'H24.11-261105-0001',
    state: 'waiting',
    upstreamState: '1',
    portalState: 2,
    final: false,
    at: expect.stringMatching(/\+07:00$/),
    source: 'poll',
  });
  for (const id of [ids[0]!, ids[2]!, ids[3]!])
    expect((await told(id)).map(({ state, portalState }) => `${state} ${portalState}`)).toEqual([
      'waiting 2',
      'processing 4',
      'completed 9',
    ]);
  expect((await told(ids[1]!)).at(-1)).toMatchObject({ state: 'refused', portalState: 3, final: true });
}, 60_000);

it('tells the end of an asynchronous command before what it began', async () => {
  const id = await send('civil-registry/register-birth', birth, { prefer: 'respond-async' });
  await ends(id);
  const types = (await eventsOf(id)).map(({ type }) => type);
  expect(types[0]).toBe('transaction.succeeded');
  expect(types.slice(1)).toEqual(['dossier.progressed', 'dossier.progressed', 'dossier.progressed']);
}, 60_000);

it('asks again about a payment that is pending until it is paid or has failed, and about no other', async () => {
  const input = payment.operations.createPayment.example.input;
  const amount = (last: number) => ({ ...input, fees: [{ ...input.fees[0]!, amount: 8_000 + last }] });
  const [paid, failed, pending] = [
    await send('payment/create-payment', amount(0)),
    await send('payment/create-payment', amount(4)),
    await send('payment/create-payment', amount(3)),
  ];
  await Promise.all([ends(paid), ends(failed)]);
  expect([await statesOf(paid), await statesOf(failed), await statesOf(pending)]).toEqual([
    ['pending', 'paid'],
    ['pending', 'failed'],
    ['pending'],
  ]);
  const page = await harness.ask<FollowingPage>(followingSubjects.following, { system: 'payment' });
  expect(page.items.map(({ transactionId }) => transactionId)).toEqual([pending]);
  const listed = await lgsp('jobs', 'following', '--system', 'payment');
  expect(listed).toContain(pending);
  expect(listed).toContain('payment.create-payment');
  expect(listed).not.toContain(paid);
  expect(await lgsp('jobs', 'following', '--overdue')).toContain('nothing is followed');
}, 60_000);

it('reads the list of changed certificates, and acknowledges them once they are durable', async () => {
  const standIn = standIns.get('judicial-records')!;
  const id = await send(
    'judicial-records/request-certificate',
    judicialRecords.operations.requestCertificate.example.input,
  );
  await ends(id);
  expect(await statesOf(id)).toEqual(['received', 'processing', 'ready']);
  await until(() => standIn.effects.list().some(({ kind }) => kind === 'acknowledge'), patienceMs);
  const acknowledged = standIn.effects.list().filter(({ kind }) => kind === 'acknowledge');
  expect(acknowledged.length).toBeGreaterThan(0);
}, 60_000);

it('keeps what is said of a reference that it does not know yet, and tells it once it does', async () => {
  const said = (state: string, at: string, final = false): Observation => ({
    system: 'payment',
    reference: 'nobody-knows-it',
    state,
    upstreamState: state,
    final,
    at,
    source: 'callback',
  });
  await progress.append(said('paid', '2026-11-01T10:00:00+07:00', true));
  const before = (await harness.eventsOf(undefined)).length;
  await until(
    async () => (await metric('lgsp_observations_total{system="payment",source="callback",result="unclaimed"}')) === 1,
  );
  expect((await harness.eventsOf(undefined)).length).toBe(before);
}, 60_000);

async function metric(series: string): Promise<number | undefined> {
  const text = await harness.courier!.metrics.text();
  const line = text.split('\n').find((each) => each.startsWith(series));
  return line === undefined ? undefined : Number(line.slice(series.length));
}
