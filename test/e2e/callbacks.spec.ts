import { ProgressLog } from '#lgsp/progress';
import type { Message } from '../../apps/sandbox/payment/payment.proof';
import { until } from '../../apps/gateway/testing/gateway.harness';
import { CallbacksHarness, stepMs } from './callbacks.harness';
import { confirmationOf, provenBy } from './payment.confirmations';

/** What outside systems send in by themselves: true, forged, late, again and again, and what becomes of it. */

const harness = new CallbacksHarness();
beforeAll(() => harness.startAll(), 60_000);
afterAll(() => harness.stop());
afterEach(async () => {
  for (const standIn of harness.standIns.values()) await standIn.setFault(undefined);
});

const secret = (): string => harness.secretOf('payment', 'LGSP_PAYMENT_SECRET');
const signed = (message: Message, by = secret()): Message => provenBy(by, message);
const confirm = (message: unknown, headers?: Record<string, string>) =>
  harness.callBack('payment/confirmation', message, headers);

/** A payment that the payer has paid, of which the stand-in has told nothing. */
async function paid(amount = 8_000): Promise<string> {
  await harness.standIns.get('payment')!.setFault({ kind: 'late-callbacks', delayMs: 120_000 });
  const reference = await harness.openPayment(amount);
  harness.clock.advance(stepMs);
  return reference;
}

describe('a payment', () => {
  it('is settled once, however often the platform confirms it by itself', async () => {
    await harness.standIns.get('payment')!.setFault({ kind: 'duplicate-callbacks' });
    const reference = await harness.openPayment(8_000);
    expect(await harness.observationsOf(reference)).toEqual([]);
    const before = harness.callbacksCounted('payment', 'confirmation', 'accepted');
    harness.clock.advance(stepMs);
    await until(() => harness.callbacksCounted('payment', 'confirmation', 'accepted') >= before + 5, 20_000);
    expect(await harness.observationsOf(reference)).toEqual([
      {
        system: 'payment',
        reference,
        state: 'paid',
        upstreamState: '1',
        final: true,
        at: expect.stringMatching(/\+07:00$/),
        source: 'callback',
      },
    ]);
  });

  it('is answered in the words of the platform, with the time that the platform says and not the callback', async () => {
    const reference = await paid();
    const answer = await confirm(signed(confirmationOf(reference, { ThoiGianGD: '20990101000000' })));
    expect(answer).toEqual({
      status: 200,
      contentType: 'application/json; charset=utf-8',
      text: '{"MaLoi":"00","MoTaLoi":"Thành công"}',
    });
    const [observation] = await harness.observationsOf(reference);
    expect(observation!.at < '2099').toBe(true);
  });

  it('is the same when it is told by another time and again years later', async () => {
    const reference = await paid();
    await confirm(signed(confirmationOf(reference)));
    harness.clock.advance(3 * 365 * 86_400_000);
    for (const ThoiGianGD of ['20261101140509', '20200101000000'])
      expect((await confirm(signed(confirmationOf(reference, { ThoiGianGD })))).status).toBe(200);
    expect(await harness.observationsOf(reference)).toHaveLength(1);
  });

  it('that failed is told as failed, and not on the word of a callback that says it was paid', async () => {
    const reference = await paid(10_004);
    const claim = { SoTien: 10_004, MaLoi: '00' };
    expect((await confirm(signed(confirmationOf(reference, claim)))).status).toBe(422);
    expect(await harness.observationsOf(reference)).toEqual([]);
    expect((await confirm(signed(confirmationOf(reference, { ...claim, MaLoi: '99' })))).status).toBe(200);
    expect(await harness.observationsOf(reference)).toMatchObject([
      { state: 'failed', upstreamState: '4', final: true },
    ]);
  });

  it.each([
    ['another amount', { SoTien: 9_000 }],
    ['a tenth of the amount', { SoTien: '800' }],
    ['another currency', { MaTienTe: 'USD' }],
  ])('with %s is refused although the hash is right, and seen', async (_what, change) => {
    const reference = await paid();
    const before = harness.callbacksCounted('payment', 'confirmation', 'mismatch');
    const answer = await confirm(signed(confirmationOf(reference, change)));
    expect(answer).toMatchObject({ status: 422, text: expect.stringContaining('"MaLoi":"04"') });
    expect(harness.callbacksCounted('payment', 'confirmation', 'mismatch')).toBe(before + 1);
    expect(await harness.observationsOf(reference)).toEqual([]);
  });

  it.each([
    ['the amount as text', { SoTien: '8000' }],
    ['the amount with decimals', { SoTien: '8000.00' }],
    ['fields that are null', { MaNganHang: null }],
  ])('may come with %s', async (_what, change) => {
    const reference = await paid();
    expect((await confirm(signed(confirmationOf(reference, change)))).status).toBe(200);
    expect(await harness.observationsOf(reference)).toHaveLength(1);
  });

  it('may come with the hash in capitals', async () => {
    const reference = await paid();
    const message = signed(confirmationOf(reference));
    const capitals = { ...message, MaXacThuc: String(message['MaXacThuc']).toUpperCase() };
    expect((await confirm(capitals)).status).toBe(200);
  });

  it('is told once, whether asking or the callback is first', async () => {
    const told = await paid();
    await confirm(signed(confirmationOf(told)));
    const [observation] = await harness.observationsOf(told);
    const progress = await ProgressLog.open(await harness.nats.connect('courier'));
    await progress.append({ ...observation!, source: 'poll' });
    expect(await harness.observationsOf(told)).toHaveLength(1);
    const asked = await paid();
    const { body: state } = await harness.post('/v1/payment/get-payment-status', { reference: asked });
    await progress.append({ ...observation!, reference: asked, at: state['settledAt'] as string, source: 'poll' });
    expect((await confirm(signed(confirmationOf(asked)))).status).toBe(200);
    expect(await harness.observationsOf(asked)).toMatchObject([{ source: 'poll' }]);
  });

  it('that is not paid yet is not believed to be', async () => {
    const reference = await harness.openPayment(10_003);
    const answer = await confirm(signed(confirmationOf(reference, { SoTien: 10_003 })));
    expect(answer).toMatchObject({ status: 409, text: expect.stringContaining('"MaLoi":"05"') });
    expect(await harness.observationsOf(reference)).toEqual([]);
  });

  it('that nobody opened is not known', async () => {
    expect(await confirm(signed(confirmationOf('dvcNobody')))).toMatchObject({ status: 404 });
  });
});

describe('a forged confirmation', () => {
  const initMessage = ['INIT', '1.0.6', 'HAIPHONG', 'ref', '8000', 'PAY|1|1|vi-VN|VND', 'PAYMENT', 'text', 'now', 'ip'];
  it.each([
    ['without a hash', (message: Message) => message],
    ['with an empty hash', (message: Message) => ({ ...message, MaXacThuc: '' })],
    ['with a hash that is no text', (message: Message) => ({ ...message, MaXacThuc: 0 })],
    ['with another hash', (message: Message) => ({ ...message, MaXacThuc: 'a'.repeat(64) })],
    ['proven by an empty secret', (message: Message) => signed(message, '')],
    [
      'proven by the secret of another system',
      (message: Message) => signed(message, harness.secretOf('land', 'LGSP_LAND_SECURITY_CODE')),
    ],
    ['of another partner', (message: Message) => signed({ ...message, MaDoiTac: 'HANOI' })],
    ['changed after it was proven', (message: Message) => ({ ...signed(message), SoTien: 1 })],
    ['of another type', (message: Message) => signed({ ...message, LoaiBanTin: 'QUERY' })],
    [
      'made of another message of ours',
      () => {
        const names = Object.keys(confirmationOf(''));
        return signed(Object.fromEntries(names.map((name, nth) => [name, initMessage[nth]!])));
      },
    ],
  ])('%s is refused in the words of the platform, counted and logged', async (_what, forge) => {
    const reference = await paid();
    const before = harness.callbacksCounted('payment', 'confirmation', 'forged');
    const answer = await confirm(forge(confirmationOf(reference)));
    expect(answer).toMatchObject({ status: 403, text: '{"MaLoi":"97","MoTaLoi":"Sai mã xác thực"}' });
    expect(harness.callbacksCounted('payment', 'confirmation', 'forged')).toBe(before + 1);
    expect(harness.logLines.at(-1)).toContain('"result":"forged"');
    expect(await harness.observationsOf(reference)).toEqual([]);
  });

  it('is what the platform itself sends under the fault forged-callbacks: nothing is settled', async () => {
    await harness.standIns.get('payment')!.setFault({ kind: 'forged-callbacks' });
    const before = harness.callbacksCounted('payment', 'confirmation', 'forged');
    const reference = await harness.openPayment(8_000);
    harness.clock.advance(stepMs);
    await until(() => harness.callbacksCounted('payment', 'confirmation', 'forged') > before, 20_000);
    expect(await harness.observationsOf(reference)).toEqual([]);
  });

  it.each([
    ['no JSON', '{"MaLoi"'],
    ['a list', '[1,2,3]'],
    ['nothing', ''],
    ['fields that are objects', { ...confirmationOf('x'), SoTien: { $gt: 0 } }],
    ['a prototype', '{"__proto__":{"MaXacThuc":"x"},"MaDoiTac":"HAIPHONG"}'],
  ])('of %s is refused, and harms nobody', async (_what, body) => {
    const { status, text } = await confirm(body);
    expect([400, 403]).toContain(status);
    expect(text).toContain('MaLoi');
    const reference = await paid();
    expect((await confirm(signed(confirmationOf(reference)))).status).toBe(200);
  });
});

describe('while something is away', () => {
  it('nothing is taken without the connector, and what is sent again then is taken once', async () => {
    const reference = await paid();
    await harness.stopConnector('payment');
    const message = signed(confirmationOf(reference));
    const away = await confirm(message);
    expect(away).toMatchObject({ status: 503, contentType: 'application/problem+json; charset=utf-8' });
    expect(harness.callbacksCounted('payment', 'confirmation', 'failed')).toBeGreaterThan(0);
    await harness.startConnector('payment');
    expect((await confirm(message)).status).toBe(200);
    expect((await confirm(message)).status).toBe(200);
    expect(await harness.observationsOf(reference)).toHaveLength(1);
  });

  it('nothing is taken while the platform cannot be asked', async () => {
    const reference = await paid();
    await harness.standIns.get('payment')!.setFault({ kind: 'error-500' });
    expect(await confirm(signed(confirmationOf(reference)))).toMatchObject({ status: 503 });
    expect(await harness.observationsOf(reference)).toEqual([]);
  });
});

describe('afterwards the log', () => {
  it('holds no secret and nothing of a body, at debug level', () => {
    const log = harness.logLines.join('');
    for (const text of [
      secret(),
      harness.secretOf('vnpost', 'LGSP_VNPOST_CALLBACK_SECRET'),
      'THANH TOAN HO SO',
      'MAUBANK',
    ])
      expect(log).not.toContain(text);
  });
});
