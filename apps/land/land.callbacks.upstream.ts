import { Injectable } from '@nestjs/common';
import {
  isSameSecret,
  jsonObjectOf,
  jsonReply,
  refusedAs,
  taken,
  type Callback,
  type CallbackAnswer,
  type CallbackRequest,
} from '#lgsp/kit';
import type { Text } from '#lgsp/errors';
import { dossierStateCode, dossierStateOf, nowInVietnam, parseDate } from '#lgsp/vietnam';
import { LandConfig } from './land.config';
import type { LandState } from './land.messages';

interface Told {
  /** Where the dossier then stands. */
  state: LandState;
  /** The field that says since when. */
  time: string;
}

/** By what VBDLIS calls the kind. */
const kinds = {
  ChuyenHoSo: { state: 'processing', time: 'NgayChuyen' },
  YeuCauBoSungHoSo: { state: 'supplement-required', time: 'NgayChoBoSung' },
  NhanBoSungHoSo: { state: 'processing', time: 'NgayNhanBoSung' },
  GuiKetQuaThue: { state: 'tax-due', time: 'NgayCoKetQuaThue' },
  KetThucHoSo: { state: 'completed', time: 'NgayKetThuc' },
} as const satisfies Record<string, Told>;
type LandCallbackName = keyof typeof kinds;

const scheme = {
  en: 'SecurityCode in the body: a secret that both sides know (LGSP_LAND_SECURITY_CODE)',
  vi: 'SecurityCode trong nội dung: mã bí mật hai bên cùng biết (LGSP_LAND_SECURITY_CODE)',
};
const done = { Result: 1, Message: '', Data: null };

const callback = (alias: LandCallbackName, summary: Text, body: object): Callback & { alias: LandCallbackName } => ({
  summary,
  scheme,
  alias,
  // Notices of taxes and lists of files; the files themselves are behind links.
  bodyBytesMax: 1_000_000,
  timeoutMs: 5_000,
  sensitivity: 'personal',
  example: {
    body: {
      SoBienNhan: 'H24.11-261101-0032',
      ...body,
      [kinds[alias].time]: '2026-11-03T07:30:00',
      SecurityCode: 'invented-code',
    },
    reply: done,
  },
});

export const landCallbacks = {
  transferred: callback(
    'ChuyenHoSo',
    { en: 'A dossier was passed on to be worked on', vi: 'Hồ sơ được chuyển xử lý' },
    { MaCanBoNhan: 'canbo.vpdk', MaTrangThai: '2', LaTrangThaiChuyenLai: false, NoiDungXuLy: 'Chuyển hồ sơ' },
  ),
  supplementRequired: callback(
    'YeuCauBoSungHoSo',
    { en: 'Further papers are asked for', vi: 'Yêu cầu bổ sung giấy tờ' },
    { MaCanBoXuLy: 'canbo.vpdk', LaTamDung: false, GhiChu: 'Thiếu bản gốc giấy chứng nhận' },
  ),
  supplemented: callback(
    'NhanBoSungHoSo',
    { en: 'The further papers have come', vi: 'Đã nhận giấy tờ bổ sung' },
    { NgayHenTraMoi: '2026-11-20T10:00:00', GhiChu: '' },
  ),
  taxNotice: callback(
    'GuiKetQuaThue',
    { en: 'A tax is to be paid', vi: 'Có thông báo nghĩa vụ thuế' },
    {
      NguoiXuLy: 'canbo.vpdk',
      DanhSachThongBaoThue: [
        {
          HoVaChu: 'Nguyễn Thị Mẫu',
          LoaiThue: 'Thuế thu nhập cá nhân',
          SoThongBaoThue: 'TB-0032',
          DuongDanTBT: '/tep/tb-0032.pdf',
        },
      ],
    },
  ),
  completed: callback(
    'KetThucHoSo',
    { en: 'The dossier is done, its results are there', vi: 'Hồ sơ kết thúc, có kết quả' },
    { MaCanBoXuLy: 'canbo.vpdk', TrangThaiKetThuc: 0, GhiChu: '', DanhSachGiayToKetQua: [] },
  ),
} as const satisfies Record<string, Callback>;

/** Whoever calls back reads what became of it in the body, with HTTP 200 in any case. */
const refusal = (message: string): ReturnType<typeof jsonReply> =>
  jsonReply({ Result: 0, Message: message, Data: null });

/** Of a time that is further ahead than clocks differ, nothing is believed. */
const clockDifferenceMs = 5 * 60_000;

/** Reads what the land system tells of dossiers. Nothing of a body is kept but which dossier, which kind and since when. */
@Injectable()
export class LandCallbacks {
  constructor(private readonly config: LandConfig) {}

  async read(kind: keyof typeof landCallbacks, { body }: CallbackRequest): Promise<CallbackAnswer> {
    const name = landCallbacks[kind].alias;
    const json = jsonObjectOf(body);
    if (!json) return refusedAs('refused', refusal('Dữ liệu không phải JSON'));
    if (!isSameSecret(json['SecurityCode'], this.config.securityCode))
      return refusedAs('forged', refusal('SecurityCode không đúng'));
    const { SoBienNhan: reference } = json;
    const { state, time } = kinds[name];
    const at = this.timeOf(json[time]);
    if (typeof reference !== 'string' || !/^[\w.-]{3,60}$/.test(reference))
      return refusedAs('refused', refusal('Thiếu hoặc sai SoBienNhan'));
    if (at === undefined) return refusedAs('refused', refusal(`Thiếu hoặc sai ${time}`));
    const portalState = dossierStateCode(dossierStateOf('land/callback', name)!) as 4 | 5 | 6 | 9;
    // A dossier that is done can be sent back, and its result is still to be returned.
    const told = { reference, state, upstreamState: name, portalState, final: false, at, dossier: reference };
    return taken(jsonReply(done), told);
  }

  /** The times that it sends have no offset; they are UTC, or those of a Vietnamese clock where it is configured so. */
  private timeOf(text: unknown): string | undefined {
    if (typeof text !== 'string') return undefined;
    const hasOffset = /(?:Z|[+-]\d\d:\d\d)$/.test(text);
    const zone = hasOffset || this.config.callbackClock === 'vietnam' ? '' : 'Z';
    const read = parseDate(text.replace(' ', 'T') + zone, 'yyyy-MM-ddTHH:mm:ssXXX');
    if (!read.ok) return undefined;
    const now = Date.now();
    return Date.parse(read.value) > now + clockDifferenceMs ? nowInVietnam(new Date(now)) : read.value;
  }
}
