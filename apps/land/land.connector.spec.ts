import { createHash, randomUUID } from 'node:crypto';
import { busHeaders } from '#lgsp/bus';
import { ConnectorHarness, describeConnector } from '#lgsp/kit/testing';
import { landStandIn, landStandInWith } from '../sandbox/land/land.stand-in';
import { SandboxClock } from '../sandbox/sandbox.clock';
import { startStandIn } from '../sandbox/start.stand-in';
import { AttachmentReader } from './attachment.reader';
import { LandCallbacks } from './land.callbacks.upstream';
import { LandConfig } from './land.config';
import { land, LandAdapter } from './land.connector';
import { LandUpstream } from './land.upstream';

const parts = {
  definition: land,
  adapter: LandAdapter,
  providers: [LandUpstream, AttachmentReader, LandCallbacks],
  config: LandConfig,
};
const { submitDossier, completeSupplement, reportResultReturned, returnFaultyResult, getParcel } = land.operations;
const stepMs = 20_000;

describe('land', () => {
  const clock = new SandboxClock(stepMs);
  describeConnector(parts, {
    standIn: () => startStandIn(landStandIn, { clock }),
    repeatableCommands: ['reportResultReturned'],
    callbacks: Object.fromEntries(
      Object.entries(land.callbacks!).map(([kind, { example }]) => [
        kind,
        ({ LGSP_LAND_SECURITY_CODE: SecurityCode }) => ({ body: { ...example.body, SecurityCode } }),
      ]),
    ),
    foundByInput: {
      completeSupplement: () => completeSupplement.example.input,
      returnFaultyResult: () => returnFaultyResult.example.input,
    },
    peculiarities: (harness) => {
      describeWays(harness, clock);
      describeParcels(harness);
      describeRefusals(harness);
    },
  });
});

let serial = 0;
const freshDossier = (): string => `H24.11-261125-${String(++serial).padStart(4, '0')}`;

async function submit(harness: ConnectorHarness, applicant: string): Promise<string> {
  const dossier = freshDossier();
  const input = { ...submitDossier.example.input, applicant: { name: applicant } };
  const { output, problem } = await harness.call('submitDossier', input, {
    headers: { [busHeaders.dossier]: dossier },
  });
  if (!output) throw new Error(`the dossier was not taken: ${problem?.code}`);
  return dossier;
}

function describeWays(harness: () => ConnectorHarness, clock: SandboxClock): void {
  /** Asked as a command that found it there already is. */
  const stateOf = async (dossier: string): Promise<unknown> => {
    const headers = { [busHeaders.dossier]: dossier };
    return (await harness().call('submitDossier', undefined, { headers, outcome: true })).output?.['state'];
  };
  const supplement = (receiptNumber: string) =>
    harness().call('completeSupplement', { ...completeSupplement.example.input, receiptNumber });
  const report = (receiptNumber: string) =>
    harness().call('reportResultReturned', { ...reportResultReturned.example.input, receiptNumber });
  const sendBack = (receiptNumber: string) =>
    harness().call('returnFaultyResult', { ...returnFaultyResult.example.input, receiptNumber });

  it('a dossier goes from receipt to the returned result', async () => {
    const dossier = await submit(harness(), 'Trần Văn Thử');
    const states = [await stateOf(dossier)];
    for (let step = 0; step < 2; step++) {
      clock.advance(stepMs);
      states.push(await stateOf(dossier));
    }
    expect((await report(dossier)).output).toEqual({ receiptNumber: dossier, state: 'returned' });
    expect([...states, await stateOf(dossier)]).toEqual(['received', 'processing', 'completed', 'returned']);
  });

  it('waits for papers that are missing, and goes on when they are there', async () => {
    const dossier = await submit(harness(), 'Trần Văn Thiếu');
    clock.advance(2 * stepMs);
    expect(await stateOf(dossier)).toBe('supplement-required');
    expect((await supplement(dossier)).output).toMatchObject({ receiptNumber: dossier, state: 'processing' });
    expect(await stateOf(dossier)).toBe('processing');
    clock.advance(stepMs);
    expect(await stateOf(dossier)).toBe('completed');
  });

  it('tells a tax that is due from being in process', async () => {
    const dossier = await submit(harness(), 'Trần Văn Thuế');
    clock.advance(2 * stepMs);
    expect(await stateOf(dossier)).toBe('tax-due');
  });

  it('takes a faulty result back, and gives another one', async () => {
    const dossier = await submit(harness(), 'Trần Văn Thử');
    clock.advance(2 * stepMs);
    expect((await sendBack(dossier)).output).toMatchObject({ state: 'processing' });
    clock.advance(stepMs);
    expect(await stateOf(dossier)).toBe('completed');
  });

  it('refuses what does not fit the state, in the words of the land system', async () => {
    const dossier = await submit(harness(), 'Trần Văn Thử');
    for (const { code, problem } of [await supplement(dossier), await report(dossier), await sendBack(dossier)]) {
      expect({ code, upstream: problem?.upstream?.code }).toEqual({ code: 'upstream-rejected', upstream: '422' });
    }
  });

  it('answers not-found for a receipt number that nobody has', async () => {
    const answers = [supplement, report, sendBack].map((act) => act('H24.11-261101-9999'));
    expect((await Promise.all(answers)).map(({ code }) => code)).toEqual(['not-found', 'not-found', 'not-found']);
  });

  it('keeps the first dossier when another one comes under its code, and says so', async () => {
    const dossier = await submit(harness(), 'Trần Văn Thử');
    clock.advance(stepMs);
    const before = harness().effectCount();
    const headers = { [busHeaders.dossier]: dossier };
    const { output } = await harness().call('submitDossier', submitDossier.example.input, { headers });
    expect({ output, effects: harness().effectCount() - before }).toEqual({
      output: { receiptNumber: dossier, state: 'processing', alreadyThere: true },
      effects: 0,
    });
  });

  it('tells its own supplement from another one in the same words', async () => {
    const input = completeSupplement.example.input;
    const [mine, other] = [
      { [busHeaders.idempotencyKey]: randomUUID() },
      { [busHeaders.idempotencyKey]: randomUUID() },
    ];
    await harness().call('completeSupplement', input, { headers: mine });
    const ask = async (headers: Record<string, string>) =>
      (await harness().call('completeSupplement', input, { headers, outcome: true })).code;
    expect([await ask(mine), await ask(other)]).toEqual(['ok', 'not-found']);
  });

  it('finds out what became of a returned result by its number, and by the key alone claims nothing', async () => {
    const dossier = await submit(harness(), 'Trần Văn Thử');
    clock.advance(2 * stepMs);
    const input = { ...reportResultReturned.example.input, receiptNumber: dossier };
    const ask = (question: object | undefined) => harness().call('reportResultReturned', question, { outcome: true });
    expect((await ask(input)).code).toBe('not-found');
    await harness().standIn.setFault({ kind: 'lost-reply', times: 1 });
    expect((await report(dossier)).code).toBe('outcome-unknown');
    expect((await ask(input)).output).toEqual({ receiptNumber: dossier, state: 'returned' });
    expect((await ask(undefined)).code).toBe('outcome-unknown');
  });

  it('still knows a dossier after the land system was down', async () => {
    const dossier = await submit(harness(), 'Trần Văn Thử');
    await harness().standIn.setFault({ kind: 'down' });
    await harness().standIn.setFault(undefined);
    expect(await stateOf(dossier)).toBe('received');
  });
}

function describeParcels(harness: () => ConnectorHarness): void {
  const ask = (numbers: object) => harness().call('getParcel', { ...getParcel.example.input, ...numbers });

  it('gives the present parcel, not its former version', async () => {
    expect((await ask({})).output).toMatchObject({ areaSquareMetres: 98.5, legalStatus: 'certified' });
  });

  it('takes numbers that are filled up with zeros', async () => {
    expect((await ask({ mapSheetNumber: '012', parcelNumber: '0045' })).output).toMatchObject({
      areaSquareMetres: 98.5,
    });
  });

  it('reads areas with a comma and without', async () => {
    const areas = await Promise.all(
      ['1', '2', '3', '4'].map(async (parcelNumber) => {
        return (await ask({ communeCode: '11602', mapSheetNumber: '1', parcelNumber })).output?.['areaSquareMetres'];
      }),
    );
    expect(areas).toEqual([60, 97.25, 134.5, 171.75]);
  });

  it('does not guess what a code means that it does not know', async () => {
    const { output } = await ask({ mapSheetNumber: '1', parcelNumber: '20' });
    expect(output).toMatchObject({ legalStatusCode: '9' });
    expect(output).not.toHaveProperty('legalStatus');
  });

  it('answers not-found where there is no such parcel', async () => {
    expect((await ask({ parcelNumber: '999' })).code).toBe('not-found');
  });
}

function describeRefusals(harness: () => ConnectorHarness): void {
  it('names the field of a refusal by the path of the bus', async () => {
    const input = { ...submitDossier.example.input, process: { code: 'KHONG.CO', name: 'Quy trình không có' } };
    const { code, problem, attempts } = await harness().call('submitDossier', input, {
      headers: { [busHeaders.dossier]: freshDossier() },
    });
    expect({ code, attempts, errors: problem?.errors }).toEqual({
      code: 'upstream-rejected',
      attempts: 1,
      errors: [{ path: '/process/code', rule: 'upstream-field', message: 'was refused by the outside system' }],
    });
  });

  it('hands in each file whole, and tells what it has sent', async () => {
    const bytes = Buffer.from('một tệp có dấu');
    const attachments = [{ name: 'Đơn', fileName: 'don.txt', content: bytes.toString('base64') }];
    const { output } = await harness().call(
      'submitDossier',
      { ...submitDossier.example.input, attachments },
      { headers: { [busHeaders.dossier]: freshDossier() } },
    );
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(output?.['attachments']).toEqual([{ fileName: 'don.txt', sizeBytes: bytes.length, sha256 }]);
  });
}

describe('land: iLIS, with the password grant and paths of its own', () => {
  const harness = new ConnectorHarness(parts, () => startStandIn(landStandInWith({ variant: 'ilis' })));
  beforeAll(() => harness.start());
  afterAll(() => harness.stop());
  afterEach(() => harness.standIn.setFault(undefined));

  it.each(Object.keys(land.operations) as (keyof typeof land.operations)[])('%s answers its example', async (verb) => {
    const { code } = await harness.call(verb, land.operations[verb].example.input);
    expect(code).toBe('ok');
  });

  it('gets a new token when its own is refused, and acts once', async () => {
    await harness.call('getParcel', getParcel.example.input);
    await harness.standIn.setFault({ kind: 'expired-token' });
    const before = harness.effectCount();
    const { code, attempts } = await harness.call('submitDossier', submitDossier.example.input, {
      headers: { [busHeaders.dossier]: 'H24.11-261126-0001' },
    });
    expect({ code, attempts, effects: harness.effectCount() - before }).toEqual({
      code: 'ok',
      attempts: 2,
      effects: 1,
    });
  });

  it('says that its credentials are at fault', async () => {
    const wrong = new ConnectorHarness(parts, () => startStandIn(landStandInWith({ variant: 'ilis' })));
    await wrong.start({ LGSP_LAND_PASSWORD: 'khong-dung' });
    const { code } = await wrong.call('getParcel', getParcel.example.input);
    expect(code).toBe('upstream-fault');
    expect(wrong.logLines.join('')).not.toContain('khong-dung');
    await wrong.stop();
  });
});
