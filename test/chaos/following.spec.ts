import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { BusClient, type BusConnection } from '#lgsp/bus';
import { EventLog, type EventData } from '#lgsp/events';
import { followingSubjects, type FollowingPage } from '#lgsp/progress';
import { civilRegistry } from '../../apps/civil-registry/civil-registry.connector';
import { until } from '../../apps/gateway/testing/gateway.harness';
import { judicialRecords } from '../../apps/judicial-records/judicial-records.connector';
import { TestBus } from '../e2e/test.bus';

/** So many births and certificates are followed while whoever follows them is killed so often. */
const { dossiers, kills } =
  process.env['LGSP_CHAOS'] === 'full' ? { dossiers: 600, kills: 20 } : { dossiers: 24, kills: 4 };
const withinMs = dossiers * 200 + kills * 8_000 + 120_000;

const bus = new TestBus();
const jobKey = { LGSP_JOB_KEY: randomBytes(32).toString('base64url') };
const courier = {
  ...jobKey,
  LGSP_COURIER_LEASE_MS: '1500',
  LGSP_COURIER_POLL_MS_MAX: '1000',
  LGSP_COURIER_POLLS_PER_SECOND: '50',
};
const couriers = ['courier-one', 'courier-two'];
let connection: BusConnection;
let events: EventLog;

beforeAll(async () => {
  await bus.start();
  await bus.run('sandbox', 'sandbox', {
    LGSP_SANDBOX_PORT: '0',
    LGSP_SANDBOX_SECRET: 'invented for this test',
    LGSP_SANDBOX_STEP_MS: '8000',
  });
  const connectors = ['civil-registry', 'judicial-records'];
  await Promise.all([
    ...connectors.map((system) => bus.run(system, system, bus.upstreams.get(system))),
    bus.run('gateway', 'gateway', jobKey),
    ...couriers.map((name) => bus.run(name, 'courier', courier)),
  ]);
  connection = await bus.nats.connect('observer');
  events = await EventLog.open(connection);
}, 240_000);
afterAll(() => bus.stop());

const inputs = {
  'civil-registry/register-birth': civilRegistry.operations.registerBirth.example.input,
  'judicial-records/request-certificate': judicialRecords.operations.requestCertificate.example.input,
};

async function handIn(nth: number): Promise<string> {
  const paths = Object.keys(inputs) as (keyof typeof inputs)[];
  const path = paths[nth % paths.length]!;
  const answer = await bus.call('gateway', path, inputs[path], {
    'idempotency-key': `followed-${nth}`,
    'lgsp-agency': 'H24.11',
    'lgsp-officer': 'canbo.mau',
    'lgsp-dossier': `H24.11-261106-${String(nth).padStart(4, '0')}`,
  });
  expect(answer.status).toBe(200);
  return answer.headers.get('lgsp-transaction-id')!;
}

/** What a courier has counted: by the name of the metric and its labels. */
async function counted(name: string, metric: string): Promise<number> {
  const text = await (await fetch(bus.urls.get(`${name}/metrics`)!)).text();
  const lines = text.split('\n').filter((line) => line.startsWith(`${metric}{system="civil-registry"`));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** Which couriers have asked the civil registry within a while. */
async function whoAsks(ms: number): Promise<string[]> {
  const before = await Promise.all(couriers.map((name) => counted(name, 'lgsp_polls_total')));
  await pause(ms);
  const after = await Promise.all(couriers.map((name) => counted(name, 'lgsp_polls_total')));
  return couriers.filter((_name, index) => after[index]! > before[index]!);
}

type Progress = EventData<'dossier.progressed'>;

async function toldOf(): Promise<Map<string, { id: string; data: Progress }[]>> {
  const told = new Map<string, { id: string; data: Progress }[]>();
  for await (const { event } of events.read('tester')) {
    if (event.type !== 'dossier.progressed') continue;
    const all = told.get(event.transactionId!) ?? [];
    told.set(event.transactionId!, [...all, { id: event.id, data: event.data as Progress }]);
  }
  return told;
}

it(
  'one courier asks at a time; killed with -9 again and again, no dossier is forgotten, and each is told once and in order',
  async () => {
    const ids = await Promise.all(Array.from({ length: dossiers }, (_, nth) => handIn(nth)));
    await until(async () => (await whoAsks(1_000)).length > 0, 60_000);
    expect(await whoAsks(3_000)).toHaveLength(1);
    for (let nth = 0; nth < kills; nth++) {
      const [asking = couriers[0]!] = await whoAsks(500);
      await bus.kill(asking);
      await bus.again(asking);
      if (nth % 2) await pause(500 * Math.random());
    }
    await until(async () => {
      const told = await toldOf();
      return ids.every((id) => told.get(id)?.at(-1)?.data.final);
    }, withinMs);
    const told = await toldOf();
    const ways = new Set<string>();
    for (const id of ids) {
      const all = told.get(id)!;
      expect(new Set(all.map((event) => event.id)).size).toBe(all.length);
      ways.add(all.map(({ data }) => data.state).join(' '));
    }
    // What nobody could ask about in time is not told; what is told is in its order.
    const order = { births: /^(waiting )?(processing )?completed$/, certificates: /^(received )?(processing )?ready$/ };
    for (const way of ways) expect(order.births.test(way) || order.certificates.test(way)).toBe(true);
    const client = new BusClient(connection);
    const page = await client.call<FollowingPage>(followingSubjects.following, { ended: true }, Date.now() + 10_000);
    expect(page.count).toBe(dossiers);
  },
  withinMs + 120_000,
);
