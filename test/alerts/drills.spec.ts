import { metricTable, type MetricRow } from '#lgsp/telemetry';
import { courierDrills } from './courier.drills';
import { connectors, DrillBus, type DrillSet } from './drill.bus';
import { partDrills } from './part.drills';
import { registryDrills } from './registry.drills';
import { alerts, drillsAll, isFull } from './rules';
import { systemDrills } from './system.drills';

/** What no drill makes: a database that fails; and of certificates, only those of who is reached over TLS. */
const notSeen = new Set([
  'lgsp_ledger_failures_total',
  'lgsp_upstream_certificate_expiry_timestamp_seconds',
  'lgsp_bus_certificate_expiry_timestamp_seconds',
  'lgsp_observations_total', // Absent until something is learned of what is followed.
]);

/** What only a drill makes that is left out of `npm test`: e2e/dashboards.spec.ts sees it there. */
const seenByAll = new Set([
  'lgsp_idempotent_replays_total',
  'lgsp_upstream_attempts_total',
  'lgsp_upstream_duration_seconds',
  'lgsp_webhooks_failing_seconds',
  'lgsp_webhooks_disabled',
  'lgsp_webhook_deliveries_total',
  'lgsp_following',
  'lgsp_following_oldest_seconds',
  'lgsp_following_overdue',
  'lgsp_polls_total',
]);

const drill = new DrillBus();
const { bus } = drill;
const drillMs = isFull ? 3 * 3_600_000 : 240_000;

const alertsIn = (title: string): string[] => title.split(':')[0]!.split(', ');
/** What is drilled in this run, and what only by `npm run drill`. */
const drilled: string[] = [];
const leftOut: string[] = [];

/** A test for a drill; one that is left out says who does it. */
function drillOf(title: string, isLeftOut: boolean, work: () => Promise<unknown>): void {
  (isLeftOut ? leftOut : drilled).push(...alertsIn(title));
  // All of them take minutes of both cores: npm test says which it leaves out, and npm run drill leaves out none.
  if (isLeftOut) it.todo(`${title} (drilled by npm run drill)`);
  else it(title, async () => void (await work()), drillMs);
}

/** Each waits longer than it works: all are begun at once. */
function together(...sets: DrillSet[]): void {
  const begun = Object.assign({}, ...sets.map(({ always }) => always)) as DrillSet['always'];
  const others = Object.assign({}, ...sets.map((set) => set.others)) as DrillSet['others'];
  if (drillsAll) Object.assign(begun, others);
  const results = new Map<string, Promise<unknown>>();
  beforeAll(() => {
    const begin = (work: () => Promise<unknown>) =>
      work().then(
        () => undefined,
        (error: unknown) => error,
      );
    for (const [title, work] of Object.entries(begun)) results.set(title, begin(work));
  });

  for (const title of Object.keys({ ...begun, ...others })) {
    drillOf(title, !(title in begun), async () => {
      const error = await results.get(title);
      if (error) throw error as Error;
    });
  }
}

beforeAll(() => drill.start(), 180_000);
afterAll(() => drill.stop(), 60_000);

describe('parts of the bus, while nobody calls', () => {
  together(partDrills(drill));
});

describe('outside systems, clients, credentials and what is sent later', () => {
  together(systemDrills(drill), courierDrills(drill), registryDrills(drill));
});

describe('NATS', () => {
  drillOf('LgspRecordingSlow: the line to NATS becomes long, and is short again', !drillsAll, async () => {
    const about = { within: '15m', labels: { part: 'gateway' } };
    drill.work();
    drill.line.delayMs = 250;
    await drill.fires('LgspRecordingSlow', about).finally(() => (drill.line.delayMs = 0));
    await drill.ends('LgspRecordingSlow', about);
  });

  drillOf('LgspRecorderStalled: NATS hangs, and goes on', !drillsAll, async () => {
    const about = { within: '15m', labels: { part: 'gateway' } };
    bus.nats.freeze();
    await drill.fires('LgspRecorderStalled', about).finally(() => bus.nats.thaw());
    await drill.ends('LgspRecorderStalled', about);
  });

  drillOf('LgspBusAway: NATS is killed, and started again', false, async () => {
    const drills = ['gateway', 'population'].map((part) => ({ within: '5m', labels: { part } }));
    await bus.nats.crash();
    for (const about of drills) await drill.fires('LgspBusAway', about);
    await bus.nats.restart();
    for (const about of drills) await drill.ends('LgspBusAway', about);
  });

  it('every process has exported the metrics that the table says it does', async () => {
    const seen = await drill.prometheus.exported();
    const parts: Record<MetricRow['from'], readonly string[]> = {
      gateway: ['gateway'],
      ledger: ['ledger'],
      connector: connectors,
      courier: ['courier'],
      'linked-procedures': ['linked-procedures'],
      'gateway, ledger, courier': ['gateway', 'ledger', 'courier'],
      'every process': ['gateway', 'ledger', 'courier', 'linked-procedures', ...connectors],
    };
    const missing = Object.entries<MetricRow>(metricTable).filter(
      ([name, { from }]) =>
        !notSeen.has(name) &&
        (drillsAll || !seenByAll.has(name)) &&
        parts[from].some((part) => !seen.get(name)?.has(part)),
    );
    expect(missing.map(([name]) => name)).toEqual([]);
  });

  it('every alert has its drill, and those of this run have fired', () => {
    expect([...drilled, ...leftOut].toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
    expect([...drill.fired].toSorted()).toEqual(drilled.toSorted());
  });
});
