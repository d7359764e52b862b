import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadConfig } from '#lgsp/config';
import type { Call } from '#lgsp/kit';
import { ConnectorHarness } from '#lgsp/kit/testing';
import { AttachmentReader } from './attachment.reader';
import { LandCallbacks } from './land.callbacks.upstream';
import { LandConfig } from './land.config';
import { land, LandAdapter } from './land.connector';
import { fieldsNamed, markOf, submissionMessage, supplementMessage } from './land.form.upstream';
import { LandUpstream } from './land.upstream';

const parts = {
  definition: land,
  adapter: LandAdapter,
  providers: [LandUpstream, AttachmentReader, LandCallbacks],
  config: LandConfig,
};
const { submitDossier, completeSupplement, reportResultReturned, getParcel } = land.operations;

/** A land system that answers what a test tells it to: for what the sandbox never says. */
class ScriptedLand {
  readonly requests = 0;
  readonly aborted = 0;
  readonly effects = { list: () => [] };
  readonly received: Record<string, unknown>[] = [];
  env: Record<string, string> = {};
  replies: object[] = [];
  private readonly server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      this.received.push(JSON.parse(text) as Record<string, unknown>);
      const reply = this.replies.length > 1 ? this.replies.shift() : this.replies[0];
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
    });
  });

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.env = { LGSP_LAND_BASE_URL: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}` };
    return this;
  }

  setFault(): Promise<void> {
    return Promise.reject(new Error('a scripted land system has no faults'));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const ok = (data: unknown): object => ({ data, status: { success: true, code: 200, message: '' } });
const no = (code: number | undefined, message = ''): object => ({ data: 0, status: { success: false, code, message } });

describe('land: what the land system may answer', () => {
  const system = new ScriptedLand();
  const harness = new ConnectorHarness(parts, () => system.start());
  beforeAll(() => harness.start());
  afterAll(() => harness.stop());

  it.each([
    ['done', ok(1), 'ok'],
    ['success with nothing done', ok(0), 'upstream-rejected'],
    ['a refusal', no(400, 'Thiếu HoTen'), 'upstream-rejected'],
    ['a refusal without a code', no(undefined, 'Lỗi'), 'upstream-rejected'],
    ['that we may not', no(403, 'IP không được phép'), 'upstream-fault'],
    ['that it failed', no(500, 'Lỗi hệ thống'), 'upstream-fault'],
    ['that there is no such dossier', no(404), 'not-found'],
    ['no status', { data: 1 }, 'outcome-unknown'],
    ['a status in words', { data: 1, status: 'OK' }, 'outcome-unknown'],
    ['a list', [], 'outcome-unknown'],
  ])('a command is answered %s', async (_what, reply, expected) => {
    system.replies = [reply];
    const { code } = await harness.call('completeSupplement', completeSupplement.example.input);
    expect(code).toBe(expected);
  });

  const history = (record: object): object[] => [no(400, 'Số biên nhận đã tồn tại'), ok(record)];
  const known = { SoBienNhan: 'H24.11-261101-0001', TrangThai: '2' };

  it.each([
    ['there, in words only', history(known), 'ok'],
    ['there, with its history', history({ ...known, LichSu: [{ GhiChu: 'Tiếp nhận' }, {}] }), 'ok'],
    ['in a state that nobody knows', history({ ...known, TrangThai: '8' }), 'upstream-invalid'],
    ['another one', history({ ...known, SoBienNhan: 'H24.11-261101-0002' }), 'upstream-invalid'],
    ['with a history that is none', history({ ...known, LichSu: 'x' }), 'upstream-invalid'],
    ['there and not there', [no(409), no(404)], 'upstream-invalid'],
  ])('a dossier that is handed in again is %s', async (_what, replies, expected) => {
    system.replies = replies;
    const { code, output } = await harness.call('submitDossier', submitDossier.example.input);
    expect({ code, alreadyThere: output?.['alreadyThere'] }).toEqual({
      code: expected,
      alreadyThere: expected === 'ok' ? true : undefined,
    });
  });

  it('a result that was returned before is returned', async () => {
    system.replies = [no(409, 'Hồ sơ đã trả kết quả')];
    const { output } = await harness.call('reportResultReturned', reportResultReturned.example.input);
    expect(output).toEqual(reportResultReturned.example.output);
  });

  it('a supplement that is refused because something is already so is no supplement', async () => {
    system.replies = [no(409, 'đã tồn tại')];
    const { code } = await harness.call('completeSupplement', completeSupplement.example.input);
    expect(code).toBe('upstream-rejected');
  });

  const numbers = { xaId: 11_329, soHieuToBanDo: 12, soThuTuThua: 45, isLastest: true };
  it.each([
    ['with what is needed', [{ ...numbers, dienTich: '98,5' }], 'ok'],
    ['of which only a former version is there', [{ ...numbers, isLastest: false, dienTich: 1 }], 'not-found'],
    ['unknown', [], 'not-found'],
    [
      'two of them',
      [
        { ...numbers, dienTich: 1 },
        { ...numbers, dienTich: 2 },
      ],
      'upstream-invalid',
    ],
    ['another one', [{ ...numbers, soThuTuThua: 46, dienTich: 1 }], 'upstream-invalid'],
    ['of another commune', [{ ...numbers, xaId: 11_359, dienTich: 1 }], 'upstream-invalid'],
    ['without an area', [numbers], 'upstream-invalid'],
    ['with an area in words', [{ ...numbers, dienTich: 'chưa đo' }], 'upstream-invalid'],
    ['with a use without code', [{ ...numbers, dienTich: 1, ListMucDichSuDung: [{}] }], 'upstream-invalid'],
    ['no list', { ...numbers, dienTich: 1 }, 'upstream-invalid'],
  ])('a parcel is %s', async (_what, data, expected) => {
    system.replies = [ok(data)];
    const { code } = await harness.call('getParcel', getParcel.example.input);
    expect(code).toBe(expected);
  });

  it('hands the words of a refusal to the caller and to no log', async () => {
    system.replies = [no(400, 'Sai HoTen Nguyễn Thị Mẫu')];
    const { problem } = await harness.call('submitDossier', submitDossier.example.input);
    expect(problem).toMatchObject({
      upstream: { code: '400', message: 'Sai HoTen Nguyễn Thị Mẫu' },
      errors: [{ path: '/applicant/name', rule: 'upstream-field' }],
    });
    const log = harness.logLines.join('');
    expect(log).toContain('upstream-rejected');
    for (const text of ['Mẫu', '031190000016', 'Lạch Tray']) expect(log).not.toContain(text);
  });

  it('sends no token where the network is trusted', async () => {
    system.replies = [ok([])];
    const before = system.received.length;
    await harness.call('getParcel', getParcel.example.input);
    expect(system.received.slice(before)).toEqual([{ TinhId: 31, XaId: 11_329, SoHieuBanDo: '12', SoThuTuThua: '45' }]);
  });
});

describe('the wire form of the land system', () => {
  const config = loadConfig(LandConfig, { LGSP_LAND_BASE_URL: 'http://127.0.0.1:1' });
  const call = {
    client: 'mot-cua',
    officer: 'canbo.mau',
    dossier: 'H24.11-261124-0001',
    idempotencyKey: 'a7c1',
    language: 'en',
  } as Call;
  const file = {
    name: 'Đơn đăng ký',
    fileName: 'don.pdf',
    originals: 1,
    bytes: Buffer.from('%PDF-1.4\n'),
    sizeBytes: 9,
    sha256: 'x',
  };
  const paper = {
    TenGiayTo: 'Đơn đăng ký',
    SoBanChinh: 1,
    SoBanSao: 0,
    TapTin: { name: 'don.pdf', data: 'JVBERi0xLjQK' },
  };

  it('hands a dossier in with every field in its spelling, times as on a Vietnamese wall', () => {
    const input = { ...submitDossier.example.input, receivedAt: '2026-11-24T01:15:00Z' };
    expect(submissionMessage(config, input, [file], call)).toEqual({
      LaQuyTrinhCapTinh: true,
      TinhId: 31,
      HuyenId: 0,
      XaId: 11_329,
      SoBienNhan: 'H24.11-261124-0001',
      MaHoSoMotCua: 'H24.11-261124-0001',
      NguoiTiepNhan: 'canbo.mau',
      NgayTiepNhan: '2026-11-24T08:15:00',
      NgayHenTra: '2026-12-08T17:00:00',
      DiaChiTaiSan: '',
      ThongTinNguoiNopDon: {
        HoTen: 'Nguyễn Thị Mẫu',
        SoChungMinh: '031190000016',
        DiaChiChiTiet: 'Số 1 đường Lạch Tray, phường Ngô Quyền',
        SoDienThoai: '0900000016',
        Email: '',
      },
      ThongTinQuyTrinh: {
        MaQuyTrinh: 'DKBD.01',
        TenQuyTrinh: 'Đăng ký biến động do chuyển nhượng quyền sử dụng đất',
      },
      ThongTinThuaDat: [{ SoThuTuThua: '45', SoHieuBanDo: '12', DienTich: '98.5', DiaChiChiTiet: '' }],
      DanhSachGiayToDinhKem: [paper],
    });
  });

  // The mark was made by another program over the written-out text, not with our own code.
  it('marks a note by client, number and key', () => {
    const supplement = { receiptNumber: 'H24.11-261124-0001', newDueAt: '2026-12-15T17:00:00+07:00', note: 'Đã nộp' };
    expect(supplementMessage(supplement, [], call)).toEqual({
      SoBienNhan: 'H24.11-261124-0001',
      NgayHenTraMoi: '2026-12-15T17:00:00',
      GhiChu: 'Đã nộp [Mã gửi: H24.11-261124-0001-YQ95R0SJ4V]',
      DanhSachGiayToBoSung: [],
    });
    const others = [{ client: 'khac' }, { idempotencyKey: 'a7c2' }].map((change) => ({ ...call, ...change }) as Call);
    const marks = [call, ...others].map((its) => markOf('H24.11-261124-0001', its));
    expect(new Set([...marks, markOf('H24.11-261124-0002', call)]).size).toBe(4);
  });

  it('knows which field a refusal names', () => {
    expect(fieldsNamed('Dữ liệu không hợp lệ: NgayHenTraMoi, TapTin', 'en')?.map(({ path }) => path)).toEqual([
      '/newDueAt',
      '/attachments',
    ]);
    expect(fieldsNamed('Lỗi khác', 'en')).toBeUndefined();
    expect(fieldsNamed(undefined, 'en')).toBeUndefined();
  });
});
