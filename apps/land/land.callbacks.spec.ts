import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { busHeaders } from '#lgsp/bus';
import { ConnectorHarness } from '#lgsp/kit/testing';
import { landStandIn } from '../sandbox/land/land.stand-in';
import { SandboxClock } from '../sandbox/sandbox.clock';
import { startStandIn } from '../sandbox/start.stand-in';
import { AttachmentReader } from './attachment.reader';
import { LandCallbacks } from './land.callbacks.upstream';
import { LandConfig } from './land.config';
import { land, LandAdapter } from './land.connector';
import { LandUpstream } from './land.upstream';

interface Received {
  kind: string;
  body: Record<string, unknown>;
}

const parts = {
  definition: land,
  adapter: LandAdapter,
  providers: [LandUpstream, AttachmentReader, LandCallbacks],
  config: LandConfig,
};
const { submitDossier, completeSupplement, returnFaultyResult } = land.operations;
const stepMs = 20_000;

describe('land: callbacks of the stand-in', () => {
  const received: Received[] = [];
  let taken = 1;
  const receiver = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      received.push({ kind: request.url!.replace('/callbacks/land/', ''), body: JSON.parse(text) as Received['body'] });
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ Result: taken, Message: '', Data: null }));
    });
  });
  const clock = new SandboxClock(stepMs);
  const harness = new ConnectorHarness(parts, async () => {
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const callbackUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/callbacks/land`;
    return startStandIn(landStandIn, { clock, callbackUrl });
  });
  beforeAll(() => harness.start());
  afterAll(async () => {
    await harness.stop();
    receiver.closeAllConnections();
    receiver.close();
  });
  afterEach(async () => {
    taken = 1;
    await harness.standIn.setFault(undefined);
  });

  let serial = 0;
  async function submit(name: string): Promise<string> {
    const dossier = `H24.11-261128-${String(++serial).padStart(4, '0')}`;
    const headers = { [busHeaders.dossier]: dossier };
    await harness.call('submitDossier', { ...submitDossier.example.input, applicant: { name } }, { headers });
    return dossier;
  }
  /** What came about one dossier: those of other tests go on with the clock too. */
  const about = (dossier: string): Received[] => received.filter(({ body }) => body['SoBienNhan'] === dossier);
  const kinds = (dossier: string): string[] => about(dossier).map(({ kind }) => kind);
  const until = async (dossier: string, count: number): Promise<void> => {
    const deadline = Date.now() + 10_000;
    while (about(dossier).length < count && Date.now() < deadline) await new Promise((done) => setTimeout(done, 20));
    expect(about(dossier).length).toBeGreaterThanOrEqual(count);
  };
  const step = async (dossier: string, count: number): Promise<void> => {
    clock.advance(stepMs);
    await until(dossier, count);
  };

  it('tell the way of a dossier, each with the security code in its body', async () => {
    const dossier = await submit('Trần Văn Thuế');
    await step(dossier, 1);
    await step(dossier, 2);
    await step(dossier, 3);
    expect(kinds(dossier)).toEqual(['ChuyenHoSo', 'GuiKetQuaThue', 'KetThucHoSo']);
    const SecurityCode = harness.standIn.env['LGSP_LAND_SECURITY_CODE'];
    for (const { body } of about(dossier)) expect(body).toMatchObject({ SoBienNhan: dossier, SecurityCode });
    expect(about(dossier)[1]!.body['DanhSachThongBaoThue']).toMatchObject([{ HoVaChu: 'Trần Văn Thuế' }]);
    const ended = about(dossier)[2]!.body['DanhSachGiayToKetQua'] as { LinkFile: string }[];
    const file = await fetch(harness.standIn.env['LGSP_LAND_BASE_URL']! + ended[0]!.LinkFile);
    expect({ type: file.headers.get('content-type'), text: await file.text() }).toEqual({
      type: 'application/pdf',
      text: '%PDF-1.4\n',
    });
  });

  it('tell times in UTC without saying so, as the real ones do', async () => {
    const dossier = await submit('Trần Văn Thử');
    await step(dossier, 1);
    const time = about(dossier)[0]!.body['NgayChuyen'] as string;
    expect(time).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/);
    expect(Math.abs(Date.now() - Date.parse(`${time}Z`))).toBeLessThan(60_000);
  });

  it('ask for papers, acknowledge them, and end', async () => {
    const dossier = await submit('Trần Văn Thiếu');
    await step(dossier, 1);
    await step(dossier, 2);
    await harness.call('completeSupplement', { ...completeSupplement.example.input, receiptNumber: dossier });
    await until(dossier, 3);
    await step(dossier, 4);
    expect(kinds(dossier)).toEqual(['ChuyenHoSo', 'YeuCauBoSungHoSo', 'NhanBoSungHoSo', 'KetThucHoSo']);
  });

  it('tell that a faulty result is worked on again, and a second end', async () => {
    const dossier = await submit('Trần Văn Thử');
    await step(dossier, 1);
    await step(dossier, 2);
    await harness.call('returnFaultyResult', { ...returnFaultyResult.example.input, receiptNumber: dossier });
    await until(dossier, 3);
    await step(dossier, 4);
    expect(kinds(dossier)).toEqual(['ChuyenHoSo', 'KetThucHoSo', 'ChuyenHoSo', 'KetThucHoSo']);
    expect(about(dossier)[2]!.body['LaTrangThaiChuyenLai']).toBe(true);
  });

  it('come again when the receiver does not take them, three times in all', async () => {
    taken = 0;
    const dossier = await submit('Trần Văn Thử');
    await step(dossier, 3);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(kinds(dossier)).toEqual(['ChuyenHoSo', 'ChuyenHoSo', 'ChuyenHoSo']);
  });

  it('come five times under the fault duplicate-callbacks', async () => {
    const dossier = await submit('Trần Văn Thử');
    await harness.standIn.setFault({ kind: 'duplicate-callbacks' });
    await step(dossier, 5);
    expect(kinds(dossier)).toEqual(Array.from({ length: 5 }, () => 'ChuyenHoSo'));
  });
});
