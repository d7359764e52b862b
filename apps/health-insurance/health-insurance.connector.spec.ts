import { randomUUID } from 'node:crypto';
import { busHeaders } from '#lgsp/bus';
import { ConnectorHarness, describeConnector } from '#lgsp/kit/testing';
import { healthInsuranceStandIn } from '../sandbox/health-insurance/health-insurance.stand-in';
import { SandboxClock } from '../sandbox/sandbox.clock';
import type { StandInDefinition } from '../sandbox/stand-in';
import { startStandIn } from '../sandbox/start.stand-in';
import { HealthInsuranceConfig } from './health-insurance.config';
import { healthInsurance, HealthInsuranceAdapter } from './health-insurance.connector';
import { HealthInsuranceUpstream } from './health-insurance.upstream';

const parts = {
  definition: healthInsurance,
  adapter: HealthInsuranceAdapter,
  providers: [HealthInsuranceUpstream],
  config: HealthInsuranceConfig,
};
const { issueChildCard, getCardStatus, lookUpInsuranceNumber } = healthInsurance.operations;
const request = issueChildCard.example.input;
const stepMs = 20_000;

describeConnector(parts, {
  standIn: () => startStandIn(healthInsuranceStandIn),
  // A cancelled card is cancelled.
  repeatableCommands: ['cancelCard'],
  peculiarities: (harness) => {
    const people = async (change: object) => {
      const input = { ...lookUpInsuranceNumber.example.input, ...change };
      return (await harness().call('lookUpInsuranceNumber', input)).output;
    };
    const household = (by: string, value: string) => harness().call('lookUpHousehold', { by, value });

    it('gives all who fit, and nobody where nobody does', async () => {
      const found = await people({ fullName: 'Phạm Thị Trùng', birthDate: '1958' });
      expect(found).toMatchObject({
        people: [
          { insuranceNumber: '3158000021', birthDate: '1958', sex: 'female' },
          { insuranceNumber: '3158000022' },
        ],
      });
      expect(await people({ sex: 'male' })).toEqual({ people: [] });
    });

    it('gives a household by its code, and says of another one that there is none', async () => {
      const { output } = await household('household-code', '3111329016');
      expect(output).toMatchObject({ head: 'Trần Văn Thử', members: [{ birthDate: '1988' }, {}, {}] });
      expect(await household('household-code', '3111329999')).toMatchObject({ code: 'not-found' });
      expect(await household('insurance-number', '3199999999')).toMatchObject({ code: 'not-found' });
    });

    it('refuses a child of six, and sends nothing', async () => {
      const before = harness().standIn.requests;
      const child = { ...request.child, birthDate: '2015-11-20' };
      const { code, problem } = await harness().call('issueChildCard', { ...request, child });
      expect({ code, errors: problem?.errors }).toEqual({
        code: 'invalid-request',
        errors: [{ path: '/child/birthDate', rule: 'child-age', message: 'must be of a child under 6' }],
      });
      expect(harness().standIn.requests).toBe(before);
    });

    it.each([
      [{ clinicCode: '01016' }, '400', [{ path: '/clinicCode', rule: 'upstream-field' }]],
      [{ child: { ...request.child, personalId: '031226000099' } }, '409', undefined],
    ])('passes a refusal on by the caller’s field: %j', async (change, upstreamCode, errors) => {
      const before = harness().effectCount();
      const { code, problem, attempts } = await harness().call('issueChildCard', { ...request, ...change });
      expect({ code, attempts, upstream: problem?.upstream?.code }).toEqual({
        code: 'upstream-rejected',
        attempts: 1,
        upstream: upstreamCode,
      });
      if (errors) expect(problem?.errors).toMatchObject(errors);
      else expect(problem?.errors).toBeUndefined();
      expect(harness().effectCount()).toBe(before);
    });

    it('answers not-found for a card that was never asked for, also when it is cancelled', async () => {
      const reference = 'H24.11-261101-9999-NOSUCHCARD';
      expect(await harness().call('getCardStatus', { reference })).toMatchObject({ code: 'not-found' });
      expect(await harness().call('cancelCard', { reference, reason: 'Rút' })).toMatchObject({ code: 'not-found' });
    });

    it('gets one new token, and asks once, when the old one has expired', async () => {
      await harness().call('getCardStatus', getCardStatus.example.input);
      await harness().standIn.setFault({ kind: 'expired-token' });
      const before = harness().effectCount();
      const { code, attempts } = await harness().call('issueChildCard', request);
      expect({ code, attempts, effects: harness().effectCount() - before }).toEqual({
        code: 'ok',
        attempts: 2,
        effects: 1,
      });
    });
  },
});

describe('a card on its way', () => {
  const clock = new SandboxClock(stepMs);
  const harness = new ConnectorHarness(parts, () => startStandIn(healthInsuranceStandIn, { clock }));
  beforeAll(() => harness.start());
  afterAll(() => harness.stop());

  const place = async (change: object = {}): Promise<string> => {
    const headers = { [busHeaders.idempotencyKey]: randomUUID() };
    const { output } = await harness.call('issueChildCard', { ...request, ...change }, { headers });
    return String(output!['reference']);
  };
  const status = async (reference: string) => (await harness.call('getCardStatus', { reference })).output!;

  it('is received, processed, and has a number of its own', async () => {
    const [reference, other] = [await place(), await place()];
    expect(await status(reference)).toMatchObject({ state: 'received' });
    clock.advance(stepMs);
    expect(await status(reference)).toMatchObject({ state: 'processing' });
    clock.advance(stepMs);
    const issued = await status(reference);
    expect(issued).toMatchObject({
      state: 'issued',
      cardNumber: `TE131${String(issued['insuranceNumber'])}`,
      validFrom: '2026-11-20',
      validTo: '2032-11-30',
      updatedAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+07:00$/) as string,
    });
    expect((await status(other))['cardNumber']).not.toBe(issued['cardNumber']);
  });

  it('is cancelled once, however often it is asked for', async () => {
    const reference = await place();
    const before = harness.effectCount();
    const cancel = () => harness.call('cancelCard', { reference, reason: 'Hồ sơ được rút' });
    for (const { output } of [await cancel(), await cancel()])
      expect(output).toEqual({ reference, state: 'cancelled' });
    expect(harness.effectCount() - before).toBe(1);
    const found = await harness.call('cancelCard', { reference, reason: 'Rút' }, { outcome: true });
    expect(found.output).toEqual({ reference, state: 'cancelled' });
  });

  it.each([
    ['Trần Văn Thiếu', 'needs-supplement'],
    ['Trần Văn Sai', 'refused'],
  ])('with the guardian %s ends %s', async (fullName, state) => {
    const reference = await place({ guardian: { ...request.guardian, fullName } });
    clock.advance(2 * stepMs);
    const found = await status(reference);
    expect(found).toMatchObject({ state, note: expect.stringContaining('giám hộ') as string });
    expect(found).not.toHaveProperty('cardNumber');
  });
});

/** The system with its replies as this function makes them; tokens stay as they are. */
const replying = (change: (payload: string) => string): StandInDefinition => ({
  ...healthInsuranceStandIn,
  routes(app, context) {
    app.addHook('onSend', async ({ url }, _reply, payload) => (url === '/token' ? payload : change(String(payload))));
    healthInsuranceStandIn.routes(app, context);
  },
});

describe('a reply that says nothing', () => {
  const harness = new ConnectorHarness(parts, () => startStandIn(replying(() => '{}')));
  beforeAll(() => harness.start());
  afterAll(() => harness.stop());

  it('to a command leaves it unknown whether it took effect; to a question it is merely invalid', async () => {
    const before = harness.effectCount();
    expect(await harness.call('issueChildCard', request)).toMatchObject({ code: 'outcome-unknown' });
    expect(harness.effectCount() - before).toBe(1);
    expect(await harness.call('getCardStatus', getCardStatus.example.input)).toMatchObject({
      code: 'upstream-invalid',
    });
  });
});

describe.each([
  ['another household', 'lookUpHousehold', { '"3196000016"': '"3196000017"' }, 'maHoGiaDinh'],
  ['another card', 'getCardStatus', { '"maYeuCau":"H24': '"maYeuCau":"H25' }, 'maYeuCau'],
  ['an issued card without a number', 'getCardStatus', { '"maThe":"TE1313126000016"': '"maThe":""' }, 'maThe'],
  ['a state that nobody knows', 'getCardStatus', { '"trangThaiHoSo":3': '"trangThaiHoSo":9' }, 'trangThaiHoSo'],
] as const)('a reply with %s', (_, verb, changes, field) => {
  const change = (payload: string): string =>
    Object.entries(changes).reduce((text, [from, to]) => text.replaceAll(from, to), payload);
  const harness = new ConnectorHarness(parts, () => startStandIn(replying(change)));
  beforeAll(() => harness.start());
  afterAll(() => harness.stop());

  it('is not believed', async () => {
    const { code, problem } = await harness.call(verb, healthInsurance.operations[verb].example.input);
    const detail = `the answer lacks a readable ${field}`;
    expect({ code, detail: problem?.detail }).toEqual({ code: 'upstream-invalid', detail });
  });
});

describe('what one deployment is told', () => {
  const harness = new ConnectorHarness(parts, () => startStandIn(healthInsuranceStandIn));
  afterEach(() => harness.stop());

  it.each([
    ['CREDENTIAL', 'upstream-fault', 'Vietnam Social Security refuses our access'],
    ['FAULT', 'upstream-fault', ''],
  ])('codes of %s tell whose matter a refusal is', async (what, code, logged) => {
    await harness.start({ [`LGSP_HEALTH_INSURANCE_${what}_CODES`]: '400' });
    const answer = await harness.call('issueChildCard', { ...request, clinicCode: '01016' });
    expect({ code: answer.code, upstream: answer.problem?.upstream?.code }).toEqual({ code, upstream: '400' });
    expect(harness.logLines.join('')).toContain(logged);
  });

  it('the age from which a child gets no card', async () => {
    await harness.start({ LGSP_HEALTH_INSURANCE_CHILD_MONTHS: '12' });
    const child = { ...request.child, birthDate: '2024-01-01' };
    const { problem } = await harness.call('issueChildCard', { ...request, child });
    expect(problem?.errors?.[0]?.message).toBe('must be of a child under 1');
  });
});
