import { loadConfig } from '#lgsp/config';
import type { Call } from '#lgsp/kit';
import { PaymentConfig } from './payment.config';
import { payment } from './payment.connector';
import type { NewPayment } from './payment.messages';
import { initMessage, proofOf, questionMessage, referenceOf, timeOf } from './payment.upstream.form';

const secret = 'bi-mat-thu-nghiem';
const config = loadConfig(PaymentConfig, {
  LGSP_PAYMENT_BASE_URL: 'http://127.0.0.1:1',
  LGSP_PAYMENT_PARTNER_CODE: 'HAIPHONG',
  LGSP_PAYMENT_SECRET: secret,
});
const call = {
  client: 'mot-cua',
  agency: 'H24.11',
  dossier: 'H24.11-261101-0001',
  procedure: '2.000635',
  idempotencyKey: 'a7c1',
} as Call;
const reference = 'dvcH2411261101000191ccbedd2b459c7bd144';
const { input } = payment.operations.createPayment.example;

describe('the wire form of the payment platform', () => {
  afterEach(() => jest.useRealTimers());

  // The hashes were made with sha256sum over the written-out text, not with our own code.
  it("opens a payment with every field, in the platform's spelling, proven in its order", () => {
    jest.useFakeTimers({ now: Date.parse('2026-11-01T14:05:09+07:00') });
    expect(initMessage(config, input, call)).toEqual({
      LoaiBanTin: 'INIT',
      PhienBan: '1.0.6',
      MaDoiTac: 'HAIPHONG',
      MaThamChieu: reference,
      SoTien: '8000',
      LoaiHinhThanhToan: 'PAY',
      MaKenhThanhToan: '1',
      MaThietBi: '1',
      NgonNgu: 'vi-VN',
      MaTienTe: 'VND',
      MaNganHang: 'PAYMENT',
      ThongTinGiaoDich: 'THANH TOAN HO SO H24.11-261101-0001',
      ThoiGianGD: '20261101140509',
      Ip: '127.0.0.1',
      MaXacThuc: '1a30d2e8204dbbccf979a59f5dc0ad79e2cb18b97595eeac80b0b0e5cc968d8e',
      ThongTinBienLai: {
        MaDichVu: '2',
        MaTTHC: '2.000635',
        TenTTHC: 'Cấp bản sao trích lục hộ tịch',
        MaDVC: '2.000635.01',
        TenDVC: 'Cấp bản sao trích lục hộ tịch',
        MaDonVi: 'H24.11',
        TenDonVi: 'Ủy ban nhân dân phường Ngô Quyền',
        MaHoSo: 'H24.11-261101-0001',
        TKThuHuong: '0310000000016',
        TenTKThuHuong: 'UBND phường Ngô Quyền',
        MaNHThuHuong: 'MAUBANK',
        MaLoaiHinhThuPhat: '',
        TenLoaiHinhThuPhat: '',
        MaCoQuanQD: '',
        TenCoQuanQD: '',
        KhoBac: '',
        NgayQD: '',
        SoQD: '',
        ThoiGianViPham: '',
        DiaDiemViPham: '',
        TenNguoiViPham: '',
        TaiKhoanThuNSNN: '',
        NoiDungThanhToan: 'THANH TOAN HO SO H24.11-261101-0001',
        HoTenNguoiNop: 'Nguyễn Thị Mẫu',
        SoCMNDNguoiNop: '031190000016',
        DiaChiNguoiNop: 'Số 1 đường Lạch Tray, Hải Phòng',
        HuyenNguoiNop: '',
        TinhNguoiNop: '',
        PhiLePhi: [
          {
            LoaiPhiLePhi: 'LePhi',
            MaPhiLePhi: '2.000635.01',
            TenPhiLePhi: 'Lệ phí cấp bản sao trích lục',
            SoTien: '8000',
          },
        ],
        DSKhoanNop: [{ NoiDung: 'Lệ phí cấp bản sao trích lục', SoTien: '8000' }],
      },
    });
  });

  it('asks about a payment with the shorter list of fields', () => {
    jest.useFakeTimers({ now: Date.parse('2026-11-01T14:05:09+07:00') });
    expect(questionMessage(config, 'QUERY', 'dvcH24112611010001abc')).toEqual({
      LoaiBanTin: 'QUERY',
      PhienBan: '1.0.6',
      MaDoiTac: 'HAIPHONG',
      MaThamChieu: 'dvcH24112611010001abc',
      ThoiGianGD: '20261101140509',
      MaXacThuc: 'f61b7bd8f4ad2d4c96047f899c0fa96fd68487d13f233184c5aac5c5ef1e104b',
    });
  });

  it('proves a confirmation over its own list, whose amount is a number', () => {
    const confirmation = {
      ThongTinGiaoDich: 'THANH TOAN HO SO H24.11-261101-0001',
      LoaiBanTin: 'CONFIRM',
      MaLoi: '00',
      MaDoiTac: 'HAIPHONG',
      MaThamChieu: 'dvcH24112611010001abc',
      SoTien: 8000,
      MaTienTe: 'VND',
      MaGiaoDich: 'PP20261101000016',
      MaNganHang: 'MAUBANK',
      ThoiGianGD: '20261101140509',
    };
    expect(proofOf('confirmation', confirmation, secret)).toBe(
      '33caf5255afb39e5a943d7f41bfcf99ba68502edc8613c60533304670908cdba',
    );
  });

  it('writes the time of Vietnam on the 24-hour clock, wherever the machine stands', () => {
    expect(timeOf(new Date('2026-11-01T16:59:59Z'))).toBe('20261101235959');
    expect(timeOf(new Date('2026-11-01T17:00:00Z'))).toBe('20261102000000');
  });

  it('adds up the fees, and cuts a long procedure name at 200 characters, not within one', () => {
    const fees: NewPayment['fees'] = [
      { kind: 'fee', name: 'Phí thẩm định', amount: 150_000 },
      { kind: 'charge', name: 'Lệ phí', amount: 20_000 },
    ];
    const message = initMessage(config, { ...input, procedureName: '𝒜'.repeat(300), fees }, call);
    expect(message).toMatchObject({
      SoTien: '170000',
      ThongTinBienLai: {
        TenTTHC: '𝒜'.repeat(200),
        TenDVC: '𝒜'.repeat(200),
        PhiLePhi: [
          { LoaiPhiLePhi: 'Phi', SoTien: '150000' },
          { LoaiPhiLePhi: 'LePhi', SoTien: '20000' },
        ],
        DSKhoanNop: [{ SoTien: '150000' }, { SoTien: '20000' }],
      },
    });
  });

  it('lets no context header move the fields of the proof', () => {
    expect(initMessage(config, input, { ...call, dossier: 'H24|1|x' } as Call)).toMatchObject({
      ThongTinGiaoDich: 'THANH TOAN HO SO H241x',
    });
  });
});

describe('the reference of a payment', () => {
  it('is "dvc", the dossier without punctuation, and a part of its own for each command', () => {
    expect(referenceOf(call)).toBe(reference);
  });

  it('is another one for another key, client or dossier', () => {
    const calls = [
      call,
      { ...call, idempotencyKey: 'a7c2' },
      { ...call, client: 'khac' },
      { ...call, dossier: 'H24.11-26110-10001' },
    ];
    const references = calls.map(referenceOf);
    expect(new Set(references).size).toBe(4);
  });

  it('has at most 50 characters, and differs also where the dossier codes are cut', () => {
    const dossiers = [`${'A'.repeat(63)}1`, `${'A'.repeat(63)}2`];
    const [one, other] = dossiers.map((dossier) => referenceOf({ ...call, dossier }));
    expect([one!.length, one === other]).toEqual([50, false]);
  });

  it('needs the dossier and the key', () => {
    expect(() => referenceOf({ ...call, dossier: undefined })).toThrow(
      expect.objectContaining({ code: 'missing-context' }),
    );
    expect(() => referenceOf({ ...call, idempotencyKey: undefined })).toThrow(
      expect.objectContaining({ code: 'idempotency-key-required' }),
    );
  });
});

describe('the configuration', () => {
  const environment = {
    LGSP_PAYMENT_BASE_URL: 'http://127.0.0.1:1',
    LGSP_PAYMENT_PARTNER_CODE: 'HAIPHONG',
    LGSP_PAYMENT_SECRET: secret,
  };

  it('wants the secret of a consumer key that is there', () => {
    const given = { ...environment, LGSP_PAYMENT_CONSUMER_KEY: 'lgsp-haiphong' };
    expect(() => loadConfig(PaymentConfig, given)).toThrow('LGSP_PAYMENT_CONSUMER_SECRET');
  });

  it('refuses a code with the separator of the proof in it', () => {
    const given = { ...environment, LGSP_PAYMENT_CHANNEL: '1|2' };
    expect(() => loadConfig(PaymentConfig, given)).toThrow('LGSP_PAYMENT_CHANNEL');
  });
});
