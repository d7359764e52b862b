import { wards } from '../people/names';

type Message = Record<string, unknown>;

const wallTime = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Short catalogues; what is not in them is refused, as it is in practice. */
const processes: ReadonlySet<unknown> = new Set(['DKBD.01', 'DKBD.02', 'CGCN.01', 'CMD.01']);
const communes: ReadonlySet<unknown> = new Set(wards.map(({ code }) => Number(code)));

/** The first field of a new dossier that is missing or wrong; undefined when all is well. */
export function faultOfSubmission(message: Message): string | undefined {
  const applicant = recordOf(message['ThongTinNguoiNopDon']);
  const process = recordOf(message['ThongTinQuyTrinh']);
  const rules: [string, boolean][] = [
    ['SoBienNhan', filled(message['SoBienNhan'])],
    ['LaQuyTrinhCapTinh', typeof message['LaQuyTrinhCapTinh'] === 'boolean'],
    ['TinhId', message['TinhId'] === 31],
    ['HuyenId', Number.isInteger(message['HuyenId'])],
    ['XaId', communes.has(message['XaId'])],
    ['NguoiTiepNhan', filled(message['NguoiTiepNhan'])],
    ['NgayTiepNhan', wallTime.test(String(message['NgayTiepNhan']))],
    ['NgayHenTra', wallTime.test(String(message['NgayHenTra']))],
    ['HoTen', filled(applicant['HoTen'])],
    ['SoDienThoai', /^(?:0\d{8,10})?$/.test(String(applicant['SoDienThoai']))],
    ['MaQuyTrinh', processes.has(process['MaQuyTrinh'])],
    ['ThongTinThuaDat', parcelsAreRight(message['ThongTinThuaDat'])],
    ['DanhSachGiayToDinhKem', papersAreRight(message['DanhSachGiayToDinhKem'])],
  ];
  return rules.find(([, right]) => !right)?.[0];
}

export function faultOfSupplement(message: Message): string | undefined {
  if (!wallTime.test(String(message['NgayHenTraMoi']))) return 'NgayHenTraMoi';
  return papersAreRight(message['DanhSachGiayToBoSung']) ? undefined : 'DanhSachGiayToBoSung';
}

export const faultOfReturn = (message: Message): string | undefined =>
  wallTime.test(String(message['NgayTra'])) ? undefined : 'NgayTra';

export function faultOfFaultyResult(message: Message): string | undefined {
  if (!filled(message['NoiDung'])) return 'NoiDung';
  return papersAreRight(message['DanhSachGiayToDinhKem']) ? undefined : 'DanhSachGiayToDinhKem';
}

const parcelsAreRight = (list: unknown): boolean =>
  Array.isArray(list) &&
  list.map(recordOf).every(({ SoThuTuThua, SoHieuBanDo, DienTich }) => {
    return filled(SoThuTuThua) && filled(SoHieuBanDo) && typeof DienTich === 'string';
  });

const papersAreRight = (list: unknown): boolean =>
  Array.isArray(list) &&
  list.map(recordOf).every(({ TenGiayTo, SoBanChinh, SoBanSao, TapTin }) => {
    const { name, data } = recordOf(TapTin);
    const counted = Number.isInteger(SoBanChinh) && Number.isInteger(SoBanSao);
    return filled(TenGiayTo) && counted && filled(name) && filled(data) && base64.test(String(data));
  });

const filled = (value: unknown): boolean => typeof value === 'string' && value !== '';

export const recordOf = (value: unknown): Message =>
  typeof value === 'object' && value !== null ? (value as Message) : {};
