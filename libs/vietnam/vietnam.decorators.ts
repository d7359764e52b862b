import { agencyCodePattern, parseAgencyCode } from './agency.code';
import { communeCodePattern, parseCommuneCode, parseProvinceCode, provinceCodePattern } from './area.code';
import { fullDatePattern, parseFullDate, parsePartialDate, partialDatePattern } from './calendar.date';
import { dateTimePattern, parseDateTime } from './date.forms';
import { dossierCodePattern, parseDossierCode } from './dossier.code';
import { constraintName, fieldDecorator, fieldSchema, type FieldSchema } from './field.rule';
import { identityNumberPattern, parseIdentity } from './identity-number.code';
import { parsePersonalId, personalIdPattern } from './personal-id.code';
import { isPersonName, personNameLengthMax, personNamePattern } from './person.name';
import { parsePhone, phonePattern } from './phone.number';
import { parseProcedure, procedureCodePattern } from './procedure.code';
import { parseTaxCode, taxCodePattern } from './tax.code';
import { parseTrackingNumber, trackingNumberPattern } from './tracking.code';

/** Personal identification number (số định danh cá nhân): 12 digits, any place of birth. */
export const IsPersonalId = fieldDecorator({
  rule: 'personal-id',
  pattern: personalIdPattern,
  description: 'Personal identification number (số định danh cá nhân), 12 digits',
  examples: ['031090123456'],
  holds: (text) => parsePersonalId(text).ok,
});

/** Identity number: the personal one of 12 digits, or the old card's of 9 (CMND). */
export const IsIdentityNumber = fieldDecorator({
  rule: 'identity-number',
  pattern: identityNumberPattern,
  description:
    'Personal identification number (số định danh cá nhân), 12 digits, or old identity card number (CMND), 9 digits',
  examples: ['031090123456', '031234567'],
  holds: (text) => parseIdentity(text).ok,
});

/** Dossier code (mã hồ sơ), in any live shape or another system's. */
export const IsDossierCode = fieldDecorator({
  rule: 'dossier-code',
  pattern: dossierCodePattern,
  description: 'Dossier code (mã hồ sơ), as Circular 01/2018/TT-VPCP gives it or as another system wrote it',
  examples: ['000.00.01.H24-250812-0035', 'H24.129-250812-0035', 'G09.20-20260609-0092637'],
  holds: (text) => parseDossierCode(text).ok,
});

/** Agency code (mã định danh cơ quan), in either direction. */
export const IsAgencyCode = fieldDecorator({
  rule: 'agency-code',
  pattern: agencyCodePattern,
  description: 'Agency code (mã định danh cơ quan), root last (QCVN 102:2016) or root first (Decision 20/2020/QĐ-TTg)',
  examples: ['000.00.01.H24', 'H24.129'],
  holds: (text) => parseAgencyCode(text).ok,
});

/** Administrative procedure code (mã thủ tục hành chính). */
export const IsProcedureCode = fieldDecorator({
  rule: 'procedure-code',
  pattern: procedureCodePattern,
  description: 'Administrative procedure code (mã thủ tục hành chính)',
  examples: ['1.001193'],
  holds: (text) => parseProcedure(text).ok,
});

/** Tax code (mã số thuế, MSDN); a wrong check digit does not refuse. */
export const IsTaxCode = fieldDecorator({
  rule: 'tax-code',
  pattern: taxCodePattern,
  description: 'Tax code, also enterprise code (mã số thuế, mã số doanh nghiệp): 10 digits, or 10-3 for a branch',
  examples: ['0123456787', '0123456787-001'],
  holds: (text) => parseTaxCode(text).ok,
});

/** Postal tracking number (số hiệu bưu gửi); a wrong S10 check digit does not refuse. */
export const IsTrackingNumber = fieldDecorator({
  rule: 'tracking-number',
  pattern: trackingNumberPattern,
  description: "Postal tracking number (số hiệu bưu gửi), UPU S10 or a domestic carrier's own",
  examples: ['EE123456785VN'],
  holds: (text) => parseTrackingNumber(text).ok,
});

/** ISO date as far as it is known: yyyy-MM-dd, yyyy-MM or yyyy. */
export const IsPartialDate = fieldDecorator({
  rule: 'partial-date',
  pattern: partialDatePattern,
  description: 'Date as far as it is known, ISO 8601: yyyy-MM-dd, yyyy-MM or yyyy',
  examples: ['1990-03-14', '1990-03', '1958'],
  holds: (text) => parsePartialDate(text).ok,
});

/** Whole ISO date of the calendar: yyyy-MM-dd. */
export const IsFullDate = fieldDecorator({
  rule: 'full-date',
  pattern: fullDatePattern,
  description: 'Date, ISO 8601: yyyy-MM-dd',
  examples: ['2026-06-09'],
  holds: (text) => parseFullDate(text).ok,
});

/** Date and time with its offset. */
export const IsDateTime = fieldDecorator({
  rule: 'date-time',
  pattern: dateTimePattern,
  description: 'Date and time with its offset, ISO 8601',
  examples: ['2026-06-09T10:15:00+07:00'],
  holds: (text) => parseDateTime(text).ok,
});

/** A person's name as it stands, in Unicode NFC. */
export const IsPersonName = fieldDecorator({
  rule: 'person-name',
  pattern: personNamePattern,
  lengthMax: personNameLengthMax,
  description: 'Name of a person (họ tên), Unicode NFC',
  examples: ['Nguyễn Văn A', "H'Thử Niê"],
  holds: isPersonName,
});

/** Vietnamese telephone number, written in any usual way. */
export const IsVietnamesePhone = fieldDecorator({
  rule: 'vietnamese-phone',
  pattern: phonePattern,
  description: 'Vietnamese telephone number (số điện thoại): mobile, landline or hotline',
  examples: ['0912345678', '+84 225 384 2123'],
  holds: (text) => parsePhone(text).ok,
});

/** Commune code (mã đơn vị hành chính cấp xã). */
export const IsCommuneCode = fieldDecorator({
  rule: 'commune-code',
  pattern: communeCodePattern,
  description: 'Commune code (mã đơn vị hành chính cấp xã), 5 digits',
  examples: ['11407'],
  holds: (text) => parseCommuneCode(text).ok,
});

/** Province code (mã đơn vị hành chính cấp tỉnh). */
export const IsProvinceCode = fieldDecorator({
  rule: 'province-code',
  pattern: provinceCodePattern,
  description: 'Province code (mã đơn vị hành chính cấp tỉnh), 2 digits',
  examples: ['31'],
  holds: (text) => parseProvinceCode(text).ok,
});

/** Every decorator of this library by its name. */
export const vietnamDecorators = {
  IsPersonalId,
  IsIdentityNumber,
  IsDossierCode,
  IsAgencyCode,
  IsProcedureCode,
  IsTaxCode,
  IsTrackingNumber,
  IsPartialDate,
  IsFullDate,
  IsDateTime,
  IsPersonName,
  IsVietnamesePhone,
  IsCommuneCode,
  IsProvinceCode,
};

/**
 * The schema of each constraint, for class-validator-jsonschema's `additionalConverters`. A `@JSONSchema` above one of
 * these decorators replaces what the decorator documented; with the converters its description joins the pattern.
 */
export const vietnamSchemas: Readonly<Record<string, FieldSchema>> = Object.fromEntries(
  Object.values(vietnamDecorators).map(({ field }) => [constraintName(field.rule), fieldSchema(field)]),
);
