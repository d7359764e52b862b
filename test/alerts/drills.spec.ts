import { setTimeout as pause } from 'node:timers/promises';
import { ClientStore } from '#lgsp/clients';
import { sampleRecord } from '#lgsp/records/testing';
import { metricTable, type MetricRow } from '#lgsp/telemetry';
import { budgetCode } from '../../apps/budget-code/budget-code.connector';
import { land } from '../../apps/land/land.connector';
import { TestRecorder } from '../../apps/ledger/testing/test.recorder';
import { payment } from '../../apps/payment/payment.connector';
import type { Answered } from '../e2e/test.bus';
import { courierDrills } from './courier.drills';
import { connectors, DrillBus } from './drill.bus';
import { alerts } from './rules';

/** What only promtool tries, and why. */
const notDrilled = {
  LgspFollowingFull: 'the load of a drill begins a thousandth of what is followed at once',
  LgspFollowingOverdue: 'nothing that is followed becomes overdue in the time of a drill',
  LgspLedgerLag: 'the load of a drill is a thousandth of what the ledger keeps up with',
  LgspProcedureFailed: 'no linked procedures run in a drill',
  LgspProcedureWaits: 'no linked procedures run in a drill',
  LgspRecordingSlow: 'a disk that is slow, and not away, cannot be ordered of NATS',
  LgspTokenKeyExpires: 'a key is renewed as long as a gateway runs, and its clock is that of the machine',
};

/** What no drill makes: a database that fails; and of certificates, only that of the system that is called over TLS. */
const notSeen = new Set([
  'lgsp_ledger_failures_total',
  'lgsp_upstream_certificate_expiry_timestamp_seconds',
  'lgsp_observations_total', // Absent until something is learned of what is followed.
]);

const drill = new DrillBus();
const { bus } = drill;
const drillMs = process.env['LGSP_DRILL'] === 'full' ? 3 * 3_600_000 : 240_000;

const callBudgetCode = () => drill.call('budget-code/look-up-unit', budgetCode.operations.lookUpUnit.example.input);
const callLand = () => drill.call('land/get-parcel', land.operations.getParcel.example.input);

/** Does something again and again until something else has happened. */
async function whilst(work: () => Promise<unknown>, everyMs: number, happens: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  const working = drill.repeat(done.signal, work, everyMs);
  await happens.finally(() => done.abort());
  await working;
}

/** Drills that do not touch each other, and each wait longer than they work: all are begun at once. */
function together(drills: Record<string, () => Promise<unknown>>): void {
  const results = new Map<string, Promise<unknown>>();
  beforeAll(() => {
    const begin = (work: () => Promise<unknown>) =>
      work().then(
        () => undefined,
        (error: unknown) => error,
      );
    for (const [name, work] of Object.entries(drills)) results.set(name, begin(work));
  });

  it.each(Object.keys(drills))(
    '%s',
    async (name) => {
      const error = await results.get(name);
      if (error) throw error as Error;
    },
    drillMs,
  );
}

beforeAll(() => drill.start(), 180_000);
afterAll(() => drill.stop(), 60_000);

describe('parts of the bus, while nobody calls', () => {
  together({
    'LgspBusSilent, LgspSystemSilent: nothing is called; one system is not called while another is': async () => {
      const whole = { within: '40m', labels: { part: 'gateway' } };
      await drill.fires('LgspBusSilent', whole);
      drill.work();
      await drill.ends('LgspBusSilent', whole);
      const system = { within: '40m', labels: { system: 'land' } };
      await drill.fires('LgspSystemSilent', system);
      await whilst(callLand, 500, drill.ends('LgspSystemSilent', system));
    },
    'LgspConnectorDown, LgspProcessDown, LgspCallbacksFail: a connector is killed, and started again': async () => {
      const [system, part] = [{ system: 'land' }, { part: 'land' }];
      await bus.kill('land');
      await drill.fires('LgspConnectorDown', { within: '5m', labels: system });
      await drill.fires('LgspProcessDown', { within: '5m', labels: part });
      const callBack = () => drill.callBack();
      await whilst(callBack, 300, drill.fires('LgspCallbacksFail', { within: '20m', labels: system }));
      await bus.again('land');
      await drill.ends('LgspConnectorDown', { within: '5m', labels: system });
      await drill.ends('LgspProcessDown', { within: '5m', labels: part });
      await drill.ends('LgspCallbacksFail', { within: '10m', labels: system });
    },
    'LgspLedgerWithoutWriter, LgspEvidenceBroken: the ledger is killed, and started again; a batch is missing':
      async () => {
        const about = { within: '8m', labels: { part: 'ledger' } };
        await bus.kill('ledger');
        await drill.fires('LgspLedgerWithoutWriter', about);
        await bus.again('ledger');
        await drill.ends('LgspLedgerWithoutWriter', about);
        const recorder = await TestRecorder.open(await bus.nats.connect('drill'));
        await recorder.append(sampleRecord());
        recorder.seal([sampleRecord()]); // Never stored.
        await recorder.append(sampleRecord());
        // It is kept up for a day, also when the chain is whole from here on: promtool tries its end.
        await drill.fires('LgspEvidenceBroken', { within: '5m', labels: { code: 'gap' } });
      },
    'LgspLimitsNotExact: Redis is killed, and started again': async () => {
      const about = { within: '5m', labels: { part: 'gateway' } };
      await bus.redis.crash();
      await drill.fires('LgspLimitsNotExact', about);
      await bus.redis.restart();
      await drill.ends('LgspLimitsNotExact', about);
    },
  });
});

describe('outside systems, clients, credentials and what is sent later', () => {
  together({
    ...courierDrills(drill),
    'LgspCircuitOpen, LgspErrorBudgetFastBurn, LgspErrorBudgetSlowBurn: an outside system is down, and comes back':
      async () => {
        await drill.order('population', { kind: 'down' });
        const about = { within: '1h', labels: { system: 'population', fault: 'upstream' } };
        await drill.fires('LgspErrorBudgetFastBurn', about);
        await drill.fires('LgspErrorBudgetSlowBurn', about);
        await drill.fires('LgspCircuitOpen', { within: '5m', labels: { system: 'population' } });
        await drill.mend('population');
        await drill.ends('LgspCircuitOpen', { within: '5m', labels: { system: 'population' } });
        await drill.ends('LgspErrorBudgetFastBurn', about);
        await drill.ends('LgspErrorBudgetSlowBurn', about);
      },
    'LgspSlow: an outside system takes six seconds, and is quick again': async () => {
      const about = { within: '20m', labels: { system: 'land' } };
      await drill.order('land', { kind: 'slow', delayMs: 6_000 });
      const visitors = () => Promise.all(Array.from({ length: 12 }, callLand));
      await whilst(visitors, 10, drill.fires('LgspSlow', about));
      await drill.mend('land');
      await whilst(visitors, 200, drill.ends('LgspSlow', about));
    },
    'LgspOutcomeUnknown: the answer of a command is lost, and what became of it is found out': async () => {
      const about = { within: '40m', labels: { system: 'payment' } };
      // So that the connector has its token: without one nothing would be sent.
      await replayed('drill-before');
      await drill.order('payment', { kind: 'hang' });
      const answer = await lostAnswer();
      await drill.fires('LgspOutcomeUnknown', about);
      await drill.mend('payment');
      // Under one key: answered once, and then from what was kept.
      await replayed('drill-again');
      const id = answer.headers.get('lgsp-transaction-id')!;
      await whilst(() => replay(id), 2_000, drill.ends('LgspOutcomeUnknown', about));
    },
    'LgspQuotaNearlySpent: a client spends its quota of the day, and gets a larger one': async () => {
      const about = { within: '5m', labels: { client: 'busy-office', quota: 'day' } };
      const secret = await bus.register('busy-office', { limits: { perDay: 10 } });
      const call = () =>
        drill.call('land/get-parcel', land.operations.getParcel.example.input, { authorization: `ApiKey ${secret}` });
      await whilst(call, 200, drill.fires('LgspQuotaNearlySpent', about));
      const clients = await ClientStore.open(await bus.nats.connect('operator'));
      await clients.put({ ...(await clients.get('busy-office'))!, limits: { perDay: 100_000 } });
      await drill.ends('LgspQuotaNearlySpent', about);
    },
    'LgspCredentialsRefused, LgspCertificateExpires: a key of ours is withdrawn, a certificate of theirs runs out':
      async () => {
        const about = { within: '15m', labels: { system: 'budget-code' } };
        const way = await drill.front.start(bus.upstreams.get('budget-code')!);
        await drill.run('budget-code', { ...way, LGSP_BUDGET_CODE_CONSUMER_SECRET: 'withdrawn' });
        await whilst(callBudgetCode, 300, drill.fires('LgspCredentialsRefused', about));
        await bus.kill('budget-code');
        await drill.run('budget-code', way);
        await whilst(callBudgetCode, 300, drill.ends('LgspCredentialsRefused', about));
        await whilst(callBudgetCode, 300, drill.fires('LgspCertificateExpires', about));
        drill.front.renew(drill.front.renewed);
        await whilst(callBudgetCode, 300, drill.ends('LgspCertificateExpires', about));
      },
    'LgspCallbackForged: somebody sends in what the land system did not say': async () => {
      const about = { within: '15m', labels: { system: 'land', kind: 'completed' } };
      await whilst(() => drill.callBack(), 500, drill.fires('LgspCallbackForged', about));
      await drill.ends('LgspCallbackForged', about);
    },
    'LgspTokenIssuerAway: the outside issuer of tokens is away, and comes back': async () => {
      const about = { within: '10m', labels: { part: 'gateway' } };
      await drill.fires('LgspTokenIssuerAway', about);
      await drill.issuer.come();
      const authorization = `Bearer ${drill.issuer.token}`;
      await whilst(
        () => drill.call('land/get-parcel', {}, { authorization }),
        500,
        drill.ends('LgspTokenIssuerAway', about),
      );
    },
  });

  const pay = (key: string) =>
    drill.call('payment/create-payment', payment.operations.createPayment.example.input, {
      'idempotency-key': key,
      'lgsp-deadline-ms': '5000',
    });

  /** Sends a command again until it is answered from what was kept. */
  async function replayed(key: string): Promise<void> {
    for (let nth = 0; (await pay(key))?.headers.get('idempotency-replayed') !== 'true'; nth++) {
      expect(nth).toBeLessThan(60);
      await pause(500);
    }
  }

  /** A command that was sent and not answered; on a busy machine its time may be over before it is sent. */
  async function lostAnswer(): Promise<Answered> {
    for (let nth = 0; ; nth++) {
      const answer = await pay(`drill-${nth}`);
      if (answer?.code === 'outcome-unknown') return answer;
      expect(nth).toBeLessThan(12);
    }
  }

  async function replay(id: string): Promise<void> {
    const secret = await operator();
    const headers = { authorization: `ApiKey ${secret}` };
    await fetch(`${bus.urls.get('gateway')}/v1/transactions/${id}/replay`, { method: 'POST', headers });
  }

  let secret: Promise<string> | undefined;
  const operator = (): Promise<string> => (secret ??= bus.register('the-operator', { role: 'operator' }));
});

describe('NATS', () => {
  it(
    'LgspRecorderStalled: NATS hangs, and goes on',
    async () => {
      const about = { within: '15m', labels: { part: 'gateway' } };
      bus.nats.freeze();
      await drill.fires('LgspRecorderStalled', about).finally(() => bus.nats.thaw());
      await drill.ends('LgspRecorderStalled', about);
    },
    drillMs,
  );

  it(
    'LgspBusAway: NATS is killed, and started again',
    async () => {
      await bus.nats.crash();
      for (const part of ['gateway', 'population'])
        await drill.fires('LgspBusAway', { within: '5m', labels: { part } });
      await bus.nats.restart();
      for (const part of ['gateway', 'population']) await drill.ends('LgspBusAway', { within: '5m', labels: { part } });
    },
    drillMs,
  );

  it('every process has exported the metrics that the table says it does', async () => {
    const seen = await drill.prometheus.exported();
    const parts: Record<MetricRow['from'], readonly string[]> = {
      gateway: ['gateway'],
      ledger: ['ledger'],
      connector: connectors,
      courier: ['courier'],
      // No procedures run in a drill.
      'linked-procedures': [],
      'gateway, ledger, courier': ['gateway', 'ledger', 'courier'],
      'every process': ['gateway', 'ledger', 'courier', ...connectors],
    };
    const missing = Object.entries<MetricRow>(metricTable).filter(
      ([name, { from }]) => !notSeen.has(name) && parts[from].some((part) => !seen.get(name)?.has(part)),
    );
    expect(missing.map(([name]) => name)).toEqual([]);
  });

  it('every alert was drilled, or it says why not', () => {
    const all = [...drill.fired, ...Object.keys(notDrilled)];
    expect(all.toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
  });
});
