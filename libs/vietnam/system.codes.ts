import type { Text } from '#lgsp/errors';
import { CodeList, type SystemCode } from './code.list';

/**
 * The code lists in which the connected systems differ, in one place: a 1 that is a man in one system and an adult card in
 * the next was the usual reason of a refused dossier. Connectors take their codes from here; `translateCode` carries
 * a code from one system to another.
 */

const list =
  (en: string, vi: string) =>
  <Word extends string, Code extends SystemCode>(
    system: Text,
    codes: Readonly<Record<Word, Code>>,
  ): CodeList<Word, Code> =>
    new CodeList({ en: `${en} of ${system.en}`, vi: `${vi} của ${system.vi}` }, codes);

const judicialRecords: Text = { en: 'the judicial-records system', vi: 'hệ thống lý lịch tư pháp' };
const civilRegistry: Text = { en: 'the civil registry', vi: 'hệ thống hộ tịch' };
const socialInsurance: Text = { en: 'social insurance', vi: 'hệ thống bảo hiểm xã hội' };
const classicPortal: Text = {
  en: "the national portal's classic adapter",
  vi: 'Cổng Dịch vụ công quốc gia (bản trước)',
};
const newPortal: Text = { en: 'the new portal of ministries', vi: 'cổng dịch vụ công mới của bộ, ngành' };

const sexes = list('sexes', 'giới tính');
const papers = list('identity papers', 'giấy tờ tùy thân');
const applicants = list('kinds of applicants', 'loại đối tượng');
const precisions = list('precisions of birth dates', 'loại ngày sinh');

/** `genderId`, `gioiTinh`: 1 is male everywhere, and the other sex is 0 here and 2 there. */
export const sexCodes = {
  judicialRecords: sexes(judicialRecords, { male: 1, female: 0 }),
  civilRegistry: sexes(civilRegistry, { male: 1, female: 2 }),
  socialInsurance: sexes(socialInsurance, { male: 1, female: 2, other: 3 }),
} as const;

/** `idTypeId`; the civil registry's numbers are inferred, and are those of its catalogue of identity papers. */
export const identityPaperCodes = {
  judicialRecords: papers(judicialRecords, {
    passport: 0,
    'old-identity-card': 1,
    'residence-card': 2,
    'citizen-card': 3,
  }),
  civilRegistry: papers(civilRegistry, { 'old-identity-card': '1', passport: '2', 'citizen-card': '5' }),
} as const;

/** `LoaiDoiTuong`, who hands a dossier in: a 1 is a citizen to the classic adapter and a business to the new portal. */
export const applicantCodes = {
  'portal-adapter': applicants(classicPortal, { citizen: '1', business: '2' }),
  'ministry-portal': applicants(newPortal, { citizen: '0', business: '1', 'household-business': '2' }),
} as const;

/** `loaiNgaySinh`: how much of a birth date is known, in the words of `precisionOf`. */
export const birthDateCodes = {
  socialInsurance: precisions(socialInsurance, { day: 0, year: 1, month: 2 }),
} as const;

/** Every list, by what it is about and whose it is. */
export const systemCodes: Readonly<Record<string, Readonly<Record<string, CodeList>>>> = {
  sex: sexCodes,
  identityPaper: identityPaperCodes,
  applicant: applicantCodes,
  birthDate: birthDateCodes,
};
