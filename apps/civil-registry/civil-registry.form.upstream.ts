import { formatDate, identityPaperCodes, parseDate, sexCodes, splitFullName, toSplitDate } from '#lgsp/vietnam';
import { buildXml } from '#lgsp/kit';
import type {
  BirthRegistration,
  DeathRegistration,
  MaritalStatusRequest,
  MarriageRegistration,
  Register,
  RegistryAddress,
  RegistryDossier,
  RegistryPerson,
  Requester,
} from './civil-registry.messages';

/** One field of the registry's form: its name there, where it comes from on the bus, and its value. */
export interface FormField {
  name: string;
  /** JSON Pointer into the bus's input. */
  path: string;
  value: unknown;
}

const field = (name: string, path: string, value: unknown): FormField => ({ name, path, value });

/** The form of a dossier, in the registry's fields. */
export function formOf(register: Register, dossier: RegistryDossier): FormField[] {
  switch (register) {
    case 'birth':
      return birthForm(dossier as BirthRegistration);
    case 'marriage':
      return marriageForm(dossier as MarriageRegistration);
    case 'death':
      return deathForm(dossier as DeathRegistration);
    case 'marital-status':
      return maritalStatusForm(dossier as MaritalStatusRequest);
  }
}

/** Module LTKS: the child (`nks*`), the parents (`cha*`, `me*`), the requester (`nyc*`). */
function birthForm({ child, father, mother, requester }: BirthRegistration): FormField[] {
  return [
    field('nksHoTen', '/child/fullName', nameParts(child.fullName)),
    field('nksGioiTinh', '/child/sex', sexCodes.civilRegistry.codes[child.sex]),
    field('nksNgaySinh', '/child/birthDate', splitDate(child.birthDate)),
    field('nksGioSinh', '/child/birthTime', child.birthTime),
    field('nksNoiSinh', '/child/birthPlace', child.birthPlace),
    field('nksDanToc', '/child/ethnicGroup', child.ethnicGroup),
    field('nksQuocTich', '/child/nationality', child.nationality ?? 'VN'),
    field('maGCS', '/child/birthNoticeNumber', child.birthNoticeNumber),
    ...personFields('cha', '/father', father),
    ...personFields('me', '/mother', mother),
    ...requesterFields(requester),
  ];
}

/** Module LTKH. The prefixes of the spouses are inferred from those of the other modules. */
function marriageForm({ husband, wife, requester }: MarriageRegistration): FormField[] {
  return [
    ...personFields('chong', '/husband', husband),
    ...personFields('vo', '/wife', wife),
    ...requesterFields(requester),
  ];
}

/** Module LTKT: the deceased (`nkt*`) and the notice of death (`gbt*`). */
function deathForm({ deceased, death, requester }: DeathRegistration): FormField[] {
  return [
    ...personFields('nkt', '/deceased', deceased),
    field('nktNgayChet', '/death/date', splitDate(death.date)),
    field('nktGioChet', '/death/time', death.time),
    field('nktNoiChet', '/death/place', death.place),
    field('nktNguyenNhan', '/death/cause', death.cause),
    field('maGBT', '/death/noticeNumber', death.noticeNumber),
    ...requesterFields(requester),
  ];
}

/** The older form of the marital-status certificate: flat, with dates in one text. */
function maritalStatusForm({ person, purpose, residedFrom, residedTo, requester }: MaritalStatusRequest): FormField[] {
  return [
    field('nxnHoTen', '/person/fullName', person.fullName),
    field('nxnNgaySinh', '/person/birthDate', slashed(person.birthDate)),
    field('nxnSoGiayTo', '/person/identityNumber', person.identityNumber),
    field('nxnDanToc', '/person/ethnicGroup', person.ethnicGroup),
    field('nxnQuocTich', '/person/nationality', person.nationality ?? 'VN'),
    field('nxnNoiCuTru', '/person/address', person.address && oneLine(person.address)),
    field('mucDich', '/purpose', purpose),
    field('tuNgay', '/residedFrom', slashed(residedFrom)),
    field('denNgay', '/residedTo', slashed(residedTo)),
    field('nycHoTen', '/requester/fullName', requester.fullName),
    field('nycSoGiayTo', '/requester/identityNumber', requester.identityNumber),
    field('nycQuanHe', '/requester/relation', requester.relation),
    field('nycSoDienThoai', '/requester/phone', requester.phone),
  ];
}

/** `data` of the linked API: the form as a JSON string. Absent fields are left out. */
export function toJsonText(form: readonly FormField[]): string {
  return JSON.stringify(Object.fromEntries(present(form)));
}

/** `data` of the registry API: the form as an XML string. */
export function toXmlText(form: readonly FormField[]): string {
  return buildXml({ hotich: { hoso: Object.fromEntries(present(form)) as Record<string, string> } });
}

const present = (form: readonly FormField[]): [string, unknown][] =>
  form.filter(({ value }) => value !== undefined).map(({ name, value }) => [name, value]);

function personFields(prefix: string, path: string, person: RegistryPerson | undefined): FormField[] {
  if (!person) return [];
  return [
    field(`${prefix}HoTen`, `${path}/fullName`, nameParts(person.fullName)),
    field(`${prefix}NgaySinh`, `${path}/birthDate`, person.birthDate && splitDate(person.birthDate)),
    field(
      `${prefix}LoaiGiayTo`,
      `${path}/identityNumber`,
      person.identityNumber && documentKind(person.identityNumber),
    ),
    field(`${prefix}SoGiayTo`, `${path}/identityNumber`, person.identityNumber),
    field(`${prefix}DanToc`, `${path}/ethnicGroup`, person.ethnicGroup),
    field(`${prefix}QuocTich`, `${path}/nationality`, person.nationality ?? 'VN'),
    field(`${prefix}NoiCuTru`, `${path}/address`, person.address && addressParts(person.address)),
  ];
}

function requesterFields({ fullName, identityNumber, relation, phone }: Requester): FormField[] {
  return [
    field('nycHoTen', '/requester/fullName', nameParts(fullName)),
    field('nycLoaiGiayTo', '/requester/identityNumber', documentKind(identityNumber)),
    field('nycSoGiayTo', '/requester/identityNumber', identityNumber),
    field('nycQuanHe', '/requester/relation', relation),
    field('nycSoDienThoai', '/requester/phone', phone),
  ];
}

function nameParts(fullName: string): object {
  const { family, middle, given } = splitFullName(fullName);
  return { Ho: family, ChuDem: middle, Ten: given };
}

/** `{namSinh, thangSinh, ngaySinh}`, as far as the date is known. */
function splitDate(date: string): object {
  const split = toSplitDate(date);
  if (!split.ok) return {};
  const { year, month, day } = split.value;
  return { namSinh: year, thangSinh: month, ngaySinh: day };
}

function slashed(date: string | undefined): string | undefined {
  if (!date) return undefined;
  const written = formatDate(date, date.length === 10 ? 'dd/MM/yyyy' : date.length === 7 ? 'MM/yyyy' : 'yyyy');
  return written.ok ? written.value : undefined;
}

const addressParts = ({ provinceCode, communeCode, detail }: RegistryAddress): object => ({
  maTinh: provinceCode,
  maHuyen: null, // There is no district since 1/7/2025; the field stays.
  maXa: communeCode,
  dcChiTiet: detail,
  quocGia: 'VN',
});

const oneLine = ({ detail, communeCode, provinceCode }: RegistryAddress): string =>
  `${detail}, ${communeCode}, ${provinceCode}`;

/** A number of nine digits is of the old card, one of twelve of the citizen's card. */
const documentKind = (identityNumber: string): string =>
  identityPaperCodes.civilRegistry.codes[identityNumber.length === 9 ? 'old-identity-card' : 'citizen-card'];

/** A registry's time, `dd/MM/yyyy HH:mm:ss` or `dd/MM/yyyy`, as ISO; undefined when it is none of them. */
export function isoOf(text: unknown): string | undefined {
  if (typeof text !== 'string' || text === '') return undefined;
  const parsed = parseDate(text, text.length > 10 ? 'dd/MM/yyyy HH:mm:ss' : 'dd/MM/yyyy');
  return parsed.ok ? parsed.value : undefined;
}
