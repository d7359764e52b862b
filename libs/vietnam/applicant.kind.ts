import { accept, refuse, type Parsed } from './parsed';

/** Who hands a dossier in (`LoaiDoiTuong`). */
export const applicantKinds = ['citizen', 'business', 'household-business'] as const;
export type ApplicantKind = (typeof applicantKinds)[number];

/**
 * The two lists that are in use: the same number means different people in them. The older one has no household
 * businesses.
 */
export const applicantCodes = {
  /** Adapter of the National Public Service Portal by which one-stop software hands its dossiers in. */
  'portal-adapter': { citizen: '1', business: '2' },
  /** Portals of ministries as of 2026. */
  'ministry-portal': { citizen: '0', business: '1', 'household-business': '2' },
} as const satisfies Record<string, Partial<Record<ApplicantKind, string>>>;

export type ApplicantCodeList = keyof typeof applicantCodes;
export const applicantCodeLists = Object.keys(applicantCodes) as ApplicantCodeList[];

/** The kinds that a list has a code for. */
export const applicantKindsOf = (list: ApplicantCodeList): ApplicantKind[] =>
  applicantKinds.filter((kind) => kind in applicantCodes[list]);

/** The code of a kind in a list. @example applicantCode('portal-adapter', 'business') // '2' */
export function applicantCode(list: ApplicantCodeList, kind: ApplicantKind): Parsed<string> {
  const codes: Partial<Record<ApplicantKind, string>> = applicantCodes[list];
  const code = codes[kind];
  return code === undefined ? refuse('applicant-kind') : accept(code);
}

/** The kind that a code of a list means. @example parseApplicantCode('ministry-portal', '2') // 'household-business' */
export function parseApplicantCode(list: ApplicantCodeList, code: string | number): Parsed<ApplicantKind> {
  const codes: Partial<Record<ApplicantKind, string>> = applicantCodes[list];
  const kind = applicantKinds.find((candidate) => codes[candidate] === String(code));
  return kind ? accept(kind) : refuse('applicant-kind');
}
