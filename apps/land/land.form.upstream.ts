import { BusError, type FieldError, type Language } from '#lgsp/errors';
import { commandReference, ruleMessage, type Call } from '#lgsp/kit';
import { nowInVietnam, parsePhone, valueOrThrow } from '#lgsp/vietnam';
import type { ReadAttachment } from './attachment.reader';
import type { LandConfig } from './land.config';
import type { FaultyResult, NewLandDossier, ParcelQuestion, ReturnedResult, Supplement } from './land.messages';

type Message = Record<string, unknown>;

/** `TiepNhanHoSo`. The receipt number is the code of the one-stop software: the two are one in all known clients. */
export function submissionMessage(
  config: LandConfig,
  dossier: NewLandDossier,
  files: readonly ReadAttachment[],
  call: Call,
): Message {
  const { level, communeCode, process, receivedAt, dueAt, assetAddress, applicant, parcels } = dossier;
  return {
    LaQuyTrinhCapTinh: level === 'province',
    TinhId: config.province,
    HuyenId: 0, // There is no district since 1/7/2025; the number stays.
    XaId: Number(communeCode),
    SoBienNhan: receiptNumberOf(call),
    MaHoSoMotCua: receiptNumberOf(call),
    NguoiTiepNhan: call.officer,
    NgayTiepNhan: wallTime(receivedAt),
    NgayHenTra: wallTime(dueAt),
    DiaChiTaiSan: assetAddress ?? '',
    ThongTinNguoiNopDon: {
      HoTen: applicant.name,
      SoChungMinh: applicant.identityNumber ?? applicant.taxCode ?? '',
      DiaChiChiTiet: applicant.address ?? '',
      SoDienThoai: applicant.phone === undefined ? '' : nationalPhone(applicant.phone),
      Email: applicant.email ?? '',
    },
    ThongTinQuyTrinh: { MaQuyTrinh: process.code, TenQuyTrinh: process.name },
    ThongTinThuaDat: parcels.map(({ parcelNumber, mapSheetNumber, areaSquareMetres, address }) => ({
      SoThuTuThua: parcelNumber,
      SoHieuBanDo: mapSheetNumber,
      DienTich: areaSquareMetres === undefined ? '' : String(areaSquareMetres),
      DiaChiChiTiet: address ?? '',
    })),
    DanhSachGiayToDinhKem: files.map(paper),
  };
}

export const supplementMessage = (supplement: Supplement, files: readonly ReadAttachment[], call: Call): Message => ({
  SoBienNhan: supplement.receiptNumber,
  NgayHenTraMoi: wallTime(supplement.newDueAt),
  GhiChu: marked(supplement.note ?? 'Đã bổ sung hồ sơ', supplement.receiptNumber, call),
  DanhSachGiayToBoSung: files.map(paper),
});

export const returnedMessage = ({ receiptNumber, returnedAt }: ReturnedResult): Message => ({
  SoBienNhan: receiptNumber,
  NgayTra: wallTime(returnedAt),
});

export const faultyMessage = (result: FaultyResult, files: readonly ReadAttachment[], call: Call): Message => ({
  SoBienNhan: result.receiptNumber,
  NoiDung: marked(result.reason, result.receiptNumber, call),
  DanhSachGiayToDinhKem: files.map(paper),
});

export const parcelMessage = (config: LandConfig, question: ParcelQuestion): Message => ({
  TinhId: config.province,
  XaId: Number(question.communeCode),
  SoHieuBanDo: question.mapSheetNumber,
  SoThuTuThua: question.parcelNumber,
});

/** `SoBienNhan` of a dossier that is handed in: the code of the call's dossier. */
export function receiptNumberOf(call: Call): string {
  if (call.dossier) return call.dossier;
  const message = ruleMessage('required')[call.language];
  throw new BusError('missing-context', { errors: [{ path: 'Lgsp-Dossier', rule: 'required', message }] });
}

/**
 * The mark by which a note is known again in the dossier's history. These messages have no field for a reference of ours,
 * and a dossier may be supplemented or sent back several times in the same words.
 */
export const markOf = (receiptNumber: string, { client, idempotencyKey }: Call): string =>
  `[Mã gửi: ${commandReference({ client, dossier: receiptNumber, idempotencyKey })}]`;

const marked = (text: string, receiptNumber: string, call: Call): string => `${text} ${markOf(receiptNumber, call)}`;

/** A time on a Vietnamese wall without its offset, as clients of the land system write it. */
const wallTime = (iso: string): string => nowInVietnam(new Date(iso)).slice(0, 19);

const nationalPhone = (phone: string): string => valueOrThrow(parsePhone(phone), 'internal').national;

const paper = ({ name, originals, copies, fileName, bytes }: ReadAttachment): Message => ({
  TenGiayTo: name,
  SoBanChinh: originals ?? 0,
  SoBanSao: copies ?? 0,
  TapTin: { name: fileName, data: bytes.toString('base64') },
});

/** Where a field that a refusal names comes from. */
const paths: Readonly<Record<string, string>> = {
  XaId: '/communeCode',
  NgayTiepNhan: '/receivedAt',
  NgayHenTra: '/dueAt',
  DiaChiTaiSan: '/assetAddress',
  HoTen: '/applicant/name',
  SoChungMinh: '/applicant/identityNumber',
  SoDienThoai: '/applicant/phone',
  MaQuyTrinh: '/process/code',
  ThongTinThuaDat: '/parcels',
  SoThuTuThua: '/parcels',
  SoHieuBanDo: '/parcels',
  DanhSachGiayToDinhKem: '/attachments',
  DanhSachGiayToBoSung: '/attachments',
  TapTin: '/attachments',
  NgayHenTraMoi: '/newDueAt',
  NgayTra: '/returnedAt',
  NoiDung: '/reason',
};

/** The fields that a refusal names, under the caller's own paths; undefined when it names none. */
export function fieldsNamed(words: string | undefined, language: Language): FieldError[] | undefined {
  const named = new Set((words?.match(/\b[A-Z]\w+\b/g) ?? []).flatMap((word) => paths[word] ?? []));
  if (named.size === 0) return undefined;
  return [...named].map((path) => ({ path, rule: 'upstream-field', message: ruleMessage('upstream-field')[language] }));
}
