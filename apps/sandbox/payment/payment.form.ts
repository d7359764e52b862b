import { parseDate } from '#lgsp/vietnam';
import type { Message } from './payment.proof';

const clockSkewMaxMs = 15 * 60_000;
const procedureNameLengthMax = 200;
const referencePattern = /^\w{4,50}$/;

/** Fields of `ThongTinBienLai` that must be there and filled. */
const receiptFields = [
  'MaDichVu', 'MaTTHC', 'TenTTHC', 'MaDVC', 'TenDVC', 'MaDonVi', 'TenDonVi', 'MaHoSo', 'TKThuHuong', 'TenTKThuHuong',
  'MaNHThuHuong', 'HoTenNguoiNop', 'SoCMNDNguoiNop', 'NoiDungThanhToan',
]; // oxfmt-ignore
const initFields = [
  'LoaiBanTin', 'PhienBan', 'MaDoiTac', 'MaThamChieu', 'SoTien', 'LoaiHinhThanhToan', 'MaKenhThanhToan', 'MaThietBi',
  'NgonNgu', 'MaTienTe', 'MaNganHang', 'ThongTinGiaoDich', 'ThoiGianGD', 'Ip', 'MaXacThuc',
]; // oxfmt-ignore

/** The field of a new payment that the platform would not take; undefined when all is well. */
export function faultyField(message: Message): string | undefined {
  const receipt = (message['ThongTinBienLai'] ?? {}) as Message;
  const missing =
    initFields.find((name) => !filled(message, name)) ?? receiptFields.find((name) => !filled(receipt, name));
  if (missing) return missing;
  const amount = String(message['SoTien']);
  const rules: [string, boolean][] = [
    ['MaThamChieu', referencePattern.test(String(message['MaThamChieu']))],
    ['SoTien', /^[1-9]\d{0,11}$/.test(amount)],
    ['MaTienTe', message['MaTienTe'] === 'VND'],
    ['ThoiGianGD', isNow(String(message['ThoiGianGD']))],
    ['TenTTHC', [...String(receipt['TenTTHC'])].length <= procedureNameLengthMax],
    ['MaDVC', receipt['MaDVC'] === `${String(receipt['MaTTHC'])}.01`],
    ['DiaChiNguoiNop', typeof receipt['DiaChiNguoiNop'] === 'string'],
    ['PhiLePhi', sumOf(receipt['PhiLePhi'], ['LoaiPhiLePhi', 'MaPhiLePhi', 'TenPhiLePhi']) === Number(amount)],
    ['DSKhoanNop', sumOf(receipt['DSKhoanNop'], ['NoiDung']) === Number(amount)],
  ];
  return rules.find(([, holds]) => !holds)?.[0];
}

const filled = (message: Message, name: string): boolean => typeof message[name] === 'string' && message[name] !== '';

/** Strict about the clock, so that a 12-hour `hh` is refused in the afternoon, as it should have been from the start. */
function isNow(text: string): boolean {
  const time = parseDate(text, 'yyyyMMddHHmmss');
  return time.ok && Math.abs(Date.now() - Date.parse(time.value)) <= clockSkewMaxMs;
}

/** The sum of a list of amounts, each a text of digits; NaN when the list or an entry is not as it must be. */
function sumOf(list: unknown, texts: readonly string[]): number {
  if (!Array.isArray(list)) return Number.NaN;
  return (list as Message[]).reduce((sum, entry) => {
    const whole = texts.every((name) => filled(entry, name)) && /^\d{1,12}$/.test(String(entry['SoTien']));
    return sum + (whole && typeof entry['SoTien'] === 'string' ? Number(entry['SoTien']) : Number.NaN);
  }, 0);
}
