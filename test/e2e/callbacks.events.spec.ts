import { BusClient, type BusConnection, type KeyValueStore } from '#lgsp/bus';
import { courierSubjects } from '#lgsp/jobs';
import {
  followingSubjects,
  openFollowPositions,
  ProgressLog,
  type FollowingPage,
  type FollowPosition,
} from '#lgsp/progress';
import { until } from '../../apps/gateway/testing/gateway.harness';
import type { Message } from '../../apps/sandbox/payment/payment.proof';
import { CallbacksHarness, stepMs } from './callbacks.harness';
import { confirmationOf, provenBy } from './payment.confirmations';

/** What its client is told of a payment, however often, when, and in whatever order the platform calls back and is asked. */

const harness = new CallbacksHarness();
const patienceMs = 20_000;
const yearMs = 365 * 86_400_000;
let connection: BusConnection;
let progress: ProgressLog;
let positions: KeyValueStore<FollowPosition>;

beforeAll(async () => {
  await harness.startAll();
  connection = await harness.nats.connect('tester');
  [progress, positions] = await Promise.all([ProgressLog.open(connection), openFollowPositions(connection)]);
}, 60_000);
afterAll(() => harness.stop());
// The platform confirms nothing by itself, unless a test wants it.
beforeEach(() => harness.standIns.get('payment')!.setFault({ kind: 'late-callbacks', delayMs: 120_000 }));

const signed = (message: Message, by = harness.secretOf('payment', 'LGSP_PAYMENT_SECRET')) => provenBy(by, message);
const confirm = async (message: Message): Promise<number> =>
  (await harness.callBack('payment/confirmation', message)).status;
/** The same confirmation so often, at once. */
const confirmAll = (reference: string, times = 5): Promise<number[]> =>
  Promise.all(Array.from({ length: times }, () => confirm(signed(confirmationOf(reference)))));
const taken = Array.from({ length: 5 }, () => 200);

/** What the client was told, as `state source`. */
const toldOf = async (reference: string): Promise<string[]> =>
  (await harness.progressOf(reference)).map(({ data }) => `${data.state} ${data.source}`);
const isTold = (reference: string, state: string): Promise<void> =>
  until(async () => (await harness.progressOf(reference)).some(({ data }) => data.state === state), patienceMs);

/** Waits until all that was learned so far is dealt with. */
async function dealtWith(): Promise<void> {
  const { last } = await progress.state();
  await until(async () => ((await positions.get('payment'))?.value.sequence ?? 0) >= last, patienceMs);
}

/** Asks the courier about payments, as an operator does. */
const ask = <T>(subject: string, question: object = {}): Promise<T> =>
  new BusClient(connection).call<T>(subject, { system: 'payment', ...question }, Date.now() + patienceMs);

describe('before the bus has asked', () => {
  // The first question about a payment is asked half a minute after it was opened, if nothing is heard of it.
  beforeAll(() => harness.startCourier());
  afterAll(() => harness.courier!.stop());

  it('a payment that is confirmed five times is told once, and not again when it is confirmed years later', async () => {
    const reference = await harness.openPayment(8_000);
    harness.clock.advance(stepMs);
    expect(await confirmAll(reference)).toEqual(taken);
    await isTold(reference, 'paid');
    harness.clock.advance(3 * yearMs);
    for (const ThoiGianGD of ['20261101140509', '20200101000000'])
      expect(await confirm(signed(confirmationOf(reference, { ThoiGianGD })))).toBe(200);
    await dealtWith();
    expect(await toldOf(reference)).toEqual(['paid callback']);
    const [event] = await harness.progressOf(reference);
    expect(event).toMatchObject({ client: 'tester', operation: 'create-payment', data: { final: true } });
  }, 60_000);

  it('a payment that the platform confirms five times by itself is told once', async () => {
    await harness.standIns.get('payment')!.setFault({ kind: 'duplicate-callbacks' });
    const reference = await harness.openPayment(8_000);
    const before = harness.callbacksCounted('payment', 'confirmation', 'accepted');
    harness.clock.advance(stepMs);
    await until(() => harness.callbacksCounted('payment', 'confirmation', 'accepted') >= before + 5, patienceMs);
    await isTold(reference, 'paid');
    await dealtWith();
    expect(await toldOf(reference)).toEqual(['paid callback']);
  }, 60_000);
});

describe('while the bus asks', () => {
  beforeAll(() => harness.startCourier({ LGSP_COURIER_POLL_MS_MAX: '200', LGSP_COURIER_POLLS_PER_SECOND: '50' }));
  afterAll(() => harness.courier!.stop());

  it('a payment of which it knows is not told again by five confirmations', async () => {
    const reference = await harness.openPayment(8_000);
    await isTold(reference, 'pending');
    harness.clock.advance(stepMs);
    await isTold(reference, 'paid');
    expect(await confirmAll(reference)).toEqual(taken);
    await dealtWith();
    expect(await toldOf(reference)).toEqual(['pending poll', 'paid poll']);
  }, 60_000);

  it('a payment of which it learns in the same moment is told once', async () => {
    const references = await Promise.all(Array.from({ length: 6 }, () => harness.openPayment(8_000)));
    await Promise.all(references.map((reference) => isTold(reference, 'pending')));
    harness.clock.advance(stepMs);
    for (const statuses of await Promise.all(references.map((reference) => confirmAll(reference))))
      expect(statuses).toEqual(taken);
    await Promise.all(references.map((reference) => isTold(reference, 'paid')));
    await dealtWith();
    for (const reference of references)
      expect((await harness.progressOf(reference)).map(({ data }) => data.state)).toEqual(['pending', 'paid']);
  }, 60_000);

  it('a payment that is confirmed late by the platform itself is told once', async () => {
    await harness.standIns.get('payment')!.setFault({ kind: 'late-callbacks', delayMs: 1_500 });
    const before = harness.callbacksCounted('payment', 'confirmation', 'accepted');
    const reference = await harness.openPayment(8_000);
    harness.clock.advance(stepMs);
    await isTold(reference, 'paid');
    await until(() => harness.callbacksCounted('payment', 'confirmation', 'accepted') > before, patienceMs);
    await dealtWith();
    expect((await toldOf(reference)).filter((told) => told.startsWith('paid'))).toEqual(['paid poll']);
  }, 60_000);

  it('nothing is told by forgeries and wrong amounts, which are seen; and what is true once it is asked', async () => {
    const counted = (result: string) => harness.callbacksCounted('payment', 'confirmation', result);
    await ask(courierSubjects.pause, { who: 'test' });
    const reference = await harness.openPayment(8_000);
    harness.clock.advance(stepMs);
    const [forged, mismatch] = [counted('forged'), counted('mismatch')];
    const claim = confirmationOf(reference);
    for (const message of [claim, signed(claim, 'guessed'), { ...signed({ ...claim, SoTien: 1 }), SoTien: 8_000 }])
      expect(await confirm(message)).toBe(403);
    for (const SoTien of [9_000, 800, 80_000]) expect(await confirm(signed({ ...claim, SoTien }))).toBe(422);
    expect([counted('forged') - forged, counted('mismatch') - mismatch]).toEqual([3, 3]);
    for (const result of ['forged', 'mismatch'])
      expect(harness.logLines.filter((line) => line.includes(`"result":"${result}"`)).length).toBeGreaterThanOrEqual(3);
    await dealtWith();
    expect(await harness.observationsOf(reference)).toEqual([]);
    expect(await toldOf(reference)).toEqual([]);
    await ask(courierSubjects.resume, { who: 'test' });
    await isTold(reference, 'paid');
    expect(await toldOf(reference)).toEqual(['paid poll']);
  }, 60_000);
});

describe('while no more may be followed', () => {
  const followedMax = 2;
  beforeAll(() =>
    harness.startCourier({
      LGSP_COURIER_FOLLOWED_MAX: String(followedMax),
      LGSP_COURIER_POLL_MS_MAX: '200',
      LGSP_COURIER_POLLS_PER_SECOND: '50',
    }),
  );
  afterAll(() => harness.courier!.stop());
  const page = () => ask<FollowingPage>(followingSubjects.following);
  const gauge = (): number | undefined =>
    harness.courier!.metrics.values('lgsp_following_waiting').find(({ labels }) => labels.system === 'payment')?.value;

  it('payments wait, are followed as others end, and each is told once, also one that was confirmed while it waited', async () => {
    const references: string[] = [];
    for (let nth = 0; nth < 5; nth++) {
      references.push(await harness.openPayment(8_000));
      if (nth < followedMax) await isTold(references[nth]!, 'pending');
    }
    await until(async () => (await page()).waiting['payment'] === 3, patienceMs);
    expect((await page()).items.map(({ reference }) => reference)).toEqual(references.slice(0, followedMax));
    await until(() => gauge() === 3, patienceMs);
    await ask(courierSubjects.pause, { who: 'test' });
    harness.clock.advance(stepMs);
    const last = references.at(-1)!;
    expect(await confirmAll(last)).toEqual(taken);
    await dealtWith();
    expect(await toldOf(last)).toEqual([]);
    await ask(courierSubjects.resume, { who: 'test' });
    await Promise.all(references.map((reference) => isTold(reference, 'paid')));
    await dealtWith();
    const told = await Promise.all(references.map(toldOf));
    const followed = ['pending poll', 'paid poll'];
    expect(told).toEqual([followed, followed, ['paid poll'], ['paid poll'], ['paid callback']]);
    expect((await page()).waiting).toEqual({});
    await until(() => gauge() === 0, patienceMs);
  }, 90_000);
});
