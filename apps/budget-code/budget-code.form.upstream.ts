import type { FieldError, Language } from '#lgsp/errors';
import { commandReference, namedFields, type Call } from '#lgsp/kit';
import { formatDate, nowInVietnam, parsePhone, valueOrThrow, type Parsed } from '#lgsp/vietnam';
import type { UnitCodeRequest } from './budget-code.messages';

/**
 * Every name that the register gives to a field, in one place. No interface of it is public: all of them are modelled on the
 * forms of Circular 185/2015/TT-BTC and on the ministry's sister services, and are to be compared with the contract before
 * the first real call (docs/connectors/budget-code.md).
 */
export const wire = {
  question: { code: 'maSo', name: 'tenDonVi', size: 'soLuong', reference: 'maThamChieu' },
  reply: { code: 'maLoi', message: 'thongBao', data: 'duLieu', count: 'tongSo' },
  unit: {
    code: 'maSo',
    name: 'tenDonVi',
    kind: 'loaiHinh',
    chapter: 'maChuong',
    parent: 'maDonViCapTren',
    taxCode: 'maSoThue',
    address: 'diaChi',
    state: 'trangThai',
    issuedOn: 'ngayCap',
    closedOn: 'ngayDong',
    successor: 'maSoThayThe',
  },
  request: {
    reference: 'maThamChieu',
    dossier: 'maHoSo',
    agency: 'maCoQuan',
    officer: 'canBo',
    requestedAt: 'thoiGianDeNghi',
    name: 'tenDonVi',
    kind: 'loaiHinh',
    chapter: 'maChuong',
    parent: 'maDonViCapTren',
    splitFrom: 'maDonViTach',
    taxCode: 'maSoThue',
    address: 'diaChi',
    province: 'maTinh',
    commune: 'maXa',
    decisionNumber: 'soQuyetDinh',
    decisionDate: 'ngayQuyetDinh',
    decisionIssuer: 'coQuanQuyetDinh',
    contactName: 'nguoiLienHe',
    contactPhone: 'soDienThoai',
    contactEmail: 'email',
  },
  status: {
    reference: 'maThamChieu',
    state: 'trangThai',
    unitCode: 'maSo',
    issuedOn: 'ngayCap',
    updatedAt: 'thoiGianCapNhat',
    note: 'noiDung',
  },
} as const;

type Message = Record<string, string>;

/** The whole request; what the caller leaves out is sent as an empty text. @param kindCode the register's code of the kind */
export function requestMessage(request: UnitCodeRequest, kindCode: string, call: RequestContext, now: Date): Message {
  const names = wire.request;
  const { address, decision, contact } = request;
  return {
    [names.reference]: commandReference(call),
    [names.dossier]: call.dossier ?? '',
    [names.agency]: call.agency ?? '',
    [names.officer]: call.officer ?? '',
    [names.requestedAt]: written(formatDate(nowInVietnam(now), 'dd/MM/yyyy HH:mm:ss')),
    [names.name]: request.name,
    [names.kind]: kindCode,
    [names.chapter]: request.chapterCode,
    [names.parent]: request.parentCode ?? '',
    [names.splitFrom]: request.splitFrom ?? '',
    [names.taxCode]: request.taxCode ?? '',
    [names.address]: address.detail,
    [names.province]: address.provinceCode,
    [names.commune]: address.communeCode,
    [names.decisionNumber]: decision.number,
    [names.decisionDate]: written(formatDate(decision.date, 'dd/MM/yyyy')),
    [names.decisionIssuer]: decision.issuedBy,
    [names.contactName]: contact.name,
    [names.contactPhone]: valueOrThrow(parsePhone(contact.phone), 'internal').national,
    [names.contactEmail]: contact.email ?? '',
  };
}

/** What of a call goes into a request. */
export type RequestContext = Pick<Call, 'client' | 'dossier' | 'agency' | 'officer' | 'idempotencyKey'>;

const written = (parsed: Parsed<string>): string => valueOrThrow(parsed, 'internal');

/** Where the caller finds what the register calls by its own names. */
const paths: readonly (readonly [string, string])[] = [
  [wire.request.name, '/name'],
  [wire.request.kind, '/kind'],
  [wire.request.chapter, '/chapterCode'],
  [wire.request.parent, '/parentCode'],
  [wire.request.splitFrom, '/splitFrom'],
  [wire.request.taxCode, '/taxCode'],
  [wire.request.address, '/address/detail'],
  [wire.request.province, '/address/provinceCode'],
  [wire.request.commune, '/address/communeCode'],
  [wire.request.decisionNumber, '/decision/number'],
  [wire.request.decisionDate, '/decision/date'],
  [wire.request.decisionIssuer, '/decision/issuedBy'],
  [wire.request.contactName, '/contact/name'],
  [wire.request.contactPhone, '/contact/phone'],
  [wire.request.contactEmail, '/contact/email'],
];

/** The fields that a refusal names, under the caller's paths; undefined when it names none. */
export const fieldsNamed = (message: string | undefined, language: Language): FieldError[] | undefined =>
  namedFields(message, paths, language);
