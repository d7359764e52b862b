import { BusError, type FieldError, type Language } from '#lgsp/errors';
import { ruleMessage, type Call } from '#lgsp/kit';
import {
  applicantCode,
  dossierStateCode,
  formatDate,
  nowInVietnam,
  parsePhone,
  valueOrThrow,
  type ApplicantCodeList,
  type ApplicantKind,
} from '#lgsp/vietnam';
import type { NationalPortalConfig } from './national-portal.config';
import type {
  HandedInPaper,
  OtherPaper,
  PortalDossier,
  PortalFee,
  Progress,
  ResultPaper,
  SupplementRound,
} from './national-portal.messages';

type Message = Record<string, unknown>;

/** Catalogues of the national portal. */
const collected = { 'on-receipt': '1', 'on-supplement': '2', 'on-return': '4' } as const;
const paperForms = { original: '0', copy: '1', electronic: '2' } as const;
const feeKinds = { fee: '1', charge: '2' } as const;
const resultBy = { 'at-counter': '0', 'by-post': '1' } as const;

/** One dossier of `DongBoHoSoMC`. Codes are text, and what there is not is empty text or an empty list. */
export function dossierMessage(config: NationalPortalConfig, dossier: PortalDossier, call: Call): Message {
  const { applicant, field } = dossier;
  return {
    MaHoSo: dossierCodeOf(call),
    MaTTHC: call.procedure,
    TenTTHC: dossier.procedureName,
    MaLinhVuc: field.code,
    TenLinhVuc: field.name,
    ChuHoSo: applicant.name,
    LoaiDoiTuong: kindCode(config.applicantCodes, applicant.kind, call),
    MaDoiTuong: applicant.identityNumber ?? applicant.taxCode ?? '',
    Email: applicant.email ?? '',
    Fax: phoneOf(applicant.fax),
    SoDienThoai: phoneOf(applicant.phone),
    TrichYeuHoSo: dossier.summary,
    NgayTiepNhan: timeOf(dossier.receivedAt),
    NgayHenTra: timeOf(dossier.dueAt),
    TrangThaiHoSo: String(dossierStateCode(dossier.state)),
    NgayTra: timeOf(dossier.returnedAt),
    ThongTinTra: dossier.returnNote ?? '',
    HinhThuc: resultBy[dossier.resultBy],
    NgayKetThucXuLy: timeOf(dossier.finishedAt),
    DonViXuLy: dossier.processingUnit,
    GhiChu: dossier.note ?? '',
    TaiLieuNop: (dossier.papers ?? []).map(paper),
    DanhSachLePhi: (dossier.fees ?? []).map(fee),
    DanhSachTepDinhKemKhac: (dossier.otherPapers ?? []).map(otherPaper),
    DanhSachHoSoBoSung: (dossier.supplements ?? []).map(supplementRound),
    DanhSachGiayToKetQua: (dossier.results ?? []).map(result),
  };
}

/** One step of `CapNhatTienDoHoSoMC`. */
export const progressMessage = (progress: Progress, call: Call): Message => ({
  MaHoSo: progress.dossier,
  NguoiXuLy: progress.officerName ?? call.officer ?? '',
  ChucDanh: progress.title ?? '',
  ThoiDiemXuLy: timeOf(progress.processedAt),
  PhongBanXuLy: progress.department ?? '',
  NoiDungXuLy: progress.content,
  TrangThai: String(dossierStateCode(progress.state)),
  NgayBatDau: timeOf(progress.startedAt),
  NgayKetThucTheoQuyDinh: timeOf(progress.dueAt),
});

/** `MaHoSo` of a dossier that is handed in: the code of the call's dossier. */
export function dossierCodeOf(call: Call): string {
  if (call.dossier) return call.dossier;
  const message = ruleMessage('required')[call.language];
  throw new BusError('missing-context', { errors: [{ path: 'Lgsp-Dossier', rule: 'required', message }] });
}

/** `yyyyMMddHHmmss`, as on a Vietnamese wall; empty when there is none. */
export function timeOf(iso: string | undefined): string {
  if (iso === undefined) return '';
  return valueOrThrow(formatDate(nowInVietnam(new Date(iso)), 'yyyyMMddHHmmss'), 'internal');
}

/** Whether what the portal tells is all of what would be sent; numbers may come for text. */
export function agrees(sent: unknown, told: unknown): boolean {
  if (Array.isArray(sent)) {
    return Array.isArray(told) && told.length === sent.length && sent.every((part, index) => agrees(part, told[index]));
  }
  if (typeof sent === 'object' && sent !== null) {
    const record = typeof told === 'object' && told !== null ? (told as Message) : {};
    return Object.entries(sent).every(([name, value]) => agrees(value, record[name]));
  }
  return typeof told === 'string' || typeof told === 'number' || typeof told === 'boolean'
    ? String(sent) === String(told)
    : sent === '' && (told === null || told === undefined);
}

function kindCode(list: ApplicantCodeList, kind: ApplicantKind, { language }: Call): string {
  const code = applicantCode(list, kind);
  if (code.ok) return code.value;
  const { rule, message } = code;
  throw new BusError('invalid-request', { errors: [{ path: '/applicant/kind', rule, message: message[language] }] });
}

const phoneOf = (phone: string | undefined): string =>
  phone === undefined ? '' : valueOrThrow(parsePhone(phone), 'internal').national;

const paper = ({ id, fileName, url, componentCode, deleted }: HandedInPaper): Message => ({
  TepDinhKemId: id,
  TenTepDinhKem: fileName,
  IsDeleted: deleted ? 'True' : 'False',
  MaThanhPhanHoSo: componentCode ?? '',
  DuongDanTaiTepTin: url,
});

const fee = ({ kind, name, code, amount, collected: when }: PortalFee): Message => ({
  TenPhiLePhi: name,
  MaPhiLePhi: code,
  HinhThucThu: collected[when],
  Gia: String(amount),
  LoaiPhiLePhi: feeKinds[kind],
});

const otherPaper = ({ name, count, form }: OtherPaper): Message => ({
  TenGiayTo: name,
  SoLuong: String(count),
  LoaiGiayTo: paperForms[form],
});

const supplementRound = (round: SupplementRound): Message => ({
  HoSoBoSungId: round.id,
  NguoiYeuCauBoSung: round.askedBy,
  NoiDungBoSung: round.content,
  NgayBoSung: timeOf(round.askedAt),
  NguoiTiepNhanBoSung: round.receivedBy ?? '',
  NgayTiepNhanBoSung: timeOf(round.receivedAt),
  TrangThaiBoSung: round.receivedAt === undefined ? '0' : '1',
  NgayHenTraTruoc: timeOf(round.dueBefore),
  NgayHenTraMoi: timeOf(round.dueAfter),
});

const result = ({ name, id, componentCode, url }: ResultPaper): Message => ({
  TenGiayTo: name,
  MaThanhPhanHoSo: componentCode ?? '',
  GiayToId: id,
  DuongDanTepTinKetQua: url,
});

/** Where a field that a refusal names comes from. */
const paths: Readonly<Record<string, string>> = {
  TenTTHC: '/procedureName',
  MaLinhVuc: '/field/code',
  TenLinhVuc: '/field/name',
  ChuHoSo: '/applicant/name',
  LoaiDoiTuong: '/applicant/kind',
  MaDoiTuong: '/applicant/identityNumber',
  Email: '/applicant/email',
  SoDienThoai: '/applicant/phone',
  TrichYeuHoSo: '/summary',
  NgayTiepNhan: '/receivedAt',
  NgayHenTra: '/dueAt',
  TrangThaiHoSo: '/state',
  TrangThai: '/state',
  DonViXuLy: '/processingUnit',
  TaiLieuNop: '/papers',
  DanhSachLePhi: '/fees',
  DanhSachGiayToKetQua: '/results',
  ThoiDiemXuLy: '/processedAt',
  NoiDungXuLy: '/content',
  NguoiXuLy: '/officerName',
  MaTTHC: 'Lgsp-Procedure',
  MaHoSo: 'Lgsp-Dossier',
};

/** The fields that a refusal names, under the caller's own paths; undefined when it names none. */
export function fieldsNamed(words: string | undefined, language: Language): FieldError[] | undefined {
  const named = new Set((words?.match(/\b[A-Z]\w+\b/g) ?? []).flatMap((word) => paths[word] ?? []));
  if (named.size === 0) return undefined;
  return [...named].map((path) => ({ path, rule: 'upstream-field', message: ruleMessage('upstream-field')[language] }));
}
