import type { Callback } from '../callback.sender';
import type { LandOffice, LandRecord, LandState } from './land.office';

export interface CallbackTarget {
  /** The kind of a callback is added to it. */
  url: string;
  securityCode: string;
}

const officer = 'canbo.vpdk';
const states: Record<string, LandState> = { supplement: 3, tax: 4, ended: 5 };

/** What the land system tells of a dossier as it goes its way, from when it was handed in, supplemented or sent back. */
export function callbacksOf(record: LandRecord, office: LandOffice, target: CallbackTarget): Callback[] {
  const way = record.since;
  const told = (kind: string, isDue: () => boolean, body: () => object): Callback => ({
    key: `${kind} ${record.receiptNumber} ${way}`,
    url: `${target.url}/${kind}`,
    // A dossier that has begun another way is told from there on.
    isDue: () => record.since === way && isDue(),
    body: () => ({ SoBienNhan: record.receiptNumber, ...body(), SecurityCode: target.securityCode }),
  });
  const reached = (state: LandState) => () => office.stateOf(record) >= state;
  const at = (state: LandState) => () => office.stateOf(record) === state;
  return [
    ...(record.again ? [] : [told('ChuyenHoSo', reached(2), () => transferBody())]),
    told('YeuCauBoSungHoSo', at(states['supplement']!), supplementBody),
    told('GuiKetQuaThue', at(states['tax']!), () => taxBody(record)),
    told('KetThucHoSo', at(states['ended']!), () => endBody(record)),
  ];
}

/** At once when papers that were missing are there, or a faulty result came back. */
export function acknowledgement(
  record: LandRecord,
  target: CallbackTarget,
  what: 'supplemented' | 'sent-back',
): Callback {
  const kind = what === 'supplemented' ? 'NhanBoSungHoSo' : 'ChuyenHoSo';
  return {
    key: `${kind} ${record.receiptNumber} ${record.since}`,
    url: `${target.url}/${kind}`,
    isDue: () => true,
    body: () => ({
      SoBienNhan: record.receiptNumber,
      ...(what === 'supplemented' ? supplementedBody() : transferBody(true)),
      SecurityCode: target.securityCode,
    }),
  };
}

const transferBody = (back = false): object => ({
  MaCanBoChuyen: 'canbo.motcua',
  MaCanBoNhan: officer,
  MaTrangThai: '2',
  LaTrangThaiChuyenLai: back,
  NoiDungXuLy: 'Chuyển hồ sơ',
  NgayChuyen: utcTime(),
  HanXuLy: 10,
  DanhSachTapTin: [],
});

const supplementBody = (): object => ({
  NgayChoBoSung: utcTime(),
  MaCanBoXuLy: officer,
  LaTamDung: false,
  GhiChu: 'Thiếu bản gốc giấy chứng nhận',
  TapTin: null,
});

const supplementedBody = (): object => ({
  NgayNhanBoSung: utcTime(),
  NgayHenTraMoi: utcTime(),
  GhiChu: '',
  TapTin: null,
});

const taxBody = ({ receiptNumber, applicant }: LandRecord): object => ({
  NguoiXuLy: officer,
  NgayCoKetQuaThue: utcTime(),
  GhiChu: '',
  DanhSachThongBaoThue: [
    {
      HoVaChu: applicant,
      LoaiThue: 'Thuế thu nhập cá nhân',
      SoThongBaoThue: `TB-${receiptNumber}`,
      DuongDanTBT: `/tep/thong-bao-thue-${receiptNumber}.pdf`,
    },
  ],
});

const endBody = ({ receiptNumber }: LandRecord): object => ({
  NgayKetThuc: utcTime(),
  MaCanBoXuLy: officer,
  TrangThaiKetThuc: 0,
  GhiChu: '',
  DanhSachGiayToKetQua: [
    {
      TenGiayTo: 'Giấy chứng nhận quyền sử dụng đất',
      KieuFile: '.pdf',
      LinkFile: `/tep/ket-qua-${receiptNumber}.pdf`,
      SoBanChinh: 1,
      SoBanSao: 0,
    },
  ],
});

/** Without offset and in UTC: receivers are known to add seven hours. */
const utcTime = (): string => new Date().toISOString().slice(0, 19);
