import { randomUUID } from 'node:crypto';
import { busHeaders } from '#lgsp/bus';
import { ConnectorHarness, describeConnector } from '#lgsp/kit/testing';
import { parseTrackingNumber } from '#lgsp/vietnam';
import { SandboxClock } from '../sandbox/sandbox.clock';
import { startStandIn } from '../sandbox/start.stand-in';
import { vnpostStandIn } from '../sandbox/vnpost/vnpost.stand-in';
import { tracking, VnpostCallbacks } from './vnpost.callbacks.upstream';
import { VnpostConfig } from './vnpost.config';
import { vnpost, VnpostAdapter } from './vnpost.connector';
import { VnpostUpstream } from './vnpost.upstream';

const parts = {
  definition: vnpost,
  adapter: VnpostAdapter,
  providers: [VnpostUpstream, VnpostCallbacks],
  config: VnpostConfig,
};
const stepMs = 20_000;
const order = vnpost.operations.createOrder.example.input;

describeConnector(parts, {
  standIn: () => startStandIn(vnpostStandIn),
  repeatableCommands: ['cancelOrder'],
  callbacks: {
    tracking: ({ LGSP_VNPOST_CALLBACK_SECRET: secret }) => ({
      body: tracking.example.body,
      headers: { authorization: `Bearer ${secret}` },
    }),
  },
  peculiarities: (harness) => {
    it('gets one new token, and succeeds, when the old one has expired', async () => {
      await harness().call('trackOrder', vnpost.operations.trackOrder.example.input);
      await harness().standIn.setFault({ kind: 'expired-token' });
      const before = harness().standIn.requests;
      const { code, attempts } = await harness().call('createOrder', order);
      expect({ code, attempts }).toEqual({ code: 'ok', attempts: 2 });
      // Refused, a token, the order.
      expect(harness().standIn.requests - before).toBe(3);
    });

    it('says whose failure it is when nothing is known of an order', async () => {
      const unknown = { by: 'order-number', number: 'H24.11-261101-9999-NOSUCHORDR' };
      expect(await harness().call('trackOrder', unknown)).toMatchObject({ code: 'not-found' });
      const { code } = await harness().call('cancelOrder', { orderNumber: unknown.number });
      expect(code).toBe('not-found');
    });

    it('finds an order by its tracking number', async () => {
      const { output } = await harness().call('trackOrder', { by: 'tracking-number', number: 'EE123456785VN' });
      expect(output).toEqual(vnpost.operations.trackOrder.example.output);
    });

    it('warns of a wrong check digit, and does not refuse', async () => {
      const { output } = await harness().call('trackOrder', { by: 'tracking-number', number: 'EE123456789VN' });
      expect(output).toMatchObject({ state: 'sent-to-post', warnings: ['s10-check-digit'] });
      const { code, problem } = await harness().call('trackOrder', { by: 'tracking-number', number: 'EE123456781VN' });
      expect({ code, detail: problem?.detail }).toEqual({
        code: 'not-found',
        detail: 'the check digit of the tracking number is wrong, so it may be mistyped',
      });
    });

    it('refuses what can be no tracking number', async () => {
      const { problem } = await harness().call('trackOrder', { by: 'tracking-number', number: 'EE/1.2_34' });
      expect(problem?.errors).toMatchObject([{ path: '/number', rule: 'is-tracking-number' }]);
    });

    it('names the value and the list of a place that VNPost does not know, and sends nothing', async () => {
      const before = harness().standIn.requests;
      const places = {
        sender: { ...order.sender, provinceCode: '99' },
        receiver: { ...order.receiver, districtCode: '001' },
      };
      const { code, problem } = await harness().call('createOrder', { ...order, ...places });
      expect(code).toBe('invalid-request');
      expect(problem?.errors?.map(({ path }) => path)).toEqual(['/sender/provinceCode', '/receiver/districtCode']);
      expect(problem?.errors?.[0]?.message).toMatch(/^99 is not .*: 01, 02, 04, .*, 31, .*, 96$/);
      expect(problem?.errors?.[1]?.message).toMatch(/^001 is not .* of 31; there are: 288, .*, 318$/);
      expect(harness().standIn.requests).toBe(before);
    });

    it('finds out what became of a cancellation, and never claims that nothing happened', async () => {
      const { output } = await harness().call('createOrder', order);
      const question = { orderNumber: output!['orderNumber'] };
      expect(await harness().call('cancelOrder', question, { outcome: true })).toMatchObject({ code: 'not-found' });
      await harness().standIn.setFault({ kind: 'lost-reply', times: 1 });
      expect(await harness().call('cancelOrder', question)).toMatchObject({ code: 'outcome-unknown' });
      const after = await harness().call('cancelOrder', question, { outcome: true });
      expect(after.output).toEqual({ ...question, state: 'cancelled' });
      expect(await harness().call('cancelOrder', undefined, { outcome: true })).toMatchObject({
        code: 'outcome-unknown',
      });
    });

    it('cancels once, however often it is told', async () => {
      const { output } = await harness().call('createOrder', order);
      const question = { orderNumber: output!['orderNumber'] };
      const before = harness().effectCount();
      for (let nth = 0; nth < 3; nth++) {
        const again = await harness().call('cancelOrder', question);
        expect(again.output).toEqual({ ...question, state: 'cancelled' });
      }
      expect(harness().effectCount() - before).toBe(1);
    });
  },
});

describe('an order on its way', () => {
  const clock = new SandboxClock(stepMs);
  const harness = new ConnectorHarness(parts, () => startStandIn(vnpostStandIn, { clock }));
  beforeAll(() => harness.start());
  afterAll(() => harness.stop());

  const track = async (number: unknown) => (await harness.call('trackOrder', { by: 'order-number', number })).output;

  it('has a valid tracking number, moves on with time, and cannot be cancelled once it is collected', async () => {
    const { output } = await harness.call('createOrder', { ...order, direction: 'deliver-result' });
    const { orderNumber, trackingNumber } = output!;
    expect(trackingNumber).toMatch(/^E[A-Z]\d{9}VN$/);
    expect(parseTrackingNumber(String(trackingNumber))).toMatchObject({ value: { warnings: [] } });
    expect(await track(orderNumber)).toMatchObject({ state: 'requested', trackingNumber });
    clock.advance(stepMs);
    expect(await track(orderNumber)).toMatchObject({ state: 'sent-to-post' });
    const { code, problem } = await harness.call('cancelOrder', { orderNumber });
    expect({ code, upstream: problem?.upstream?.code }).toEqual({ code: 'upstream-rejected', upstream: '4' });
    clock.advance(stepMs);
    const arrived = (await track(orderNumber))!;
    expect(arrived['state']).toBe('received');
    const times = (arrived['events'] as { at: string }[]).map(({ at }) => Date.parse(at));
    expect([times[1]! - times[0]!, times[2]! - times[1]!]).toEqual([stepMs, stepMs]);
  });

  it('stays cancelled', async () => {
    const { output } = await harness.call('createOrder', order);
    await harness.call('cancelOrder', { orderNumber: output!['orderNumber'] });
    clock.advance(5 * stepMs);
    const tracking = await track(output!['orderNumber']);
    expect((tracking!['events'] as { state: string }[]).map(({ state }) => state)).toEqual(['requested', 'cancelled']);
  });

  it('keeps the orders while nothing listens', async () => {
    const { output } = await harness.call('createOrder', order);
    await harness.standIn.setFault({ kind: 'down' });
    await harness.standIn.setFault(undefined);
    expect(await track(output!['orderNumber'])).toMatchObject({ orderNumber: output!['orderNumber'] });
  });

  it('gives several orders to one dossier, and the same one to the same key', async () => {
    const headers = { [busHeaders.dossier]: 'H24.11-261103-0001', [busHeaders.idempotencyKey]: randomUUID() };
    const first = (await harness.call('createOrder', order, { headers })).output!['orderNumber'];
    const second = (await harness.call('createOrder', order, { headers: { ...headers, ...newKey() } })).output!;
    expect(second['orderNumber']).not.toBe(first);
    const found = await harness.call('createOrder', undefined, { headers, outcome: true });
    expect(found.output).toMatchObject({ orderNumber: first, state: 'requested' });
  });
});

describe('a façade that filters nothing', () => {
  const harness = new ConnectorHarness(parts, () => startStandIn(vnpostStandIn));
  const unfiltered = { LGSP_VNPOST_ORDER_FILTER: 'none', LGSP_VNPOST_ITEM_FILTER: 'none' };
  afterEach(() => harness.stop());

  const headers = { [busHeaders.dossier]: 'H24.11-261104-0001', ...newKey() };

  it('is read page by page, and orders of others are not taken for the one asked for', async () => {
    await harness.start({ ...unfiltered, LGSP_VNPOST_PAGE_RECORDS: '2' });
    for (let nth = 0; nth < 4; nth++) await harness.call('createOrder', order);
    const { output } = await harness.call('createOrder', order, { headers });
    const before = harness.standIn.requests;
    const found = await harness.call('createOrder', undefined, { headers, outcome: true });
    expect(found.output).toEqual(output);
    expect(harness.standIn.requests - before).toBe(6); // Six records of the examples, five of these orders.
    const missing = { by: 'order-number', number: 'H24.11-261101-9999-NOSUCHORDR' };
    expect(await harness.call('trackOrder', missing)).toMatchObject({ code: 'not-found' });
  });

  it('is not read without end, and what was not read to its end does not count as absent', async () => {
    await harness.start({ ...unfiltered, LGSP_VNPOST_PAGE_RECORDS: '2', LGSP_VNPOST_PAGES_MAX: '2' });
    const { code, problem } = await harness.call('createOrder', undefined, { headers, outcome: true });
    expect({ code, upstream: problem?.upstream?.code }).toEqual({
      code: 'upstream-fault',
      upstream: 'too-many-records',
    });
  });
});

describe('codes of one deployment', () => {
  const harness = new ConnectorHarness(parts, () => startStandIn(vnpostStandIn));
  afterEach(() => harness.stop());

  it('tells a status that is not known, and keeps the last that is', async () => {
    await harness.start({ LGSP_VNPOST_STATUS_RECEIVED: '30' });
    const { output } = await harness.call('trackOrder', vnpost.operations.trackOrder.example.input);
    expect(output).toMatchObject({ state: 'sent-to-post', warnings: ['unknown-status-code'] });
    expect((output!['events'] as object[]).at(-1)).toEqual({
      at: '2026-11-03T09:15:00+07:00',
      statusCode: '3',
      text: 'Đã giao hồ sơ',
    });
  });

  it('calls a wrong customer code a fault of ours, in the log too', async () => {
    await harness.start({ LGSP_VNPOST_CUSTOMER_CODE: 'NOBODY' });
    const { code, problem } = await harness.call('createOrder', order);
    expect({ code, upstream: problem?.upstream?.code }).toEqual({ code: 'upstream-fault', upstream: '8' });
    expect(harness.logLines.join('')).toContain('VNPost refuses our customer code');
  });

  it("passes VNPost's refusal on: the sandbox does not know this province", async () => {
    await harness.start({ LGSP_VNPOST_PROVINCES: '31=19' });
    const receiver = { ...order.receiver, provinceCode: '31' };
    const { code, problem } = await harness.call('createOrder', { ...order, receiver });
    expect({ code, upstream: problem?.upstream }).toEqual({
      code: 'upstream-rejected',
      upstream: { code: '6', message: 'ReceiverProvince không hợp lệ' },
    });
    expect(problem?.errors).toMatchObject([{ path: '/receiver/provinceCode', rule: 'upstream-field' }]);
  });
});

function newKey(): Record<string, string> {
  return { [busHeaders.idempotencyKey]: randomUUID() };
}
