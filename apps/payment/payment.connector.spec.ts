import { createHash, randomUUID } from 'node:crypto';
import { busHeaders } from '#lgsp/bus';
import { describeConnector, type ConnectorHarness } from '#lgsp/kit/testing';
import { sign, type Message } from '../sandbox/payment/payment.proof';
import { paymentStandIn } from '../sandbox/payment/payment.stand-in';
import { SandboxClock } from '../sandbox/sandbox.clock';
import { startStandIn } from '../sandbox/start.stand-in';
import { PaymentConfig } from './payment.config';
import { payment, PaymentAdapter } from './payment.connector';
import { confirmation, PaymentCallbacks } from './payment.callbacks.upstream';
import { PaymentUpstream } from './payment.upstream';

const parts = {
  definition: payment,
  adapter: PaymentAdapter,
  providers: [PaymentUpstream, PaymentCallbacks],
  config: PaymentConfig,
};
const { input } = payment.operations.createPayment.example;
const stepMs = 20_000;

describe('payment', () => {
  const clock = new SandboxClock(stepMs);
  describeConnector(parts, {
    standIn: () => startStandIn(paymentStandIn, { clock }),
    callbacks: {
      confirmation: ({ LGSP_PAYMENT_SECRET: secret }) => {
        const { body } = confirmation.example;
        return { body: { ...body, MaXacThuc: sign('CONFIRM', body as Message, secret!) } };
      },
    },
    peculiarities: (harness) => {
      describeReferences(harness);
      describeStates(harness, clock);
      describeReceipts(harness);
      describeAccess(harness);
    },
  });
});

const withAmount = (amount: number): object => ({ ...input, fees: [{ ...input.fees[0]!, amount }] });

async function open(harness: ConnectorHarness, amount = 8_000, headers: Record<string, string> = {}) {
  const { output, problem } = await harness.call('createPayment', withAmount(amount), { headers });
  if (!output) throw new Error(`no payment was opened: ${problem?.code}`);
  return output as { reference: string; paymentUrl?: string };
}

function describeReferences(harness: () => ConnectorHarness): void {
  it('gives each command a reference of its own, so a dossier can have several attempts', async () => {
    const [one, other] = [await open(harness()), await open(harness())];
    expect(one.reference).toMatch(/^dvcH24112611010001[0-9a-f]{20}$/);
    expect(other.reference).not.toBe(one.reference);
    expect(one.paymentUrl).toContain(one.reference);
  });

  it('finds a payment again by its reference, without its address, which the platform gives once', async () => {
    const headers = { [busHeaders.idempotencyKey]: randomUUID() };
    const { reference } = await open(harness(), 8_000, headers);
    const { output } = await harness().call('createPayment', undefined, { headers, outcome: true });
    expect(output).toEqual({ reference });
  });

  it('cannot find a payment again without the dossier it was opened for', async () => {
    const headers = { [busHeaders.dossier]: undefined };
    const { code } = await harness().call('createPayment', undefined, { headers, outcome: true });
    expect(code).toBe('missing-context');
  });

  it('refuses amounts that are no whole đồng, by path', async () => {
    const { problem } = await harness().call('createPayment', withAmount(8_000.5));
    expect(problem?.errors).toEqual([expect.objectContaining({ path: '/fees/0/amount', rule: 'is-int' })]);
  });
}

function describeStates(harness: () => ConnectorHarness, clock: SandboxClock): void {
  const statusOf = async (reference: string) => (await harness().call('getPaymentStatus', { reference })).output;

  it('is pending until the payer has paid, and then paid', async () => {
    const { reference } = await open(harness(), 35_000);
    const before = await statusOf(reference);
    expect(before).toMatchObject({ reference, status: 'pending', amount: 35_000, currency: 'VND' });
    expect(before).not.toHaveProperty('settledAt');
    clock.advance(stepMs);
    expect(await statusOf(reference)).toMatchObject({
      status: 'paid',
      bankCode: 'MAUBANK',
      settledAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+07:00$/),
    });
  });

  it('tells pending for ever from failed: 3 is not 4', async () => {
    const [unclear, refused] = [await open(harness(), 10_003), await open(harness(), 10_004)];
    clock.advance(stepMs * 1_000);
    expect([await statusOf(unclear.reference), await statusOf(refused.reference)]).toMatchObject([
      { status: 'pending' },
      { status: 'failed' },
    ]);
  });

  it('answers not-found for a reference that nobody opened', async () => {
    const { code } = await harness().call('getPaymentStatus', { reference: 'dvcH2411261101000100000000000000000000' });
    expect(code).toBe('not-found');
  });

  it('still knows a payment after the platform was down', async () => {
    const { reference } = await open(harness());
    await harness().standIn.setFault({ kind: 'down' });
    await harness().standIn.setFault(undefined);
    expect(await statusOf(reference)).toMatchObject({ reference });
  });
}

function describeReceipts(harness: () => ConnectorHarness): void {
  const { reference } = payment.operations.getReceipt.example.input;

  it('gives the whole receipt, with its size and hash, and its table points at every object of the PDF', async () => {
    const { output } = await harness().call('getReceipt', { reference });
    const file = Buffer.from(output!['content'] as string, 'base64');
    expect(output).toMatchObject({
      sizeBytes: file.length,
      sha256: createHash('sha256').update(file).digest('hex'),
    });
    const text = file.toString('latin1');
    const xref = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1]);
    expect(text.slice(xref, xref + 5)).toBe('xref\n');
    const offsets = [...text.matchAll(/^(\d{10}) 00000 n $/gm)].map(([, offset]) => Number(offset));
    expect(offsets.map((offset) => text.slice(offset).split('\n')[0])).toEqual(
      [1, 2, 3, 4, 5].map((number) => `${number} 0 obj`),
    );
  });

  it('is refused the receipt of what is not paid, in the words of the platform', async () => {
    const { reference } = await open(harness(), 10_003);
    const { code, problem } = await harness().call('getReceipt', { reference });
    expect({ code, upstream: problem?.upstream }).toEqual({
      code: 'upstream-rejected',
      upstream: { code: '02', message: 'Giao dịch chưa thanh toán thành công' },
    });
  });

  it('answers not-found for the receipt of an unknown payment', async () => {
    const { code } = await harness().call('getReceipt', { reference: 'dvcH2411261101000100000000000000000000' });
    expect(code).toBe('not-found');
  });
}

function describeAccess(harness: () => ConnectorHarness): void {
  for (const verb of Object.keys(payment.operations) as (keyof typeof payment.operations)[]) {
    it(`${verb} gets a new token when the old one is refused, and sends again`, async () => {
      const { input } = payment.operations[verb].example;
      await harness().call(verb, input);
      const before = harness().effectCount();
      await harness().standIn.setFault({ kind: 'expired-token' });
      const { code, attempts } = await harness().call(verb, input);
      const effects = harness().effectCount() - before;
      expect({ code, attempts, effects }).toEqual({
        code: 'ok',
        attempts: 2,
        effects: verb === 'createPayment' ? 1 : 0,
      });
    });
  }
}
