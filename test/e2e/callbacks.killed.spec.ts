import { randomBytes, randomUUID } from 'node:crypto';
import { ProgressLog } from '#lgsp/progress';
import { payment } from '../../apps/payment/payment.connector';
import { confirmationOf, provenBy } from './payment.confirmations';
import { TestBus } from './test.bus';

/** Gateway and connector are killed with -9 while the platform confirms payments; it sends each again until it is answered. */

const bus = new TestBus();
const payments = 16;
const kills = 4;

beforeAll(async () => {
  await bus.start();
  const sandbox = { LGSP_SANDBOX_PORT: '0', LGSP_SANDBOX_SECRET: randomBytes(16).toString('hex') };
  await bus.run('sandbox', 'sandbox', { ...sandbox, LGSP_SANDBOX_STEP_MS: '10' });
  const gateway = { LGSP_CALLBACK_NETWORKS: '{"payment":["127.0.0.1"]}', LGSP_CALLBACKS_PER_SECOND: '10000' };
  await Promise.all([
    bus.run('payment', 'payment', bus.upstreams.get('payment')),
    bus.run('gateway', 'gateway', gateway),
  ]);
}, 180_000);
afterAll(() => bus.stop());

async function open(): Promise<string> {
  const { input } = payment.operations.createPayment.example;
  const context = { 'lgsp-agency': 'H24.11', 'lgsp-dossier': 'H24.11-261101-0001', 'lgsp-procedure': '2.000635' };
  const headers = { ...context, 'idempotency-key': randomUUID() };
  const { text } = await bus.call('gateway', 'payment/create-payment', input, headers);
  return (JSON.parse(text) as { reference: string }).reference;
}

/** Sends a confirmation until it is taken, and then once more. @returns how often it was sent */
async function confirm(reference: string): Promise<number> {
  const secret = bus.upstreams.get('payment')!['LGSP_PAYMENT_SECRET']!;
  const body = JSON.stringify(provenBy(secret, confirmationOf(reference)));
  const send = async (): Promise<boolean> => {
    const url = `${bus.urls.get('gateway')}/v1/callbacks/payment/confirmation`;
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(15_000) }).catch(
      () => undefined, // Killed before it answered: it is sent again.
    );
    return answer?.status === 200;
  };
  for (let sent = 1; ; sent++) {
    if ((await send()) && (await send())) return sent + 1;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

it('each payment is settled once, whenever they were killed', async () => {
  const references = await Promise.all(Array.from({ length: payments }, open));
  const done = new AbortController();
  const killing = (async () => {
    for (let nth = 0; nth < kills && !done.signal.aborted; nth++) {
      const victim = nth % 2 === 0 ? 'gateway' : 'payment';
      await bus.kill(victim);
      await bus.again(victim);
    }
  })();
  const sent = [];
  // A few at a time, so that some are under way whenever somebody is killed.
  for (let nth = 0; nth < payments; nth += 4)
    sent.push(...(await Promise.all(references.slice(nth, nth + 4).map(confirm))));
  done.abort();
  await killing;
  expect(Math.max(...sent)).toBeGreaterThan(2);

  const progress = await ProgressLog.open(await bus.nats.connect('tester'));
  const told: string[] = [];
  for await (const { observation } of progress.follow('payment', 0, AbortSignal.timeout(3_000)))
    told.push(`${observation.reference} ${observation.state}`);
  expect(told.toSorted()).toEqual(references.map((reference) => `${reference} paid`).toSorted());
}, 240_000);
