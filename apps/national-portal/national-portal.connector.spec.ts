import { randomUUID } from 'node:crypto';
import { busHeaders } from '#lgsp/bus';
import { describeConnector, type ConnectorHarness } from '#lgsp/kit/testing';
import { nationalPortalStandIn } from '../sandbox/national-portal/national-portal.stand-in';
import { SandboxClock } from '../sandbox/sandbox.clock';
import { startStandIn } from '../sandbox/start.stand-in';
import { NationalPortalConfig } from './national-portal.config';
import { nationalPortal, NationalPortalAdapter } from './national-portal.connector';
import { NationalPortalUpstream } from './national-portal.upstream';
import { TransitionRule } from './transition.rule';

const parts = {
  definition: nationalPortal,
  adapter: NationalPortalAdapter,
  providers: [NationalPortalUpstream, TransitionRule],
  config: NationalPortalConfig,
};
const { syncDossier, updateProgress } = nationalPortal.operations;
const stepMs = 20_000;
const dossierInput = syncDossier.example.input;
const stepInput = updateProgress.example.input;

/** A second of its own for each step. */
const timeOf = (serial: number): string =>
  `2026-11-25T${[Math.floor(serial / 3_600) + 10, Math.floor(serial / 60) % 60, serial % 60].map((part) => String(part).padStart(2, '0')).join(':')}+07:00`;

let serial = 0;
const freshDossier = (): Record<string, string> => ({
  [busHeaders.dossier]: `H24.11-261129-${String(++serial).padStart(4, '0')}`,
});
const codeOf = (headers: Record<string, string>): string => headers[busHeaders.dossier]!;

describe('national-portal', () => {
  const clock = new SandboxClock(stepMs);
  describeConnector(parts, {
    // A list that is kept would hide the faults that are tried here.
    settings: { LGSP_NATIONAL_PORTAL_CATALOGUE_MS: '0' },
    standIn: () => startStandIn(nationalPortalStandIn, { clock }),
    foundByInput: {
      syncDossier: () => dossierInput,
      updateProgress: (nth) => ({ ...stepInput, processedAt: timeOf(nth) }),
    },
    peculiarities: (harness) => {
      describeSync(harness);
      describeStates(harness, clock);
      describeApplicants(harness);
      describeProcedures(harness);
      describeSessions(harness);
    },
  });
});

function describeSync(harness: () => ConnectorHarness): void {
  const sync = (headers: Record<string, string>, change: object = {}) =>
    harness().call('syncDossier', { ...dossierInput, ...change }, { headers });
  const changeOf = async (headers: Record<string, string>): Promise<unknown> =>
    (await sync(headers)).output?.['change'];

  it('creates a dossier once, and updates it afterwards', async () => {
    const headers = freshDossier();
    expect([await changeOf(headers), await changeOf(headers)]).toEqual(['created', 'updated']);
  });

  it('creates it once also when two hand it in at the same moment', async () => {
    const headers = freshDossier();
    const changes = await Promise.all(Array.from({ length: 10 }, () => changeOf(headers)));
    expect(changes.toSorted()).toEqual(['created', ...Array.from({ length: 9 }, () => 'updated')]);
    const { output } = await harness().call('lookUpDossier', { dossier: codeOf(headers) });
    expect(output?.['warnings']).toEqual([]);
    const created = harness()
      .standIn.effects.list()
      .filter(({ kind, key }) => kind === 'create-dossier' && key === codeOf(headers));
    expect(created).toMatchObject([{ count: 1 }]);
  });

  it('sends one request for a dossier that is new', async () => {
    await changeOf(freshDossier());
    const before = harness().standIn.requests;
    await changeOf(freshDossier());
    expect(harness().standIn.requests - before).toBe(1);
  });

  it('does not claim to know whether a dossier that is there otherwise is from before or after', async () => {
    const headers = { ...freshDossier(), [busHeaders.idempotencyKey]: randomUUID() };
    await sync(headers);
    const changed = { ...dossierInput, summary: 'Đăng ký khai sinh cho con thứ hai' };
    const { code } = await harness().call('syncDossier', changed, { headers, outcome: true });
    expect(code).toBe('outcome-unknown');
    const again = { ...headers, [busHeaders.recheck]: 'true' };
    expect((await harness().call('syncDossier', changed, { headers: again })).output).toMatchObject({
      change: 'updated',
    });
    expect((await harness().call('syncDossier', changed, { headers, outcome: true })).code).toBe('ok');
  });

  it('hands in papers, fees, rounds of supplement and results', async () => {
    const headers = freshDossier();
    const lists = {
      papers: [{ id: 'T1', fileName: 'to-khai.pdf', url: 'https://motcua.example.vn/tep/T1' }],
      fees: [{ kind: 'fee', name: 'Phí', code: 'P1', amount: 20_000, collected: 'on-return' }],
      otherPapers: [{ name: 'Giấy chứng sinh', count: 1, form: 'original' }],
      supplements: [{ id: 'B1', askedBy: 'Phạm Văn Cán', content: 'Thiếu giấy chứng sinh', askedAt: timeOf(1) }],
      results: [{ name: 'Giấy khai sinh', id: 'K1', url: 'https://motcua.example.vn/tep/K1' }],
    };
    expect((await sync(headers, lists)).code).toBe('ok');
    const asked = { headers, outcome: true };
    expect((await harness().call('syncDossier', { ...dossierInput, ...lists }, asked)).code).toBe('ok');
    expect((await harness().call('syncDossier', dossierInput, asked)).code).toBe('outcome-unknown');
  });

  it('names the field of a refusal, in the input or in the context', async () => {
    const headers = { ...freshDossier(), [busHeaders.procedure]: '8.000001' };
    const { code, problem } = await harness().call('syncDossier', dossierInput, { headers });
    expect({ code, errors: problem?.errors }).toMatchObject({
      code: 'upstream-rejected',
      errors: [{ path: 'Lgsp-Procedure', rule: 'upstream-field' }],
    });
  });
}

function describeStates(harness: () => ConnectorHarness, clock: SandboxClock): void {
  const sync = (headers: Record<string, string>, change: object) =>
    harness().call('syncDossier', { ...dossierInput, previousState: undefined, ...change }, { headers });
  const stateAt = async (headers: Record<string, string>) =>
    (await harness().call('lookUpDossier', { dossier: codeOf(headers) })).output;

  it('follows a dossier from its registration to the returned result', async () => {
    const headers = freshDossier();
    await sync(headers, { state: 'registered' });
    const way = ['accepted', 'processing', 'supplement-required', 'processing', 'completed', 'returned'];
    for (const [nth, state] of way.entries()) {
      const step = {
        ...stepInput,
        dossier: codeOf(headers),
        state,
        processedAt: timeOf(nth),
        previousState: undefined,
      };
      expect(await harness().call('updateProgress', step)).toMatchObject({ code: 'ok' });
    }
    const found = await stateAt(headers);
    expect(found).toMatchObject({ state: 'returned', stateName: 'Đã trả kết quả' });
    const steps = found!['progress'] as { state: string; processedAt: string }[];
    expect(steps.map(({ state }) => state)).toEqual(way);
    expect(steps[0]!.processedAt).toBe(timeOf(0));
  });

  it('refuses a way that is not legal before anything is sent, and names the legal ones', async () => {
    const before = harness().standIn.requests;
    const step = { ...stepInput, previousState: 'completed', state: 'processing' };
    const { code, problem } = await harness().call('updateProgress', step);
    expect({ code, errors: problem?.errors, requests: harness().standIn.requests - before }).toEqual({
      code: 'invalid-request',
      errors: [
        {
          path: '/state',
          rule: 'dossier-transition',
          message: 'processing may not follow completed; there may: completed, returned',
        },
      ],
      requests: 0,
    });
  });

  it('tells a way that the portal refuses by the same rule', async () => {
    const headers = freshDossier();
    await sync(headers, { state: 'completed' });
    const step = { ...stepInput, dossier: codeOf(headers), previousState: undefined, state: 'processing' };
    const answers = [await sync(headers, { state: 'processing' }), await harness().call('updateProgress', step)];
    for (const { code, problem } of answers) {
      expect({ code, errors: problem?.errors }).toMatchObject({
        code: 'upstream-rejected',
        errors: [{ path: '/state', rule: 'dossier-transition' }],
      });
    }
  });

  it('is told that a citizen has paid', async () => {
    const headers = freshDossier();
    await sync(headers, { state: 'payment-required' });
    expect(await stateAt(headers)).toMatchObject({ state: 'payment-required', progress: [] });
    clock.advance(stepMs);
    expect(await stateAt(headers)).toMatchObject({ state: 'processing', progress: [{ state: 'processing' }] });
  });

  it('answers not-found for a dossier that nobody handed in', async () => {
    const dossier = 'H24.11-261101-9999';
    const answers = [
      await harness().call('lookUpDossier', { dossier }),
      await harness().call('updateProgress', { ...stepInput, dossier }),
    ];
    expect(answers.map(({ code }) => code)).toEqual(['not-found', 'not-found']);
  });

  it('takes the acting officer’s account where no name is given', async () => {
    const headers = freshDossier();
    await sync(headers, {});
    const { officerName: _name, ...step } = stepInput;
    await harness().call('updateProgress', { ...step, dossier: codeOf(headers) });
    expect(await stateAt(headers)).toMatchObject({ progress: [{ officerName: 'canbo.mau' }] });
  });
}

function describeApplicants(harness: () => ConnectorHarness): void {
  it.each(['citizen', 'business'])('hands in a %s by the portal’s code, and reads it back', async (kind) => {
    const headers = freshDossier();
    const applicant = { kind, name: 'Công ty TNHH Mẫu', taxCode: '0123456787' };
    await harness().call('syncDossier', { ...dossierInput, applicant }, { headers });
    const { output } = await harness().call('lookUpDossier', { dossier: codeOf(headers) });
    expect(output).toMatchObject({ applicantKind: kind, applicantName: 'Công ty TNHH Mẫu' });
  });

  it('names the value and the list of a kind that the portal has no code for', async () => {
    const applicant = { ...dossierInput.applicant, kind: 'household-business' };
    const { problem } = await harness().call('syncDossier', { ...dossierInput, applicant });
    expect(problem?.errors).toEqual([
      {
        path: '/applicant/kind',
        rule: 'system-code',
        message:
          "household-business is not in the list of kinds of applicants of the national portal's classic adapter, " +
          'which has citizen, business',
      },
    ]);
  });
}

function describeProcedures(harness: () => ConnectorHarness): void {
  const list = async (question: object) => (await harness().call('listProcedures', question)).output;

  it('are found by a part of code or name, in any case', async () => {
    expect(await list({ contains: 'THỦ TỤC MẪU SỐ 12', limit: 500 })).toMatchObject({ total: 11 });
    expect(await list({ contains: '9.00001' })).toMatchObject({ total: 10 });
    expect(await list({ contains: 'không có' })).toEqual({ total: 0, procedures: [] });
  });

  it('are given page by page', async () => {
    const first = await list({ contains: 'mẫu', limit: 2 });
    const next = await list({ contains: 'mẫu', offset: 2, limit: 1 });
    expect(first).toMatchObject({ total: 150, procedures: [{ code: '9.000001' }, { code: '9.000002' }] });
    expect(next).toMatchObject({ total: 150, procedures: [{ code: '9.000003', name: 'Thủ tục mẫu số 3' }] });
  });
}

function describeSessions(harness: () => ConnectorHarness): void {
  it.each(['syncDossier', 'updateProgress', 'lookUpDossier', 'listProcedures'] as const)(
    '%s opens another session when its own is refused, and acts once',
    async (verb) => {
      const { kind, example } = nationalPortal.operations[verb];
      await harness().call('lookUpDossier', { dossier: 'H24.11-261101-0042' });
      await harness().standIn.setFault({ kind: 'expired-token' });
      const before = harness().effectCount();
      const { code, attempts } = await harness().call(verb, example.input, { headers: freshDossier() });
      const effects = harness().effectCount() - before;
      expect({ code, attempts, effects }).toEqual({ code: 'ok', attempts: 2, effects: kind === 'command' ? 1 : 0 });
    },
  );
}
