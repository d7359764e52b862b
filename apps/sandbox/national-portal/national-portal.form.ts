import { procedureCatalogue } from '#lgsp/vietnam';

type Message = Record<string, unknown>;

/** The list of procedures as the portal tells it: those of the flows, and invented ones to turn pages. */
export const procedures: readonly { MATTHC: string; TENTTHC: string }[] = [
  ...procedureCatalogue.map(({ code, name }) => ({ MATTHC: code, TENTTHC: name.vi })),
  ...Array.from({ length: 150 }, (_, index) => {
    const serial = String(index + 1).padStart(6, '0');
    return { MATTHC: `9.${serial}`, TENTTHC: `Thủ tục mẫu số ${index + 1}` };
  }),
];
const codes = new Set(procedures.map(({ MATTHC }) => MATTHC));

/** On a clock of 24 hours; a day of the calendar is not looked for. */
const time = /^\d{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d$/;
const state = /^(?:[1-9]|10)$/;
const lists = ['TaiLieuNop', 'DanhSachLePhi', 'DanhSachTepDinhKemKhac', 'DanhSachHoSoBoSung', 'DanhSachGiayToKetQua'];

/** The first field of a dossier that is missing or wrong; undefined when all is well. */
export function faultOfDossier(dossier: Message): string | undefined {
  const rules: [string, boolean][] = [
    ...['MaHoSo', 'TenTTHC', 'MaLinhVuc', 'TenLinhVuc', 'ChuHoSo', 'TrichYeuHoSo', 'DonViXuLy'].map(
      (name): [string, boolean] => [name, filled(dossier[name])],
    ),
    ['MaTTHC', codes.has(String(dossier['MaTTHC']))],
    ['LoaiDoiTuong', ['1', '2'].includes(String(dossier['LoaiDoiTuong']))],
    ['NgayTiepNhan', isTime(dossier['NgayTiepNhan'])],
    ['NgayHenTra', isTime(dossier['NgayHenTra'])],
    ['NgayTra', dossier['NgayTra'] === '' || isTime(dossier['NgayTra'])],
    ['NgayKetThucXuLy', dossier['NgayKetThucXuLy'] === '' || isTime(dossier['NgayKetThucXuLy'])],
    ['TrangThaiHoSo', typeof dossier['TrangThaiHoSo'] === 'string' && state.test(dossier['TrangThaiHoSo'])],
    ['HinhThuc', ['0', '1'].includes(String(dossier['HinhThuc']))],
    ...lists.map((name): [string, boolean] => [name, Array.isArray(dossier[name])]),
  ];
  return rules.find(([, right]) => !right)?.[0];
}

export function faultOfStep(step: Message): string | undefined {
  const rules: [string, boolean][] = [
    ['MaHoSo', filled(step['MaHoSo'])],
    ['NguoiXuLy', filled(step['NguoiXuLy'])],
    ['ThoiDiemXuLy', isTime(step['ThoiDiemXuLy'])],
    ['NoiDungXuLy', filled(step['NoiDungXuLy'])],
    ['TrangThai', typeof step['TrangThai'] === 'string' && state.test(step['TrangThai'])],
  ];
  return rules.find(([, right]) => !right)?.[0];
}

const filled = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isTime = (value: unknown): boolean => typeof value === 'string' && time.test(value);
