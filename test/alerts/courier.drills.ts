import { freePort } from '#lgsp/bus/testing';
import { courierSubjects, type DeadPage } from '#lgsp/jobs';
import { payment } from '../../apps/payment/payment.connector';
import { vnpost } from '../../apps/vnpost/vnpost.connector';
import type { Answered } from '../e2e/test.bus';
import { Receiver } from '../e2e/receiver';
import type { DrillBus, DrillSet } from './drill.bus';

const askMs = 30_000;
const who = 'the operator of the drill';

/** Drills of what happens after the answer: each about a system or a client that no other drill breaks. */
export function courierDrills(drill: DrillBus): DrillSet {
  let refused: Promise<void> | undefined;
  return {
    always: {
      'LgspDeadLetters: a command is refused, and an operator gives it up': () => (refused = drillRefused(drill)),
    },
    others: {
      'LgspWebhookFailing, LgspWebhookDisabled: a client is away, and comes back': () => drillAway(drill),
      'LgspJobsHeld: an operator pauses a system, and resumes it': () => drillHeld(drill),
      'LgspJobsOld: an outside system fails with a command each time, and then takes it': async () => {
        await refused;
        await drillOld(drill);
      },
    },
  };
}

async function drillRefused(drill: DrillBus): Promise<void> {
  const letters = { within: '5m', labels: { system: 'vnpost' } };
  const order = { ...vnpost.operations.createOrder.example.input, noSuchField: 1 };
  await accepted(drill, 'vnpost/create-order', order, { 'lgsp-dossier': 'H24.11-261101-0101' });
  await drill.fires('LgspDeadLetters', letters);
  const { letters: found } = await drill.ask<DeadPage>(courierSubjects.deadLetters, { system: 'vnpost', limit: 10 });
  for (const { transactionId: id } of found) await drill.ask(courierSubjects.giveUp, { id, who, reason: 'a drill' });
  await drill.ends('LgspDeadLetters', letters);
}

async function drillAway(drill: DrillBus): Promise<void> {
  const authorization = `ApiKey ${await drill.bus.register('away-office')}`;
  const port = await freePort();
  const subscribe = () => putSubscription(drill, `http://127.0.0.1:${port}/events`, authorization);
  await subscribe();
  const { input } = payment.operations.createPayment.example;
  await accepted(drill, 'payment/create-payment', input, { authorization, 'lgsp-dossier': 'H24.11-261101-0104' });
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
  await drill.ask(courierSubjects.pause, { system: 'payment', who, reason: 'a drill' });
  const { input } = payment.operations.createPayment.example;
  const id = await accepted(drill, 'payment/create-payment', input, { 'lgsp-dossier': 'H24.11-261101-0102' });
  await drill.fires('LgspJobsHeld', about);
  await drill.ask(courierSubjects.cancel, { id, who });
  await drill.ask(courierSubjects.resume, { system: 'payment', who });
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
