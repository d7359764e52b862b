import { createHash, randomUUID } from 'node:crypto';
import { EventLog } from '#lgsp/events';
import { openAudit } from '#lgsp/bus';
import { land } from '../../apps/land/land.connector';
import { vnpost } from '../../apps/vnpost/vnpost.connector';
import { judicialRecords } from '../../apps/judicial-records/judicial-records.connector';
import { until } from '../../apps/gateway/testing/gateway.harness';
import { CallbacksHarness, stepMs } from './callbacks.harness';

/** The callbacks of the land system, VNPost and VNeID. */

const harness = new CallbacksHarness();
beforeAll(() => harness.startAll(), 60_000);
afterAll(() => harness.stop());
afterEach(async () => {
  for (const standIn of harness.standIns.values()) await standIn.setFault(undefined);
});

type Json = Record<string, unknown>;
const headersOf = (dossier: string): Record<string, string> => ({
  'idempotency-key': randomUUID(),
  'lgsp-agency': 'H24.11',
  'lgsp-officer': 'canbo.mau',
  'lgsp-dossier': dossier,
});
let serial = 0;
const newDossier = (): string => `H24.11-261129-${String(++serial).padStart(4, '0')}`;

describe('the land system', () => {
  const told = (change: Json = {}): Json => ({
    ...land.callbacks!.completed.example.body,
    SecurityCode: harness.secretOf('land', 'LGSP_LAND_SECURITY_CODE'),
    ...change,
  });

  it('tells the way of a dossier by its own names, and is taken at its word', async () => {
    const dossier = newDossier();
    const input = { ...land.operations.submitDossier.example.input, applicant: { name: 'Trần Văn Thuế' } };
    expect((await harness.post('/v1/land/submit-dossier', input, headersOf(dossier))).status).toBe(200);
    for (const count of [1, 2, 3]) {
      harness.clock.advance(stepMs);
      await until(async () => (await harness.observationsOf(dossier)).length >= count, 20_000);
    }
    expect(await harness.observationsOf(dossier)).toMatchObject([
      { state: 'processing', upstreamState: 'ChuyenHoSo', portalState: 4, source: 'callback', dossier },
      { state: 'tax-due', upstreamState: 'GuiKetQuaThue', portalState: 6, final: false },
      { state: 'completed', upstreamState: 'KetThucHoSo', portalState: 9 },
    ]);
  });

  it('is answered in its own form, at our name of the kind and at its own', async () => {
    for (const kind of ['completed', 'KetThucHoSo'])
      expect(await harness.callBack(`land/${kind}`, told({ SoBienNhan: newDossier() }))).toEqual({
        status: 200,
        contentType: 'application/json; charset=utf-8',
        text: '{"Result":1,"Message":"","Data":null}',
      });
  });

  it('means UTC where it says no offset, and is not believed to know the future', async () => {
    const [past, future] = [newDossier(), newDossier()];
    await harness.callBack('land/completed', told({ SoBienNhan: past, NgayKetThuc: '2026-11-03T20:30:00' }));
    await harness.callBack('land/completed', told({ SoBienNhan: future, NgayKetThuc: '2099-11-03T20:30:00' }));
    expect(await harness.observationsOf(past)).toMatchObject([{ at: '2026-11-04T03:30:00+07:00' }]);
    const [{ at } = { at: '' }] = await harness.observationsOf(future);
    expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(60_000);
  });

  it.each([
    ['no code', { SecurityCode: undefined }],
    ['an empty code', { SecurityCode: '' }],
    ['another code', { SecurityCode: 'invented-code' }],
    ['a code that is a list', { SecurityCode: ['x'] }],
  ])('with %s is refused in its own form', async (_what, change) => {
    const before = harness.callbacksCounted('land', 'completed', 'forged');
    const { status, text } = await harness.callBack('land/KetThucHoSo', told(change));
    expect({ status, result: (JSON.parse(text) as Json)['Result'] }).toEqual({ status: 200, result: 0 });
    expect(harness.callbacksCounted('land', 'completed', 'forged')).toBe(before + 1);
  });

  it.each([
    ['no dossier', { SoBienNhan: undefined }],
    ['no time', { NgayKetThuc: undefined }],
    ['a time that is none', { NgayKetThuc: 'hôm qua' }],
  ])('with %s is refused, and not as a forgery', async (_what, change) => {
    const before = harness.callbacksCounted('land', 'completed', 'refused');
    await harness.callBack('land/completed', told(change));
    expect(harness.callbacksCounted('land', 'completed', 'refused')).toBe(before + 1);
  });
});

describe('VNPost', () => {
  const told = (change: Json = {}): Json => ({ ...vnpost.callbacks!.tracking.example.body, ...change });
  const bearer = (): Record<string, string> => ({
    authorization: `Bearer ${harness.secretOf('vnpost', 'LGSP_VNPOST_CALLBACK_SECRET')}`,
  });

  it('tells where an order is, each state once', async () => {
    await harness.standIns.get('vnpost')!.setFault({ kind: 'duplicate-callbacks' });
    const { body } = await harness.post(
      '/v1/vnpost/create-order',
      vnpost.operations.createOrder.example.input,
      headersOf(newDossier()),
    );
    const order = body['orderNumber'] as string;
    for (const count of [1, 2, 3]) {
      await until(async () => (await harness.observationsOf(order)).length >= count, 20_000);
      harness.clock.advance(stepMs);
    }
    await until(() => harness.callbacksCounted('vnpost', 'tracking', 'accepted') >= 15, 20_000);
    expect(await harness.observationsOf(order)).toMatchObject([
      { state: 'requested', upstreamState: '1', final: false },
      { state: 'sent-to-post', upstreamState: '2', final: false },
      { state: 'received', upstreamState: '3', final: true },
    ]);
  });

  it.each([
    ['no secret', {}],
    ['another secret', { authorization: 'Bearer invented' }],
    ['another scheme', { authorization: 'Basic aGFpOnBob25n' }],
  ])('with %s is refused in its own form', async (_what, headers) => {
    const { status, text } = await harness.callBack('vnpost/tracking', told(), headers);
    expect({ status, code: (JSON.parse(text) as Json)['Status'] }).toEqual({ status: 401, code: 0 });
  });

  it('is taken with a code that nobody knows, which tells nothing', async () => {
    const order = 'H24.11-261101-0016-UNKNOWN';
    const answer = await harness.callBack('vnpost/tracking', told({ StatusCode: 77, OrderNumber: order }), bearer());
    expect({ status: answer.status, kept: await harness.observationsOf(order) }).toEqual({ status: 200, kept: [] });
  });
});

describe('a dossier that a citizen hands in through VNeID', () => {
  const declaration = (dossier: string, change: Json = {}): Json => {
    const body = { ...judicialRecords.callbacks!.submission.example.body, maHoSoMCDT: dossier, ...change };
    const { maTinh, ngayTiepNhan } = body as Json;
    const secret = harness.secretOf('judicial-records', 'LGSP_JUDICIAL_RECORDS_AUTH_KEY_SECRET');
    const proven = [maTinh, dossier, ngayTiepNhan, secret].join('|');
    return { ...body, authKey: createHash('sha256').update(proven).digest('hex') };
  };
  const handIn = (body: Json) => harness.callBack('judicial-records/submission', body);
  async function eventsOf(dossier: string) {
    const events = [];
    const log = await EventLog.open(await harness.nats.connect('reader'));
    for await (const { event } of log.read('tester')) if (event.dossier === dossier) events.push(event);
    return events;
  }

  it('is told to its client once, who fetches what was handed in, byte for byte', async () => {
    const dossier = newDossier();
    const body = declaration(dossier);
    for (let times = 0; times < 5; times++)
      expect(await handIn(body)).toMatchObject({ status: 200, text: expect.stringContaining('"statusCode":"00"') });
    const events = await eventsOf(dossier);
    expect(events).toEqual([
      expect.objectContaining({
        type: 'dossier.submitted',
        client: 'tester',
        system: 'judicial-records',
        data: { submission: expect.stringMatching(/^[0-9a-f]{32}$/), kind: 'submission' },
      }),
    ]);
    expect(JSON.stringify(events)).not.toContain('Mẫu');
    const { submission } = events[0]!.data as { submission: string };
    expect((await harness.fetch(`/v1/submissions/${submission}`)).body).toEqual(body);
    const audit = await openAudit(await harness.nats.connect('auditor'));
    const entry = await audit.latest(`lgsp.audit.submissions.${submission}`);
    expect(Buffer.from(entry!.data).toString('utf8')).toContain('"who":"tester"');
  });

  it('is another one when it comes with another content', async () => {
    const dossier = newDossier();
    await handIn(declaration(dossier));
    await handIn(declaration(dossier, { nguonDangKy: 'VNeID, bổ sung' }));
    expect(await eventsOf(dossier)).toHaveLength(2);
  });

  it('lies on the bus sealed, and is given to nobody but its client', async () => {
    const dossier = newDossier();
    await handIn(declaration(dossier));
    const [event] = await eventsOf(dossier);
    const { submission } = event!.data as { submission: string };
    const bucket = (await harness.nats.connect('thief')).nats;
    const stored = await (await bucket.jetstream().views.kv('SUBMISSIONS')).get(`body.${submission}`);
    expect(stored!.string()).toContain('"sealed"');
    for (const secret of ['Mẫu', '031190000016', 'authKey']) expect(stored!.string()).not.toContain(secret);
    const headers = { authorization: `ApiKey ${await harness.register('another')}` };
    const path = `/v1/submissions/${submission}`;
    expect((await harness.fetch(path, {}, headers)).status).toBe(404);
    expect((await harness.fetch(path, {}, { authorization: undefined })).status).toBe(401);
    expect((await harness.fetch('/v1/submissions/..%2f..%2fx')).status).toBe(404);
  });

  it.each([
    ['without a proof', { authKey: undefined }],
    ['with another proof', { authKey: 'b'.repeat(64) }],
    ['with a bar in a proven field', { maTinh: '31|x' }],
  ])('%s is refused in the form of VNeID', async (_what, change) => {
    const dossier = newDossier();
    const { status, text } = await handIn({ ...declaration(dossier), ...change });
    expect({ status, code: (JSON.parse(text) as Json)['statusCode'] }).toEqual({ status: 200, code: '01' });
    expect(await eventsOf(dossier)).toEqual([]);
  });

  it('comes from the sandbox when a citizen there hands one in', async () => {
    const handed = await harness.standIns.get('judicial-records')!.handIn();
    expect(handed).toMatchObject({ status: 200, answer: expect.stringContaining('"00"') });
    expect(await eventsOf(handed!.reference)).toHaveLength(1);
  });

  it('leaves nothing of the person in any log', () => {
    for (const text of [
      'Mẫu',
      '031190000016',
      harness.secretOf('judicial-records', 'LGSP_JUDICIAL_RECORDS_AUTH_KEY_SECRET'),
    ])
      expect(harness.logLines.join('')).not.toContain(text);
  });
});
