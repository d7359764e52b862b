import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadConfig } from '#lgsp/config';
import type { Call } from '#lgsp/kit';
import { ConnectorHarness } from '#lgsp/kit/testing';
import { NationalPortalConfig } from './national-portal.config';
import { nationalPortal, NationalPortalAdapter } from './national-portal.connector';
import { agrees, dossierMessage, fieldsNamed, progressMessage } from './national-portal.form.upstream';
import { NationalPortalUpstream } from './national-portal.upstream';
import { TransitionRule } from './transition.rule';

const parts = {
  definition: nationalPortal,
  adapter: NationalPortalAdapter,
  providers: [NationalPortalUpstream, TransitionRule],
  config: NationalPortalConfig,
};
const { syncDossier, updateProgress, lookUpDossier, listProcedures } = nationalPortal.operations;
type Body = Record<string, unknown>;

/** A portal that answers what a test tells it to: for what the sandbox never says. */
class ScriptedPortal {
  readonly requests = 0;
  readonly aborted = 0;
  readonly effects = { list: () => [] };
  readonly received: Body[] = [];
  env: Record<string, string> = {};
  session: object = { session: 's1', error_code: 0 };
  replies: object[] = [];
  private readonly server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      const isService = request.url === '/service';
      if (isService) this.received.push(JSON.parse(text) as Body);
      const scripted = this.replies.length > 1 ? this.replies.shift() : this.replies[0];
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isService ? scripted : this.session));
    });
  });

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.env = {
      LGSP_NATIONAL_PORTAL_BASE_URL: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
      LGSP_NATIONAL_PORTAL_USERNAME: 'haiphong',
      LGSP_NATIONAL_PORTAL_PASSWORD: 'bi-mat',
      LGSP_NATIONAL_PORTAL_CATALOGUE_MS: '0',
    };
    return this;
  }

  setFault(): Promise<void> {
    return Promise.reject(new Error('a scripted portal has no faults'));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const ok = (result?: unknown): object => ({ error_code: '00', result });
const no = (code: string | number, message = ''): object => ({ error_code: code, message });

describe('national-portal: what the portal may answer', () => {
  const portal = new ScriptedPortal();
  const harness = new ConnectorHarness(parts, () => portal.start());
  beforeAll(() => harness.start());
  afterAll(() => harness.stop());

  it.each([
    ['00', [ok()], 'ok'],
    ['0, as a number', [no(0)], 'ok'],
    ['that it is known, and then 00', [no('02'), ok()], 'ok'],
    ['that it is known, and then that it is not', [no('02'), no('03')], 'upstream-rejected'],
    ['a refusal', [no('04', 'Thiếu ChuHoSo')], 'upstream-rejected'],
    ['that the state may not follow', [no('05')], 'upstream-rejected'],
    ['that it failed', [no('99', 'Lỗi hệ thống')], 'upstream-fault'],
    ['that it failed, in another way', [no(-1, 'Exception')], 'upstream-fault'],
    ['that the session is over, and then 00', [no('01'), ok()], 'ok'],
    ['that the new session is over too', [no('01'), no('01')], 'upstream-fault'],
    ['no code', [{ message: 'OK' }], 'outcome-unknown'],
    ['a list', [[]], 'outcome-unknown'],
    ['that it is known, and then nothing', [no('02'), {}], 'outcome-unknown'],
  ])('a dossier is answered %s', async (_what, replies, expected) => {
    portal.replies = [...replies];
    const { code } = await harness.call('syncDossier', syncDossier.example.input);
    expect(code).toBe(expected);
  });

  it('turns from new to changed at once, and only once', async () => {
    const before = portal.received.length;
    portal.replies = [no('02'), no('02')];
    const { code } = await harness.call('syncDossier', syncDossier.example.input);
    const flags = portal.received.slice(before).map(({ isUpdating }) => isUpdating);
    expect({ code, flags }).toEqual({ code: 'upstream-rejected', flags: ['False', 'True'] });
  });

  const record = { MaHoSo: lookUpDossier.example.input.dossier, TrangThaiHoSo: 9, QuaTrinhXuLy: [] };
  const step = { ThoiDiemXuLy: '20261102090000', TrangThai: '4' };
  it.each([
    ['with what is needed', ok([record]), 'ok'],
    ['with steps', ok([{ ...record, QuaTrinhXuLy: [step] }]), 'ok'],
    ['unknown', ok([]), 'not-found'],
    ['unknown, without a list', ok(), 'not-found'],
    ['unknown, by a code', no('03'), 'not-found'],
    ['another one', ok([{ ...record, MaHoSo: 'H24.11-261101-0099' }]), 'upstream-invalid'],
    ['in a state that there is not', ok([{ ...record, TrangThaiHoSo: '11' }]), 'upstream-invalid'],
    ['of no state', ok([{ ...record, TrangThaiHoSo: null }]), 'upstream-invalid'],
    ['received on no day', ok([{ ...record, NgayTiepNhan: '20261301000000' }]), 'upstream-invalid'],
    ['without its steps', ok([{ ...record, QuaTrinhXuLy: undefined }]), 'upstream-invalid'],
    ['with a step of no time', ok([{ ...record, QuaTrinhXuLy: [{ ...step, ThoiDiemXuLy: '' }] }]), 'upstream-invalid'],
    ['no list', ok('x'), 'upstream-invalid'],
  ])('a question is answered with a dossier %s', async (_what, reply, expected) => {
    portal.replies = [reply];
    const { code } = await harness.call('lookUpDossier', lookUpDossier.example.input);
    expect(code).toBe(expected);
  });

  it.each([
    ['code and name', [{ MATTHC: '1.001193', TENTTHC: 'Đăng ký khai sinh' }], 'ok'],
    ['no name', [{ MATTHC: '1.001193' }], 'upstream-invalid'],
    ['nothing in them', [null], 'upstream-invalid'],
  ])('procedures have %s', async (_what, result, expected) => {
    portal.replies = [ok(result)];
    const { code } = await harness.call('listProcedures', listProcedures.example.input);
    expect(code).toBe(expected);
  });

  it('sends the service, the unit and the session in the body of every call', async () => {
    portal.replies = [ok([record])];
    await harness.call('lookUpDossier', lookUpDossier.example.input);
    expect(portal.received.at(-1)).toEqual({
      session: 's1',
      madonvi: '000.00.00.H24',
      service: 'TraCuuHoSo',
      mahoso: 'H24.11-261101-0042',
    });
  });

  it('hands the words of a refusal to the caller and to no log', async () => {
    portal.replies = [no('04', 'Sai ChuHoSo Nguyễn Thị Mẫu')];
    const { problem } = await harness.call('syncDossier', syncDossier.example.input);
    expect(problem).toMatchObject({
      upstream: { code: '04', message: 'Sai ChuHoSo Nguyễn Thị Mẫu' },
      errors: [{ path: '/applicant/name', rule: 'upstream-field' }],
    });
    const log = harness.logLines.join('');
    expect(log).toContain('upstream-rejected');
    for (const text of ['Mẫu', '031190000016', 'bi-mat', 'madonvi', '"s1"']) expect(log).not.toContain(text);
  });
});

it.each([
  ['no session', { error_code: 0 }, 'upstream-invalid'],
  ['an empty session', { session: '', error_code: 0 }, 'upstream-invalid'],
  ['no code', { session: 's1' }, 'upstream-invalid'],
  ['a refusal', { session: '', error_code: 1 }, 'upstream-fault'],
])('national-portal: %s is no session, and no unknown outcome', async (_what, session, expected) => {
  const portal = new ScriptedPortal();
  portal.session = session;
  const harness = new ConnectorHarness(parts, () => portal.start());
  await harness.start();
  const { code } = await harness.call('updateProgress', updateProgress.example.input);
  expect({ code, sent: portal.received.length }).toEqual({ code: expected, sent: 0 });
  await harness.stop();
});

describe('the wire form of the national portal', () => {
  const settings = {
    LGSP_NATIONAL_PORTAL_BASE_URL: 'http://127.0.0.1:1',
    LGSP_NATIONAL_PORTAL_USERNAME: 'haiphong',
    LGSP_NATIONAL_PORTAL_PASSWORD: 'bi-mat',
  };
  const config = loadConfig(NationalPortalConfig, settings);
  const call = {
    dossier: 'H24.11-261124-0001',
    procedure: '1.001193',
    officer: 'canbo.mau',
    language: 'en',
  } as Call;
  const { input } = syncDossier.example;

  it('hands a dossier in with every field in its spelling, times on the 24-hour clock of Vietnam', () => {
    const dossier = { ...input, dueAt: '2026-11-27T10:00:00Z', returnedAt: '2026-11-26T15:04:05+07:00' };
    expect(dossierMessage(config, dossier, call)).toEqual({
      MaHoSo: 'H24.11-261124-0001',
      MaTTHC: '1.001193',
      TenTTHC: 'Đăng ký khai sinh tại cấp xã',
      MaLinhVuc: 'G15-TP03',
      TenLinhVuc: 'Hộ tịch',
      ChuHoSo: 'Nguyễn Thị Mẫu',
      LoaiDoiTuong: '1',
      MaDoiTuong: '031190000016',
      Email: '',
      Fax: '',
      SoDienThoai: '0900000016',
      TrichYeuHoSo: 'Đăng ký khai sinh cho con',
      NgayTiepNhan: '20261124081500',
      NgayHenTra: '20261127170000',
      TrangThaiHoSo: '4',
      NgayTra: '20261126150405',
      ThongTinTra: '',
      HinhThuc: '0',
      NgayKetThucXuLy: '',
      DonViXuLy: 'Ủy ban nhân dân phường Ngô Quyền',
      GhiChu: '',
      TaiLieuNop: [],
      DanhSachLePhi: [
        { TenPhiLePhi: 'Lệ phí đăng ký khai sinh', MaPhiLePhi: 'LP-KS', HinhThucThu: '1', Gia: '0', LoaiPhiLePhi: '2' },
      ],
      DanhSachTepDinhKemKhac: [],
      DanhSachHoSoBoSung: [],
      DanhSachGiayToKetQua: [],
    });
  });

  it('writes kinds of applicants by the list that the portal has', () => {
    const ministry = loadConfig(NationalPortalConfig, {
      ...settings,
      LGSP_NATIONAL_PORTAL_APPLICANT_CODES: 'ministry-portal',
    });
    const codes = (['citizen', 'business', 'household-business'] as const).map((kind) => {
      return dossierMessage(ministry, { ...input, applicant: { ...input.applicant, kind } }, call)['LoaiDoiTuong'];
    });
    expect(codes).toEqual(['0', '1', '2']);
  });

  it('tells a step with every field', () => {
    expect(progressMessage({ ...updateProgress.example.input, startedAt: '2026-11-25T08:00:00+07:00' }, call)).toEqual({
      MaHoSo: 'H24.11-261101-0041',
      NguoiXuLy: 'Phạm Văn Cán',
      ChucDanh: 'Công chức tư pháp – hộ tịch',
      ThoiDiemXuLy: '20261125093000',
      PhongBanXuLy: 'Bộ phận Tư pháp – Hộ tịch',
      NoiDungXuLy: 'Đã thẩm định hồ sơ',
      TrangThai: '4',
      NgayBatDau: '20261125080000',
      NgayKetThucTheoQuyDinh: '',
    });
  });

  it('sees whether the portal has all of what would be sent', () => {
    const sent = { a: '1', b: '', c: [{ d: 'x' }] };
    for (const told of [sent, { ...sent, a: 1, b: null, more: 1 }]) expect(agrees(sent, told)).toBe(true);
    const others: unknown[] = [undefined, {}, { ...sent, a: '2' }, { ...sent, b: 'x' }, { ...sent, c: [] }];
    for (const told of [...others, { ...sent, c: [{ d: 'y' }] }, { ...sent, a: ['1'] }]) {
      expect(agrees(sent, told)).toBe(false);
    }
  });

  it('knows which field a refusal names', () => {
    expect(fieldsNamed('Dữ liệu không hợp lệ: MaTTHC, NoiDungXuLy', 'en')?.map(({ path }) => path)).toEqual([
      'Lgsp-Procedure',
      '/content',
    ]);
    expect(fieldsNamed('Lỗi khác', 'en')).toBeUndefined();
  });
});
