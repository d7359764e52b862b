import { setTimeout as pause } from 'node:timers/promises';
import { KeyValueStore } from '#lgsp/bus';
import { ClientStore } from '#lgsp/clients';
import { budgetCode } from '../../apps/budget-code/budget-code.connector';
import { land } from '../../apps/land/land.connector';
import { payment } from '../../apps/payment/payment.connector';
import type { Answered } from '../e2e/test.bus';
import type { DrillBus, DrillSet } from './drill.bus';
import { factor, msOf } from './rules';

/** Drills of outside systems, of those who call, and of keys: each about a system that no other drill breaks at the time. */
export function systemDrills(drill: DrillBus): DrillSet {
  const callLand = (headers?: Record<string, string>) =>
    drill.call('land/get-parcel', land.operations.getParcel.example.input, headers);
  return {
    always: {
      'LgspCircuitOpen, LgspErrorBudgetFastBurn: an outside system is down, and comes back': async () => {
        drill.work();
        const about = { within: '1h', labels: { system: 'population', fault: 'upstream' } };
        await drill.order('population', { kind: 'down' });
        await drill.fires('LgspErrorBudgetFastBurn', about);
        await drill.fires('LgspCircuitOpen', { within: '5m', labels: { system: 'population' } });
        await drill.mend('population');
        await drill.ends('LgspCircuitOpen', { within: '5m', labels: { system: 'population' } });
        await drill.ends('LgspErrorBudgetFastBurn', about);
      },
      'LgspQuotaNearlySpent: a client spends its quota of the day, and gets a larger one': async () => {
        const about = { within: '5m', labels: { client: 'busy-office', quota: 'day' } };
        const secret = await drill.bus.register('busy-office', { limits: { perDay: 10 } });
        const call = () => callLand({ authorization: `ApiKey ${secret}` });
        await drill.whilst(call, 200, drill.fires('LgspQuotaNearlySpent', about));
        const clients = await ClientStore.open(await drill.bus.nats.connect('operator'));
        await clients.put({ ...(await clients.get('busy-office'))!, limits: { perDay: 100_000 } });
        await drill.ends('LgspQuotaNearlySpent', about);
      },
      'LgspCredentialsRefused, LgspCertificateExpires: a key of ours is withdrawn, a certificate of theirs runs out':
        () => drillCredentials(drill),
      'LgspCallbackForged: somebody sends in what the land system did not say': async () => {
        const about = { within: '15m', labels: { system: 'land', kind: 'completed' } };
        const callBack = () => drill.callBack('land/completed');
        await drill.whilst(callBack, 500, drill.fires('LgspCallbackForged', about));
        await drill.ends('LgspCallbackForged', about);
      },
      'LgspTokenIssuerAway: the outside issuer of tokens is away, and comes back': async () => {
        const about = { within: '10m', labels: { part: 'gateway' } };
        await drill.fires('LgspTokenIssuerAway', about);
        await drill.issuer.come();
        const call = () => callLand({ authorization: `Bearer ${drill.issuer.token}` });
        await drill.whilst(call, 500, drill.ends('LgspTokenIssuerAway', about));
      },
    },
    others: {
      'LgspSlow: an outside system takes six seconds, and is quick again': async () => {
        const about = { within: '20m', labels: { system: 'land' } };
        await drill.order('land', { kind: 'slow', delayMs: 6_000 });
        const visitors = () => Promise.all(Array.from({ length: 12 }, () => callLand()));
        await drill.whilst(visitors, 10, drill.fires('LgspSlow', about));
        await drill.mend('land');
        await drill.whilst(visitors, 200, drill.ends('LgspSlow', about));
      },
      'LgspOutcomeUnknown: the answer of a command is lost, and what became of it is found out': () =>
        drillLostAnswer(drill),
      'LgspTokenKeyExpires: NATS does not take the next key of access tokens, and then does': () =>
        drillTokenKey(drill),
    },
  };
}

async function drillCredentials(drill: DrillBus): Promise<void> {
  const call = () => drill.call('budget-code/look-up-unit', budgetCode.operations.lookUpUnit.example.input);
  const about = { within: '15m', labels: { system: 'budget-code' } };
  const way = await drill.front.start(drill.bus.upstreams.get('budget-code')!);
  await drill.run('budget-code', { ...way, LGSP_BUDGET_CODE_CONSUMER_SECRET: 'withdrawn' });
  await drill.whilst(call, 300, drill.fires('LgspCredentialsRefused', about));
  await drill.bus.kill('budget-code');
  await drill.run('budget-code', way);
  await drill.whilst(call, 300, drill.ends('LgspCredentialsRefused', about));
  await drill.whilst(call, 300, drill.fires('LgspCertificateExpires', about));
  drill.front.renew(drill.front.renewed);
  await drill.whilst(call, 300, drill.ends('LgspCertificateExpires', about));
}

interface KeptKey {
  signsUntil: number;
}

/** What a gateway keeps so large; and what of it a bucket takes that takes no key. */
const withoutKeysBytes = 200;

/** The key that signs is about to end. The gateways look once a minute whether they should make the next one. */
async function drillTokenKey(drill: DrillBus): Promise<void> {
  const labels = { part: 'gateway' };
  const connection = await drill.bus.nats.connect('operator');
  const keys = await KeyValueStore.open<KeptKey>(connection, { bucket: 'KEYS', description: '' });
  const take = async (bytesMax: number): Promise<void> => {
    const streams = (await connection.nats.jetstreamManager()).streams;
    await streams.update('KV_KEYS', { max_msg_size: bytesMax });
  };
  const made = await keys.all();
  const [newest] = [...made.values()].toSorted((one, two) => two.signsUntil - one.signsUntil);
  const signsUntil = Date.now() + msOf('11h') * factor;
  await keys.put('ending', { ...newest!, kid: 'ending', signsUntil } as KeptKey);
  await take(withoutKeysBytes);
  for (const kid of made.keys()) await keys.delete(kid);
  await drill.fires('LgspTokenKeyExpires', { within: '5m', labels });
  await take(-1);
  await drill.ends('LgspTokenKeyExpires', { within: '20m', labels });
}

async function drillLostAnswer(drill: DrillBus): Promise<void> {
  const about = { within: '40m', labels: { system: 'payment' } };
  const authorization = `ApiKey ${await drill.bus.register('the-operator', { role: 'operator' })}`;
  // So that the connector has its token: without one nothing would be sent.
  await replayed(drill, 'drill-before');
  await drill.order('payment', { kind: 'hang' });
  const answer = await lostAnswer(drill);
  await drill.fires('LgspOutcomeUnknown', about);
  await drill.mend('payment');
  // Under one key: answered once, and then from what was kept.
  await replayed(drill, 'drill-again');
  const url = `${drill.bus.urls.get('gateway')}/v1/transactions/${answer.headers.get('lgsp-transaction-id')!}/replay`;
  const replay = () => fetch(url, { method: 'POST', headers: { authorization } });
  await drill.whilst(replay, 2_000, drill.ends('LgspOutcomeUnknown', about));
}

const pay = (drill: DrillBus, key: string): Promise<Answered | undefined> =>
  drill.call('payment/create-payment', payment.operations.createPayment.example.input, {
    'idempotency-key': key,
    'lgsp-deadline-ms': '5000',
  });

/** Sends a command again until it is answered from what was kept. */
async function replayed(drill: DrillBus, key: string): Promise<void> {
  for (let nth = 0; (await pay(drill, key))?.headers.get('idempotency-replayed') !== 'true'; nth++) {
    expect(nth).toBeLessThan(60);
    await pause(500);
  }
}

/** A command that was sent and not answered; on a busy machine its time may be over before it is sent. */
async function lostAnswer(drill: DrillBus): Promise<Answered> {
  for (let nth = 0; ; nth++) {
    const answer = await pay(drill, `drill-${nth}`);
    if (answer?.code === 'outcome-unknown') return answer;
    expect(nth).toBeLessThan(12);
  }
}
