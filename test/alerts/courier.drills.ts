import { BusClient } from '#lgsp/bus';
import { courierSubjects, type DeadPage } from '#lgsp/jobs';
import { payment } from '../../apps/payment/payment.connector';
import { vnpost } from '../../apps/vnpost/vnpost.connector';
import type { Answered } from '../e2e/test.bus';
import { Receiver } from '../e2e/receiver';
import type { DrillBus } from './drill.bus';
import { freePort } from './test.prometheus';

const askMs = 30_000;
const who = 'the operator of the drill';

/** Drills of what happens after the answer: each about a system or a client that no other drill breaks. */
export function courierDrills(drill: DrillBus): Record<string, () => Promise<void>> {
  return {
    'LgspDeadLetters, LgspWebhookFailing, LgspWebhookDisabled: a command is refused, its client is away, and comes back':
      () => drillRefused(drill),
    'LgspJobsHeld: an operator pauses a system, and resumes it': () => drillHeld(drill),
    'LgspJobsOld: an outside system fails with a command each time, and then takes it': () => drillOld(drill),
  };
}

async function drillRefused(drill: DrillBus): Promise<void> {
  const authorization = `ApiKey ${await drill.bus.register('away-office')}`;
  const port = await freePort();
  const subscribe = () => putSubscription(drill, `http://127.0.0.1:${port}/events`, authorization);
  await subscribe();
  const order = { ...vnpost.operations.createOrder.example.input, noSuchField: 1 };
  await accepted(drill, 'vnpost/create-order', order, { authorization, 'lgsp-dossier': 'H24.11-261101-0101' });
  const letters = { within: '5m', labels: { system: 'vnpost' } };
  await drill.fires('LgspDeadLetters', letters);
  const { letters: found } = await ask<DeadPage>(drill, courierSubjects.deadLetters, { system: 'vnpost', limit: 10 });
  for (const { transactionId: id } of found) await ask(drill, courierSubjects.giveUp, { id, who, reason: 'a drill' });
  await drill.ends('LgspDeadLetters', letters);
  const failing = { within: '25m', labels: { client: 'away-office' } };
  const disabled = { within: '60m', labels: { client: 'away-office' } };
  await drill.fires('LgspWebhookFailing', failing);
  await drill.fires('LgspWebhookDisabled', disabled);
  const receiver = await new Receiver().start(port);
  await subscribe();
  await drill.ends('LgspWebhookDisabled', disabled);
  await drill.ends('LgspWebhookFailing', failing);
  await receiver.stop();
}

async function drillHeld(drill: DrillBus): Promise<void> {
  const about = { within: '25m', labels: { system: 'payment' } };
  await ask(drill, courierSubjects.pause, { system: 'payment', who, reason: 'a drill' });
  const { input } = payment.operations.createPayment.example;
  const id = await accepted(drill, 'payment/create-payment', input, { 'lgsp-dossier': 'H24.11-261101-0102' });
  await drill.fires('LgspJobsHeld', about);
  await ask(drill, courierSubjects.cancel, { id, who });
  await ask(drill, courierSubjects.resume, { system: 'payment', who });
  await drill.ends('LgspJobsHeld', about);
}

async function drillOld(drill: DrillBus): Promise<void> {
  const about = { within: '45m', labels: { system: 'vnpost' } };
  await drill.order('vnpost', { kind: 'error-500' });
  const { input } = vnpost.operations.createOrder.example;
  await accepted(drill, 'vnpost/create-order', input, { 'lgsp-dossier': 'H24.11-261101-0103' });
  await drill.fires('LgspJobsOld', about);
  await drill.mend('vnpost');
  await drill.ends('LgspJobsOld', about);
}

async function ask<T>(drill: DrillBus, subject: string, question: object): Promise<T> {
  const client = new BusClient(await drill.bus.nats.connect('operator'));
  return client.call<T>(subject, question, Date.now() + askMs);
}

/** Hands in a command that is sent later, and gives its transaction. A gateway that was just started may not know it yet. */
async function accepted(
  drill: DrillBus,
  path: string,
  input: object,
  headers: Record<string, string>,
): Promise<string> {
  const later = { prefer: 'respond-async', 'idempotency-key': headers['lgsp-dossier']!, ...headers };
  for (const deadline = Date.now() + askMs; ;) {
    const answer: Answered | undefined = await drill.call(path, input, later);
    if (answer?.status === 202) return answer.headers.get('lgsp-transaction-id')!;
    if (Date.now() > deadline) throw new Error(`${path} is not accepted: ${answer?.text}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function putSubscription(drill: DrillBus, url: string, authorization: string): Promise<void> {
  const headers = { authorization, 'content-type': 'application/json' };
  const address = `${drill.bus.urls.get('gateway')}/v1/subscriptions/drill`;
  for (const deadline = Date.now() + askMs; ;) {
    const response = await fetch(address, { method: 'PUT', headers, body: JSON.stringify({ url }) });
    if (response.ok) return;
    if (Date.now() > deadline) throw new Error(`no subscription: ${await response.text()}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
