import type { Parsed } from './parsed';
import { applicantCodes } from './system.codes';

/** Who hands a dossier in. */
export const applicantKinds = ['citizen', 'business', 'household-business'] as const;
export type ApplicantKind = (typeof applicantKinds)[number];

export type ApplicantCodeList = keyof typeof applicantCodes;
export const applicantCodeLists = Object.keys(applicantCodes) as ApplicantCodeList[];

/** The kinds that a list has a code for: the older one has no household businesses. */
export const applicantKindsOf = (list: ApplicantCodeList): ApplicantKind[] =>
  applicantKinds.filter((kind) => kind in applicantCodes[list].codes);

/** The code of a kind in a list. @example applicantCode('portal-adapter', 'business') // '2' */
export function applicantCode(list: ApplicantCodeList, kind: ApplicantKind): Parsed<string> {
  return applicantCodes[list].codeOf(kind);
}

/** The kind that a code of a list means. @example parseApplicantCode('ministry-portal', '2') // 'household-business' */
export function parseApplicantCode(list: ApplicantCodeList, code: string | number): Parsed<ApplicantKind> {
  return applicantCodes[list].wordOf(code);
}
