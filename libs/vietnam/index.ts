/**
 * The domain's codes and forms: identity numbers, dossier, agency, procedure and tax codes, tracking numbers, dates, names,
 * telephone numbers; shared catalogues, and the code lists in which systems differ. Each has a parser, a pure function that answers `Parsed<T>`, and most a decorator that validates a
 * field and documents it. What is only believed to be a rule warns and does not refuse. Imports nothing of ours but
 * `errors`. See docs/vietnam.md.
 */
export { valueOrThrow, type Parsed, type Refused } from './parsed';
export { vietnamRules, type RuleName } from './rules.table';
export {
  isConsistentWith,
  parsePersonalId,
  type Consistency,
  type PersonalId,
  type PersonalIdMismatch,
  type Sex,
} from './personal-id.code';
export {
  parseIdentity,
  parseOldIdentityNumber,
  type IdentityNumber,
  type OldIdentityNumber,
} from './identity-number.code';
export {
  belongsToRoots,
  haiPhongRoots,
  parseAgencyCode,
  toDotted,
  toReversed,
  type AgencyCode,
  type AgencyCodeForm,
} from './agency.code';
export { parseDossierCode, type DossierCode } from './dossier.code';
export {
  dossierPhase,
  dossierStateCode,
  dossierStates,
  dossierStateTable,
  mayFollow,
  parseDossierState,
  statesAfter,
  type DossierPhase,
  type DossierState,
} from './dossier.state';
export { dossierStateCodeOf, dossierStateOf, foreignDossierStates, type ForeignStateList } from './dossier.state.map';
export {
  applicantCode,
  applicantCodeLists,
  applicantKinds,
  applicantKindsOf,
  parseApplicantCode,
  type ApplicantCodeList,
  type ApplicantKind,
} from './applicant.kind';
export { procedureCatalogue, type Certainty, type Procedure } from './procedure.catalogue';
export { parseProcedure, procedureOn, type ProcedureCode, type ProcedureState } from './procedure.code';
export { parseTaxCode, taxCodeCheckDigit, type TaxCode, type TaxCodeWarning } from './tax.code';
export {
  parseTrackingNumber,
  s10CheckDigit,
  type PostalService,
  type TrackingNumber,
  type TrackingWarning,
} from './tracking.code';
export {
  parseFullDate,
  parsePartialDate,
  precisionOf,
  type DatePrecision,
  type FullDate,
  type PartialDate,
} from './calendar.date';
export {
  dateForms,
  formatDate,
  formatSlashed,
  parseAnyDate,
  parseDate,
  parseDateTime,
  type DateForm,
} from './date.forms';
export { parseSplitDate, toSplitDate, type SplitDate, type SplitPart } from './split.date';
export { daysAfter, monthsAfter, nowInVietnam, startOfDay, todayInVietnam, vietnamOffset } from './vietnam.clock';
export {
  joinFullName,
  parsePersonName,
  splitFullName,
  toNfc,
  toVietnameseUpper,
  type PersonNameParts,
} from './person.name';
export { parsePhone, type VietnamesePhone } from './phone.number';
export { parseCommuneCode, parseProvinceCode } from './area.code';
export { comparableText } from './vietnamese.text';
export { Catalogue, type CatalogueEntry } from './catalogue';
export { ethnicGroups } from './ethnic-group.catalogue';
export { genders, type Gender } from './gender.catalogue';
export { nationalities } from './nationality.catalogue';
export {
  AdministrativeUnits,
  type AdministrativeUnitsData,
  type Commune,
  type FormerCommune,
  type FormerProvince,
  type LocatedPlace,
  type NamedPlace,
  type Province,
} from './administrative.units';
export { faultsOfUnits, HoldsAdministrativeUnits, loadAdministrativeUnits } from './administrative-units.file';
export { administrativeUnits } from './commune.catalogue';
export { CodeList, translateCode, type SystemCode } from './code.list';
export { applicantCodes, birthDateCodes, identityPaperCodes, sexCodes, systemCodes } from './system.codes';
export type { FieldDecorator, FieldRule, FieldSchema } from './field.rule';
export * from './vietnam.decorators';
