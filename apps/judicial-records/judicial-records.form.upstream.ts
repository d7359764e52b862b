import { busHeaders } from '#lgsp/bus';
import { BusError, type FieldError, type Language } from '#lgsp/errors';
import { ruleMessage, type Call } from '#lgsp/kit';
import { formatSlashed, identityPaperCodes, parseDossierCode, parsePhone, sexCodes, valueOrThrow } from '#lgsp/vietnam';
import type { JudicialRecordsConfig } from './judicial-records.config';
import type {
  CertificateAddress,
  CertificateApplicant,
  CertificateRequest,
  IdentityDocument,
  RelatedPerson,
  Representative,
  Residence,
} from './judicial-records.messages';

/**
 * idReceivedDec, which must be unique per dossier: the dossier code as it is. It is the key by which the outcome of a
 * command is found out, and the changed list leads back to the dossier by it. (Date and serial alone, as some send it,
 * are not unique across agencies.)
 * @throws BusError `missing-context` when the call has no dossier code
 */
export function receiptNumberOf({ dossier = '', language }: Pick<Call, 'dossier' | 'language'>): string {
  if (parseDossierCode(dossier).ok) return dossier;
  const errors = [{ path: busHeaders.dossier, rule: 'dossier-code', message: ruleMessage('dossier-code')[language] }];
  throw new BusError('missing-context', { errors });
}

/** The upstream's codes; a field that is undefined is not sent. */
const idTypeIds = identityPaperCodes.judicialRecords.codes;
const genderIds = sexCodes.judicialRecords.codes;
const formTypes = { 'number-1': 1, 'number-2': 2 } as const;
/** What integrators send where the upstream's own catalogue has no entry for a place. */
const noRegion = -1;
/** What integrators send where no fee was paid. */
const noMoneyReceipt = '0';

type Codes = Pick<
  JudicialRecordsConfig,
  'unitId' | 'nationalities' | 'ethnicGroups' | 'regions' | 'declareTypes' | 'requestObjects'
>;

/**
 * The body of `nhanHoSoDangKy`, fields in the order of its description.
 * @param receiptNumber idReceivedDec: unique per dossier
 * @throws BusError `invalid-request` for a nationality that the configured catalogue lacks
 */
export function registrationForm(
  request: CertificateRequest,
  receiptNumber: string,
  codes: Codes,
  language: Language,
): object {
  const { receivedOn, promisedOn, feeReceiptNumber, residences = [], representative } = request;
  return {
    idMinistryJustice: codes.unitId,
    idReceivedDec: receiptNumber,
    dateReceivedDec: slashed(receivedOn),
    datePromissoryDec: slashed(promisedOn),
    idMoneyReceipt: feeReceiptNumber ?? noMoneyReceipt,
    declarationWSForm: {
      ...applicantFields(request.applicant, codes, language),
      ...orderFields(request, codes),
      receiveNo: receiptNumber,
    },
    residenceWSForm: residences.map(residenceFields),
    mandatorWSForm: representative && representativeFields(representative, codes),
  };
}

function applicantFields(applicant: CertificateApplicant, codes: Codes, language: Language): object {
  const { permanentAddress, temporaryAddress, nationality = 'VN' } = applicant;
  const nationalityId = codes.nationalities[nationality];
  if (nationalityId === undefined) throw unknownNationality(Object.keys(codes.nationalities), language);
  return {
    fullName: applicant.fullName,
    otherName: applicant.otherName,
    genderId: genderIds[applicant.sex],
    birthDateStr: slashed(applicant.birthDate),
    birthPlace: applicant.birthPlace,
    nationalityId,
    ethnicId: codes.ethnicGroups[applicant.ethnicGroup ?? ''],
    residence: permanentAddress.text,
    reRegionId: regionOf(permanentAddress, codes),
    residenceTemporary: temporaryAddress?.text,
    rtRegionId: temporaryAddress && regionOf(temporaryAddress, codes),
    ...documentFields(applicant.document),
    ...relativeFields('dad', applicant.father),
    ...relativeFields('mom', applicant.mother),
    ...relativeFields('partner', applicant.spouse),
    phone: valueOrThrow(parsePhone(applicant.phone), 'internal').national,
    email: applicant.email,
  };
}

function orderFields(request: CertificateRequest, codes: Codes): object {
  const { requestedBy, deliverTo, applicant } = request;
  const citizenship = (applicant.nationality ?? 'VN') === 'VN' ? 'citizen' : 'foreigner';
  const body = requestedBy === 'organisation' || requestedBy === 'procedural-body';
  return {
    ministryJusticeId: Number(codes.unitId),
    declareDate: slashed(request.receivedOn),
    declareTypeId: codes.declareTypes[requestedBy],
    requestQty: request.copies,
    requestQtyAdd: request.extraCopies,
    objectRequestId: codes.requestObjects[body ? requestedBy : citizenship],
    formType: formTypes[request.form],
    isBanPosition: request.tellPositionBan ? 1 : 0,
    delivery: deliverTo ? 1 : 0,
    deliveryAddress: deliverTo?.text,
    deliveryDistrict: deliverTo && regionOf(deliverTo, codes),
    note: request.note,
    purpose: request.purpose,
  };
}

function representativeFields(person: Representative, codes: Codes): object {
  return {
    fullName: person.fullName,
    genderId: person.sex && genderIds[person.sex],
    birthDateStr: slashed(person.birthDate),
    residence: person.address?.text,
    regionId: person.address && regionOf(person.address, codes),
    ...(person.document && documentFields(person.document)),
    mandatorRelation: person.relation,
    mandatorDate: slashed(person.authorisedOn),
  };
}

const residenceFields = ({ from, to, place, occupation, workplace }: Residence): object => ({
  fromDateStr: slashed(from),
  toDateStr: slashed(to),
  residencePlace: place,
  jobName: occupation,
  workPlace: workplace,
});

const documentFields = ({ type, number, issuedOn, issuedBy }: IdentityDocument): object => ({
  idTypeId: idTypeIds[type],
  identifyNo: number,
  idIssueDate: slashed(issuedOn),
  idIssuePlace: issuedBy,
});

const relativeFields = (prefix: 'dad' | 'mom' | 'partner', person: RelatedPerson | undefined): object => ({
  [`${prefix}Name`]: person?.fullName,
  [`${prefix}Dob`]: slashed(person?.birthDate),
});

const regionOf = ({ communeCode }: CertificateAddress, { regions }: Codes): number =>
  regions[communeCode ?? ''] ?? noRegion;

/** `dd/MM/yyyy`, `MM/yyyy` or `yyyy`, as far as the date is known. */
function slashed(date: string): string;
function slashed(date: string | undefined): string | undefined;
function slashed(date: string | undefined): string | undefined {
  return date === undefined ? undefined : valueOrThrow(formatSlashed(date), 'internal');
}

function unknownNationality(known: string[], language: Language): BusError {
  const message = ruleMessage('is-in', [known])[language];
  return new BusError('invalid-request', { errors: [{ path: '/applicant/nationality', rule: 'is-in', message }] });
}

/** Which field of the caller's request a field of the form was made of. */
const declarationPaths: Readonly<Record<string, string>> = {
  fullName: '/applicant/fullName',
  otherName: '/applicant/otherName',
  genderId: '/applicant/sex',
  birthDateStr: '/applicant/birthDate',
  birthPlace: '/applicant/birthPlace',
  nationalityId: '/applicant/nationality',
  ethnicId: '/applicant/ethnicGroup',
  residence: '/applicant/permanentAddress/text',
  reRegionId: '/applicant/permanentAddress/communeCode',
  residenceTemporary: '/applicant/temporaryAddress/text',
  rtRegionId: '/applicant/temporaryAddress/communeCode',
  idTypeId: '/applicant/document/type',
  identifyNo: '/applicant/document/number',
  idIssueDate: '/applicant/document/issuedOn',
  idIssuePlace: '/applicant/document/issuedBy',
  dadDob: '/applicant/father/birthDate',
  momDob: '/applicant/mother/birthDate',
  partnerDob: '/applicant/spouse/birthDate',
  phone: '/applicant/phone',
  email: '/applicant/email',
  declareTypeId: '/requestedBy',
  requestQty: '/copies',
  requestQtyAdd: '/extraCopies',
  formType: '/form',
  purpose: '/purpose',
  deliveryAddress: '/deliverTo/text',
  dateReceivedDec: '/receivedOn',
  datePromissoryDec: '/promisedOn',
  idMoneyReceipt: '/feeReceiptNumber',
};
const fieldsNamedMax = 20;

/**
 * The caller's fields that a refusal names: bare or as `declarationWSForm.identifyNo`; those of the other two parts are
 * told as the part. The words of the refusal are not repeated here: they may quote the value.
 */
export function refusedFields(description: string, language: Language): FieldError[] {
  const paths = new Set<string>();
  const message = ruleMessage('upstream-field')[language];
  for (const [, part, index, name] of description.matchAll(/\b(?:(\w+WSForm)(?:\[(\d{1,3})\])?\.)?([A-Za-z]+)\b/g)) {
    if (part === 'mandatorWSForm') paths.add('/representative');
    else if (part === 'residenceWSForm') paths.add(index === undefined ? '/residences' : `/residences/${index}`);
    else if (Object.hasOwn(declarationPaths, name!)) paths.add(declarationPaths[name!]!);
  }
  return [...paths].slice(0, fieldsNamedMax).map((path) => ({ path, rule: 'upstream-field', message }));
}
