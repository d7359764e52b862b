import { randomUUID } from 'node:crypto';
import { busHeaders } from '#lgsp/bus';
import { ConnectorHarness, describeConnector } from '#lgsp/kit/testing';
import { budgetCodeStandIn } from '../sandbox/budget-code/budget-code.stand-in';
import { SandboxClock } from '../sandbox/sandbox.clock';
import type { StandInDefinition } from '../sandbox/stand-in';
import { startStandIn } from '../sandbox/start.stand-in';
import { BudgetCodeConfig } from './budget-code.config';
import { budgetCode, BudgetCodeAdapter } from './budget-code.connector';
import { BudgetCodeUpstream } from './budget-code.upstream';

const parts = {
  definition: budgetCode,
  adapter: BudgetCodeAdapter,
  providers: [BudgetCodeUpstream],
  config: BudgetCodeConfig,
};
const { lookUpUnit, requestUnitCode } = budgetCode.operations;
const request = requestUnitCode.example.input;
const stepMs = 20_000;

describeConnector(parts, {
  standIn: () => startStandIn(budgetCodeStandIn),
  peculiarities: (harness) => {
    const lookUp = (value: string, followSuccessor = true) =>
      harness().call('lookUpUnit', { by: 'code', value, followSuccessor });

    it('says of a closed unit which one has taken its place, only when it is asked', async () => {
      const { output } = await lookUp('1095003', false);
      expect(output).toMatchObject({ units: [{ state: 'closed', successorCode: '1095002' }] });
      expect(output).not.toHaveProperty('current');
      const active = await lookUp('1095001');
      expect(active.output).toMatchObject({ units: [{ state: 'active' }] });
      expect(active.output).not.toHaveProperty('succession');
    });

    it.each([
      ['1095004', [], 'no-successor'],
      ['1095005', ['1095006'], 'successor-cycle'],
      ['1095007', ['1999999'], 'successor-missing'],
    ])('of %s it follows %j and warns: %s', async (code, succession, warning) => {
      const { output } = await lookUp(code);
      expect(output).toMatchObject({ units: [{ code, state: 'closed' }], succession, warning });
      expect(output).not.toHaveProperty('current');
    });

    it('answers not-found for a code that was never given, and for a request that was never made', async () => {
      expect(await lookUp('1000000')).toMatchObject({ code: 'not-found' });
      const reference = 'H24.11-261101-9999-NOSUCHREQU';
      expect(await harness().call('getRequestStatus', { reference })).toMatchObject({ code: 'not-found' });
    });

    it.each(['109500', '10950011', '109500A'])('refuses %s as a code, and sends nothing', async (value) => {
      const before = harness().standIn.requests;
      const { problem } = await lookUp(value);
      expect(problem?.errors).toEqual([{ path: '/value', rule: 'budget-code', message: 'must have 7 digits' }]);
      expect(harness().standIn.requests).toBe(before);
    });

    it('finds units by a part of their name, and says that there are others', async () => {
      const named = async (value: string, limit: number) =>
        (await harness().call('lookUpUnit', { by: 'name', value, limit })).output;
      expect(await named('ỦY BAN NHÂN DÂN', 2)).toMatchObject({
        units: [{ code: '1095001' }, { code: '1095002' }],
        more: true,
      });
      expect(await named('phường Gia Viên', 2)).toMatchObject({
        units: [{ code: '1095008', state: 'active' }],
        more: false,
      });
      expect(await named('không có đơn vị này', 2)).toEqual({ units: [], more: false });
    });

    it.each([
      [{ parentCode: '1000000' }, '/parentCode', 'maDonViCapTren không tồn tại'],
      [{ splitFrom: '1095002' }, '/splitFrom', 'maDonViTach đã đóng mã số'],
    ])('passes a refusal on by the caller’s field: %j', async (change, path, message) => {
      const before = harness().effectCount();
      const { code, problem, attempts } = await harness().call('requestUnitCode', { ...request, ...change });
      expect({ code, attempts, upstream: problem?.upstream }).toEqual({
        code: 'upstream-rejected',
        attempts: 1,
        upstream: { code: '12', message },
      });
      expect(problem?.errors).toMatchObject([{ path, rule: 'upstream-field' }]);
      expect(harness().effectCount()).toBe(before);
    });

    it('gets one new token, and requests once, when the old one has expired', async () => {
      await harness().call('lookUpUnit', lookUpUnit.example.input);
      await harness().standIn.setFault({ kind: 'expired-token' });
      const before = harness().effectCount();
      const { code, attempts } = await harness().call('requestUnitCode', request);
      expect({ code, attempts, effects: harness().effectCount() - before }).toEqual({
        code: 'ok',
        attempts: 2,
        effects: 1,
      });
    });
  },
});

describe('a request on its way', () => {
  const clock = new SandboxClock(stepMs);
  const harness = new ConnectorHarness(parts, () => startStandIn(budgetCodeStandIn, { clock }));
  beforeAll(() => harness.start());
  afterAll(() => harness.stop());

  const place = async (name: string): Promise<string> => {
    const headers = { [busHeaders.idempotencyKey]: randomUUID() };
    const { output } = await harness.call('requestUnitCode', { ...request, name }, { headers });
    return String(output!['reference']);
  };
  const status = async (reference: string) => (await harness.call('getRequestStatus', { reference })).output!;

  it('is received, verified, and has a code that belongs to the unit', async () => {
    const reference = await place('Trung tâm Một Cửa Mẫu');
    expect(await status(reference)).toMatchObject({ state: 'received' });
    clock.advance(stepMs);
    expect(await status(reference)).toMatchObject({ state: 'verifying' });
    clock.advance(stepMs);
    const issued = await status(reference);
    expect(issued).toMatchObject({
      state: 'issued',
      unitCode: expect.stringMatching(/^\d{7}$/) as string,
      issuedOn: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) as string,
      updatedAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+07:00$/) as string,
    });
    const { output } = await harness.call('lookUpUnit', { by: 'code', value: issued['unitCode'] });
    expect(output).toMatchObject({
      units: [{ name: 'Trung tâm Một Cửa Mẫu', state: 'active', parentCode: '1095009' }],
    });
  });

  it('is refused where the unit has a code already: one code for life', async () => {
    const [first, second] = [await place('Trạm Y tế Mẫu'), await place('Trạm Y tế  mẫu')];
    clock.advance(2 * stepMs);
    const { unitCode } = (await status(first)) as { unitCode: string };
    expect(await status(second)).toMatchObject({ state: 'refused', note: `Đơn vị đã có mã số ${unitCode}` });
    const other = await place('Trạm Y tế Khác');
    clock.advance(2 * stepMs);
    expect((await status(other))['unitCode']).not.toBe(unitCode);
  });

  it.each([
    ['Trường Còn Thiếu', 'needs-supplement'],
    ['Trường Sai', 'refused'],
  ])('of %s ends %s', async (name, state) => {
    const reference = await place(name);
    clock.advance(2 * stepMs);
    const found = await status(reference);
    expect(found).toMatchObject({ state, note: expect.stringContaining('thành lập') as string });
    expect(found).not.toHaveProperty('unitCode');
  });

  it('is one for one key, however often it is sent, and several for one dossier', async () => {
    const headers = { [busHeaders.dossier]: 'H24.11-261104-0001', [busHeaders.idempotencyKey]: 'k-1' };
    const first = (await harness.call('requestUnitCode', request, { headers })).output!['reference'];
    const other = { ...headers, [busHeaders.idempotencyKey]: 'k-2' };
    expect((await harness.call('requestUnitCode', request, { headers: other })).output!['reference']).not.toBe(first);
    const found = await harness.call('requestUnitCode', undefined, { headers, outcome: true });
    expect(found.output).toEqual({ reference: first, state: 'received' });
  });
});

describe('what one deployment is told', () => {
  const harness = new ConnectorHarness(parts, () => startStandIn(budgetCodeStandIn));
  afterEach(() => harness.stop());

  it('a succession is not followed without end', async () => {
    await harness.start({ LGSP_BUDGET_CODE_SUCCESSIONS_MAX: '1' });
    const { output } = await harness.call('lookUpUnit', lookUpUnit.example.input);
    expect(output).toMatchObject({ succession: ['1095002'], warning: 'succession-too-long' });
  });

  it('a state that is not known is not guessed: money might be paid to a closed code', async () => {
    await harness.start({ LGSP_BUDGET_CODE_UNIT_STATES: '{"1": "active", "0": "closed"}' });
    const { code, problem } = await harness.call('lookUpUnit', lookUpUnit.example.input);
    expect({ code, detail: problem?.detail }).toEqual({
      code: 'upstream-invalid',
      detail: 'the answer lacks a readable trangThai',
    });
  });

  it('a kind that is not known keeps the register’s own code', async () => {
    await harness.start({
      LGSP_BUDGET_CODE_UNIT_KINDS: '{"estimate-unit":"A","other-unit":"B","investment-project":"C"}',
    });
    const { output } = await harness.call('lookUpUnit', lookUpUnit.example.input);
    const [unit] = output!['units'] as object[];
    expect(unit).toMatchObject({ kindCode: '1' });
    expect(unit).not.toHaveProperty('kind');
  });

  it.each([
    ['CREDENTIAL', 'upstream-fault', 'the register of budget codes refuses our access'],
    ['FAULT', 'upstream-fault', ''],
  ])('codes of %s tell whose matter a refusal is', async (what, code, logged) => {
    await harness.start({ [`LGSP_BUDGET_CODE_${what}_CODES`]: '12' });
    const answer = await harness.call('requestUnitCode', { ...request, parentCode: '1000000' });
    expect({ code: answer.code, upstream: answer.problem?.upstream?.code }).toEqual({ code, upstream: '12' });
    expect(harness.logLines.join('')).toContain(logged);
  });
});

/** The register with its replies as this function makes them; tokens stay as they are. */
const replying = (change: (payload: string) => string): StandInDefinition => ({
  ...budgetCodeStandIn,
  routes(app, context) {
    app.addHook('onSend', async ({ url }, _reply, payload) => (url === '/token' ? payload : change(String(payload))));
    budgetCodeStandIn.routes(app, context);
  },
});

describe('a reply that says nothing', () => {
  const harness = new ConnectorHarness(parts, () => startStandIn(replying(() => '{}')));
  beforeAll(() => harness.start());
  afterAll(() => harness.stop());

  it('to a command leaves it unknown whether it took effect; to a question it is merely invalid', async () => {
    const before = harness.effectCount();
    expect(await harness.call('requestUnitCode', request)).toMatchObject({ code: 'outcome-unknown' });
    expect(harness.effectCount() - before).toBe(1);
    expect(await harness.call('lookUpUnit', lookUpUnit.example.input)).toMatchObject({ code: 'upstream-invalid' });
    expect(await harness.call('requestUnitCode', undefined, { outcome: true })).toMatchObject({
      code: 'upstream-invalid',
    });
  });
});

describe.each([
  ['about another unit', (payload: string) => payload.replaceAll('"1095003"', '"1095008"'), 'maSo'],
  ['whose count is less than its list', (payload: string) => payload.replace('"tongSo":1', '"tongSo":0'), 'tongSo'],
])('a reply %s', (_, change, field) => {
  const harness = new ConnectorHarness(parts, () => startStandIn(replying(change)));
  beforeAll(() => harness.start());
  afterAll(() => harness.stop());

  it('is not believed, and not taken for "no such unit"', async () => {
    const { code, problem } = await harness.call('lookUpUnit', { by: 'code', value: '1095003' });
    const detail = `the answer lacks a readable ${field}`;
    expect({ code, detail: problem?.detail }).toEqual({ code: 'upstream-invalid', detail });
  });
});
