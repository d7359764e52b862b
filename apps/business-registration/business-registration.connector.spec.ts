import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectorHarness, describeConnector } from '#lgsp/kit/testing';
import { administrativeUnits, todayInVietnam } from '#lgsp/vietnam';
import { businessRegistrationStandIn } from '../sandbox/business-registration/business-registration.stand-in';
import { SandboxClock } from '../sandbox/sandbox.clock';
import type { StandInDefinition } from '../sandbox/stand-in';
import { startStandIn } from '../sandbox/start.stand-in';
import { BusinessRegistrationConfig } from './business-registration.config';
import { businessRegistration, BusinessRegistrationAdapter } from './business-registration.connector';
import type { RegistrationDossier } from './business-registration.messages';
import { BusinessRegistrationUpstream } from './business-registration.upstream';

const parts = {
  definition: businessRegistration,
  adapter: BusinessRegistrationAdapter,
  providers: [BusinessRegistrationUpstream],
  config: BusinessRegistrationConfig,
};
const { getEnterprise, getRegistrationStatus, listChangedDossiers } = businessRegistration.operations;
const older = { LGSP_BUSINESS_REGISTRATION_FACADE: 'older' };
/** Of it the registry shows a person's papers and telephone, which nobody asked for. */
const papers = /031000000000|031188000019|0900000019|Lê Thị Kiểm/;

describeConnector(parts, {
  standIn: () => startStandIn(businessRegistrationStandIn),
  peculiarities: (harness) => {
    const enterprise = async (code: string) => (await harness().call('getEnterprise', { code })).output!;
    const list = async (input: object) => harness().call('listChangedDossiers', { by: 'received', ...input });
    const numbersOf = (output: object | undefined): string[] =>
      (output as { dossiers: RegistrationDossier[] }).dossiers.map(({ number }) => number);

    it('answers not-found for an enterprise and for a dossier that the registry has not', async () => {
      expect(await harness().call('getEnterprise', { code: '0209999999' })).toMatchObject({ code: 'not-found' });
      expect(await harness().call('getRegistrationStatus', { number: '251205999' })).toMatchObject({
        code: 'not-found',
      });
    });

    it('takes a code with a wrong check digit: it is only believed to be one', async () => {
      expect((await harness().call('getEnterprise', { code: '0201600160' })).code).toBe('not-found');
      const { problem } = await harness().call('getEnterprise', { code: '201600166' });
      expect(problem?.errors).toMatchObject([{ path: '/code', rule: 'is-tax-code' }]);
    });

    it('reads a list of one that comes as the one, and nothing where there is nothing', async () => {
      const branch = await enterprise('0201600166-001');
      expect(branch).toMatchObject({ status: 'suspended', members: [], legalRepresentatives: ['Lê Thị Kiểm'] });
      expect(Object.keys(branch)).not.toEqual(expect.arrayContaining(['shortName', 'foreignName', 'lastChangedOn']));
      // Hải Dương is Hải Phòng today, and its ward has another name.
      expect(branch['headOffice']).toMatchObject({
        province: 'Tỉnh Hải Dương',
        provinceCode: '31',
        communeCodes: ['10525'],
      });
    });

    it('keeps who handed a dossier in to the registry', async () => {
      const { output } = await harness().call('getRegistrationStatus', getRegistrationStatus.example.input);
      expect(JSON.stringify(output)).not.toMatch(papers);
    });

    it('splits a period into windows of five days, and merges what comes', async () => {
      const before = harness().standIn.requests;
      const { output } = await list({ from: '2025-12-01', to: '2025-12-12' });
      expect(numbersOf(output)).toEqual(['251205001', '251206001', '251211001']);
      expect(harness().standIn.requests - before).toBe(3);
    });

    it('lists a long period page by page, each dossier once and in order', async () => {
      // Five days have more than the registry hands out at once, which is less than what it is asked for.
      const period = { from: '2026-03-01', to: '2026-03-31' };
      const whole = numbersOf((await list({ ...period, limit: 500 })).output);
      expect(whole.length).toBeGreaterThan(100);
      expect(new Set(whole).size).toBe(whole.length);
      expect(whole.toSorted()).toEqual(whole);
      const paged: string[] = [];
      let cursor: unknown;
      do {
        const { output } = await list({ ...period, limit: 7, ...(cursor ? { cursor } : {}) });
        const numbers = numbersOf(output);
        expect(numbers.length).toBeLessThanOrEqual(7);
        paged.push(...numbers);
        cursor = output!['next'];
      } while (cursor);
      expect(paged).toEqual(whole);
    });

    it.each([
      [{ from: '2026-03-02', to: '2026-03-01' }, '/to', 'period-order'],
      [{ from: '2026-01-01', to: '2026-04-03' }, '/to', 'period-length'],
      [{ from: '2026-01-01', to: '2026-01-02', toTime: '10:00' }, '/toTime', 'processed-only'],
      [{ from: '2026-01-01', to: '2026-01-02', cursor: 'MjAyNi0wMS0wMi4w' }, '/cursor', 'cursor'],
      [{ from: '2026-01-01', to: '2026-01-02', cursor: '"' }, '/cursor', 'cursor'],
      [{ by: 'processed', from: '2026-01-01', to: '2026-01-01' }, '/from', 'today'],
    ])('refuses %j by %s, and sends nothing', async (input, path, rule) => {
      const before = harness().standIn.requests;
      const { code, problem } = await list(input);
      expect({ code, error: problem?.errors?.[0] }).toMatchObject({ code: 'invalid-request', error: { path, rule } });
      expect(harness().standIn.requests).toBe(before);
    });

    it('gets one new token, and succeeds, when the old one has expired', async () => {
      await harness().call('getEnterprise', getEnterprise.example.input);
      await harness().standIn.setFault({ kind: 'expired-token' });
      const { code, attempts } = await harness().call('getEnterprise', getEnterprise.example.input);
      expect({ code, attempts }).toEqual({ code: 'ok', attempts: 2 });
    });
  },
});

describe('the older façade', () => {
  describeConnector(
    {
      ...parts,
      definition: {
        ...businessRegistration,
        operations: { getEnterprise: { ...getEnterprise, example: olderExample() } },
      },
    },
    { standIn: () => startStandIn(businessRegistrationStandIn), settings: older },
  );

  const harness = new ConnectorHarness(parts, () => startStandIn(businessRegistrationStandIn));
  beforeAll(() => harness.start({ ...older, LGSP_BUSINESS_REGISTRATION_CONSUMER_KEY: '' }));
  afterAll(() => harness.stop());

  it('asks for no token where none is configured, and leaves papers where they are', async () => {
    const before = harness.standIn.requests;
    const { output } = await harness.call('getEnterprise', getEnterprise.example.input);
    expect(harness.standIn.requests - before).toBe(1);
    expect(output).toMatchObject({ legalRepresentatives: ['Nguyễn Thị Mẫu', 'Trần Văn Thử'] });
    expect(JSON.stringify(output)).not.toMatch(papers);
  });

  it('has a date of its own for never, and tells of a suspension', async () => {
    const { output } = await harness.call('getEnterprise', { code: '0201600166-001' });
    expect(output).toMatchObject({ status: 'suspended', suspendedFrom: '2026-01-01', suspendedTo: '2026-12-31' });
    expect(output).not.toHaveProperty('lastChangedOn');
  });

  it('says null where there is no such enterprise', async () => {
    expect(await harness.call('getEnterprise', { code: '0209999999' })).toMatchObject({ code: 'not-found' });
  });

  it.each([
    ['getRegistrationStatus', getRegistrationStatus.example.input],
    ['listChangedDossiers', listChangedDossiers.example.input],
  ])('has no dossiers: %s is refused, and nothing is sent', async (verb, input) => {
    const before = harness.standIn.requests;
    const { code, problem } = await harness.call(verb, input);
    expect({ code, upstream: problem?.upstream?.code }).toEqual({ code: 'upstream-rejected', upstream: 'not-offered' });
    expect(harness.standIn.requests).toBe(before);
  });
});

describe('dossiers on their way', () => {
  const stepMs = 600_000;
  const clock = new SandboxClock(stepMs);
  const harness = new ConnectorHarness(parts, () => startStandIn(businessRegistrationStandIn, { clock }));
  beforeAll(() => harness.start());
  afterAll(() => harness.stop());

  it('move on with time, and are listed as processed today when they did', async () => {
    // Half past eight: one dossier has come today. A test that runs near midnight still asks about one day.
    const day = todayInVietnam(new Date(clock.now()));
    clock.advance(Date.parse(`${day}T08:05:00+07:00`) + 86_400_000 - clock.now());
    const today = todayInVietnam(new Date(clock.now()));
    const first = `${today.slice(2).replaceAll('-', '')}001`;
    const state = async () => (await harness.call('getRegistrationStatus', { number: first })).output!['state'];
    expect(await state()).toBe('received');
    clock.advance(stepMs);
    expect(await state()).toBe('processing');
    clock.advance(stepMs);
    expect(['approved', 'needs-supplement', 'refused']).toContain(await state());
  });

  it('of today are asked with times of the 24-hour clock', async () => {
    const today = todayInVietnam(new Date());
    const processed = async (fromTime: string, toTime: string) => {
      const input = { by: 'processed', from: today, to: today, fromTime, toTime };
      return (await harness.call('listChangedDossiers', input)).output!['dossiers'] as RegistrationDossier[];
    };
    // The sandbox stands at 08:25 of its day: the first dossier of the morning has moved twice.
    const [first, ...others] = await processed('00:00', '23:30');
    expect(others).toEqual([]);
    expect(first).toMatchObject({ changedAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T08:20:00\+07:00$/) as string });
    expect(first).not.toHaveProperty('receivedOn');
    expect(await processed('08:21', '20:30')).toEqual([]);
    expect(await processed('08:20', '08:20')).toEqual([first]);
  });
});

describe('what one deployment is told', () => {
  const harness = new ConnectorHarness(parts, () => startStandIn(businessRegistrationStandIn));
  afterEach(() => harness.stop());
  const folder = mkdtempSync(join(tmpdir(), 'lgsp-units-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('a status that is not known stays the word of the registry', async () => {
    await harness.start({ LGSP_BUSINESS_REGISTRATION_PROCESS_STATUSES: '{"Đã cấp":"approved"}' });
    const { output } = await harness.call('getRegistrationStatus', getRegistrationStatus.example.input);
    expect(output).toMatchObject({ statusCode: '4', kind: 'change' });
    expect(output).not.toHaveProperty('state');
  });

  it('the registry’s refusal is passed on: it lists no more than five days', async () => {
    await harness.start({ LGSP_BUSINESS_REGISTRATION_WINDOW_DAYS: '6' });
    const { code, problem, attempts } = await harness.call('listChangedDossiers', listChangedDossiers.example.input);
    expect({ code, attempts, upstream: problem?.upstream }).toEqual({
      code: 'upstream-rejected',
      attempts: 1,
      upstream: { code: 'Status 0', message: 'Khoảng thời gian tối đa 5 ngày' },
    });
  });

  it.each([
    ['FAULT', 'upstream-fault', ''],
    ['CREDENTIAL', 'upstream-fault', 'the business registry refuses our access'],
    ['NOT_FOUND', 'ok', ''],
  ])('phrases of %s tell whose matter a refusal is', async (what, code, logged) => {
    const phrases = { [`LGSP_BUSINESS_REGISTRATION_${what}_PHRASES`]: 'nothing else, KHOẢNG THỜI GIAN' };
    await harness.start({ LGSP_BUSINESS_REGISTRATION_WINDOW_DAYS: '6', ...phrases });
    const answer = await harness.call('listChangedDossiers', listChangedDossiers.example.input);
    expect(answer.code).toBe(code);
    expect(harness.logLines.join('')).toContain(logged);
    if (code === 'ok') expect(answer.output).toEqual({ dossiers: [] });
  });

  it('one answer asks a bounded number of times, and its cursor leads on', async () => {
    await harness.start({ LGSP_BUSINESS_REGISTRATION_PAGES_MAX: '2' });
    const before = harness.standIn.requests;
    const { input } = listChangedDossiers.example;
    const { output } = await harness.call('listChangedDossiers', input);
    expect(harness.standIn.requests - before).toBe(3); // One of them for the token.
    expect(output).toMatchObject({ dossiers: [{ number: '251205001' }, { number: '251206001' }] });
    const rest = await harness.call('listChangedDossiers', { ...input, cursor: output!['next'] });
    expect(rest.output).toMatchObject({ dossiers: [{ number: '251211001' }] });
    expect(rest.output).not.toHaveProperty('next');
  });

  it('addresses are placed by its own file of administrative units', async () => {
    const file = join(folder, 'units.json');
    const { data } = administrativeUnits;
    const formerCommunes = data.formerCommunes.map((commune) =>
      commune.code === '11329' ? { ...commune, to: ['11359', '11383'] } : commune,
    );
    writeFileSync(file, JSON.stringify({ ...data, formerCommunes }));
    await harness.start({ LGSP_ADMINISTRATIVE_UNITS_FILE: file });
    const { output } = await harness.call('getEnterprise', getEnterprise.example.input);
    expect(output!['headOffice']).toMatchObject({ commune: 'Phường Máy Chai', communeCodes: ['11359', '11383'] });
  });
});

describe.each([
  ['current', 'getEnterprise', getEnterprise.example.input],
  ['current', 'getRegistrationStatus', getRegistrationStatus.example.input],
  ['older', 'getEnterprise', getEnterprise.example.input],
])('an answer of the %s façade about another record than the one asked for', (facade, verb, input) => {
  const confused: StandInDefinition = {
    ...businessRegistrationStandIn,
    routes(app, context) {
      const other = (payload: string): string =>
        payload.replaceAll('0201600166', '0201600173').replace('251205001', '251205002');
      app.addHook('onSend', async ({ url }, _reply, payload) => (url === '/token' ? payload : other(String(payload))));
      businessRegistrationStandIn.routes(app, context);
    },
  };
  const harness = new ConnectorHarness(parts, () => startStandIn(confused));
  beforeAll(() => harness.start({ LGSP_BUSINESS_REGISTRATION_FACADE: facade }));
  afterAll(() => harness.stop());

  it(`is not passed on by ${verb}`, async () => {
    const { code, problem } = await harness.call(verb, input);
    const detail = 'the answer is about another record than the one asked for';
    expect({ code, detail: problem?.detail }).toEqual({ code: 'upstream-invalid', detail });
  });
});

/** The older façade knows neither capital nor members. */
function olderExample() {
  const { charterCapital: _, ...output } = getEnterprise.example.output;
  return { ...getEnterprise.example, output: { ...output, members: [] } };
}
