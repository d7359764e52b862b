import type { FieldError, Language } from '#lgsp/errors';
import { commandReference, namedFields, type Call } from '#lgsp/kit';
import { birthDateCodes, parsePhone, precisionOf, sexCodes, valueOrThrow } from '#lgsp/vietnam';
import type {
  CardCancellation,
  ChildCardRequest,
  HouseholdQuestion,
  InsuredPersonQuestion,
} from './health-insurance.messages';

/**
 * Every name that Vietnam Social Security gives to a field, in one place. Known are the three look-ups, `loaiNgaySinh`, `gioiTinh`,
 * `isKs`, dates as `yyyyMMdd`, codes of the statistics office, and `trangThai` and `errorCode` of a reply; the rest is believed,
 * and to be compared with the contract before the first real call (docs/connectors/health-insurance.md).
 */
export const wire = {
  reply: { state: 'trangThai', code: 'errorCode', message: 'errorDescription', data: 'duLieu' },
  person: {
    insuranceNumber: 'maSoBhxh',
    fullName: 'hoTen',
    birthDate: 'ngaySinh',
    precision: 'loaiNgaySinh',
    sex: 'gioiTinh',
    household: 'maHoGiaDinh',
    relation: 'quanHeChuHo',
    identityNumber: 'soCccd',
    isBirthPlace: 'isKs',
    province: 'maTinh',
    commune: 'maXa',
    address: 'diaChi',
  },
  household: { code: 'maHoGiaDinh', head: 'hoTenChuHo', address: 'diaChi', members: 'thanhVien' },
  request: {
    reference: 'maYeuCau',
    dossier: 'maHoSo',
    interAgencyDossier: 'maHoSoLT',
    agency: 'maCoQuan',
    officer: 'canBo',
    personalId: 'soDinhDanh',
    registeredOn: 'ngayDangKyKs',
    clinic: 'maCoSoKcb',
    guardianName: 'hoTenNguoiGiamHo',
    guardianNumber: 'soCccdNguoiGiamHo',
    guardianRelation: 'quanHe',
    guardianPhone: 'soDienThoai',
    reason: 'lyDo',
  },
  card: {
    reference: 'maYeuCau',
    state: 'trangThaiHoSo',
    insuranceNumber: 'maSoBhxh',
    cardNumber: 'maThe',
    validFrom: 'tuNgay',
    validTo: 'denNgay',
    updatedAt: 'thoiGianCapNhat',
    note: 'noiDung',
  },
} as const;

type Message = Record<string, string | number>;

/** `yyyyMMdd`, or as much of it as is known: `loaiNgaySinh` says how much. */
const compact = (date: string): string => date.replaceAll('-', '');

const personPart = (person: { fullName: string; birthDate: string; sex: string }): Message => ({
  [wire.person.fullName]: person.fullName,
  [wire.person.birthDate]: compact(person.birthDate),
  [wire.person.precision]: birthDateCodes.socialInsurance.codes[precisionOf(person.birthDate)],
  [wire.person.sex]: valueOrThrow(sexCodes.socialInsurance.codeOf(person.sex), 'internal'),
});

export function personQuestion(question: InsuredPersonQuestion): Message {
  const { identityNumber, place, placeIs } = question;
  return {
    ...personPart(question),
    [wire.person.identityNumber]: identityNumber ?? '',
    [wire.person.isBirthPlace]: placeIs === 'birth-registration' ? 1 : 0,
    [wire.person.province]: place?.provinceCode ?? '',
    [wire.person.commune]: place?.communeCode ?? '',
  };
}

export const householdQuestion = ({ by, value }: HouseholdQuestion): Message => ({
  [by === 'insurance-number' ? wire.person.insuranceNumber : wire.household.code]: value,
});

/** The whole request; what the caller leaves out is sent as an empty text. */
export function cardMessage(request: ChildCardRequest, call: RequestContext): Message {
  const names = wire.request;
  const { child, guardian, address } = request;
  return {
    [names.reference]: commandReference(call),
    [names.dossier]: call.dossier ?? '',
    [names.interAgencyDossier]: request.interAgencyDossier ?? '',
    [names.agency]: call.agency ?? '',
    [names.officer]: call.officer ?? '',
    ...personPart(child),
    [names.personalId]: child.personalId ?? '',
    [names.registeredOn]: compact(child.registeredOn ?? ''),
    [wire.person.isBirthPlace]: 1,
    [wire.person.province]: address.provinceCode,
    [wire.person.commune]: address.communeCode,
    [wire.person.address]: address.detail ?? '',
    [names.clinic]: request.clinicCode ?? '',
    [names.guardianName]: guardian.fullName,
    [names.guardianNumber]: guardian.identityNumber,
    [names.guardianRelation]: guardian.relation ?? '',
    [names.guardianPhone]:
      guardian.phone === undefined ? '' : valueOrThrow(parsePhone(guardian.phone), 'internal').national,
  };
}

export const cancelMessage = ({ reference, reason }: CardCancellation, call: RequestContext): Message => ({
  [wire.request.reference]: reference,
  [wire.request.reason]: reason,
  [wire.request.agency]: call.agency ?? '',
  [wire.request.officer]: call.officer ?? '',
});

/** What of a call goes into a request. */
export type RequestContext = Pick<Call, 'client' | 'dossier' | 'agency' | 'officer' | 'idempotencyKey'>;

/** Where the caller finds what the system calls by its own names. */
const paths: readonly (readonly [string, string])[] = [
  [wire.person.fullName, '/child/fullName'],
  [wire.person.birthDate, '/child/birthDate'],
  [wire.person.sex, '/child/sex'],
  [wire.request.personalId, '/child/personalId'],
  [wire.request.registeredOn, '/child/registeredOn'],
  [wire.person.province, '/address/provinceCode'],
  [wire.person.commune, '/address/communeCode'],
  [wire.person.address, '/address/detail'],
  [wire.request.clinic, '/clinicCode'],
  [wire.request.guardianName, '/guardian/fullName'],
  [wire.request.guardianNumber, '/guardian/identityNumber'],
  [wire.request.guardianRelation, '/guardian/relation'],
  [wire.request.guardianPhone, '/guardian/phone'],
];

/** The fields that a refusal of a card names, under the caller's paths; undefined when it names none. */
export const fieldsNamed = (message: string | undefined, language: Language): FieldError[] | undefined =>
  namedFields(message, paths, language);
