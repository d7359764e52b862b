import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import {
  IsCommuneCode,
  IsDossierCode,
  IsFullDate,
  IsPartialDate,
  IsPersonName,
  IsVietnamesePhone,
} from '#lgsp/vietnam';

export const documentTypes = ['citizen-card', 'old-identity-card', 'passport', 'residence-card'] as const;
export const requesters = ['person', 'representative', 'organisation', 'procedural-body'] as const;
export const certificateForms = ['number-1', 'number-2'] as const;
export const certificateStatuses = ['received', 'processing', 'ready'] as const;
export const channels = ['one-stop', 'direct'] as const;
export type CertificateStatus = (typeof certificateStatuses)[number];
export type Channel = (typeof channels)[number];

const documentNumber = /^[A-Z0-9]{5,20}$/;
/** Most changes on one page, and most that are acknowledged at once. */
export const changesMax = 200;
/** Longest id that this system gives a record, in characters. */
export const recordIdLengthMax = 128;
/** The ids travel joined with `;`. */
const recordId = new RegExp(`^[^;\\s]{1,${recordIdLengthMax}}$`);

export class CertificateAddress {
  @IsString() @Length(1, 250) text: string;
  @IsOptional() @IsCommuneCode() communeCode?: string;
}

export class IdentityDocument {
  @IsIn(documentTypes) type: (typeof documentTypes)[number];
  @Matches(documentNumber) number: string;
  @IsOptional() @IsFullDate() issuedOn?: string;
  @IsOptional() @IsString() @MaxLength(200) issuedBy?: string;
}

export class RelatedPerson {
  @IsPersonName() fullName: string;
  @IsOptional() @IsPartialDate() birthDate?: string;
}

/** Whose record the certificate is about. */
export class CertificateApplicant {
  @IsPersonName() fullName: string;
  @IsOptional() @IsPersonName() otherName?: string;
  @IsIn(['male', 'female']) sex: 'male' | 'female';
  @IsPartialDate() birthDate: string;
  @IsOptional() @IsString() @MaxLength(250) birthPlace?: string;
  @JSONSchema({ description: 'ISO 3166-1, two letters; VN when left out' })
  @IsOptional()
  @Matches(/^[A-Z]{2}$/)
  nationality?: string;
  @JSONSchema({ description: 'Code of the national catalogue of ethnic groups, two digits' })
  @IsOptional()
  @Matches(/^\d{2}$/)
  ethnicGroup?: string;
  @IsObject() @ValidateNested() @Type(() => IdentityDocument) document: IdentityDocument;
  @IsVietnamesePhone() phone: string;
  @IsOptional() @IsEmail() email?: string;
  @IsObject() @ValidateNested() @Type(() => CertificateAddress) permanentAddress: CertificateAddress;
  @IsOptional() @ValidateNested() @Type(() => CertificateAddress) temporaryAddress?: CertificateAddress;
  @IsOptional() @ValidateNested() @Type(() => RelatedPerson) father?: RelatedPerson;
  @IsOptional() @ValidateNested() @Type(() => RelatedPerson) mother?: RelatedPerson;
  @IsOptional() @ValidateNested() @Type(() => RelatedPerson) spouse?: RelatedPerson;
}

/** Where the applicant lived from when to when; a date as far as it is known. */
export class Residence {
  @IsPartialDate() from: string;
  @IsPartialDate() to: string;
  @IsString() @Length(1, 250) place: string;
  @IsOptional() @IsString() @MaxLength(200) occupation?: string;
  @IsOptional() @IsString() @MaxLength(200) workplace?: string;
}

/** Who may act for the applicant (người được ủy quyền). */
export class Representative {
  @IsPersonName() fullName: string;
  @IsOptional() @IsIn(['male', 'female']) sex?: 'male' | 'female';
  @IsOptional() @IsPartialDate() birthDate?: string;
  @IsOptional() @ValidateNested() @Type(() => CertificateAddress) address?: CertificateAddress;
  @IsOptional() @ValidateNested() @Type(() => IdentityDocument) document?: IdentityDocument;
  @IsOptional() @IsString() @MaxLength(100) relation?: string;
  @IsOptional() @IsFullDate() authorisedOn?: string;
}

export class CertificateRequest {
  @JSONSchema({ description: 'Who asks; a representative must then be named' })
  @IsIn(requesters)
  requestedBy: (typeof requesters)[number];
  @JSONSchema({ description: 'Phiếu lý lịch tư pháp số 1 or số 2' })
  @IsIn(certificateForms)
  form: (typeof certificateForms)[number];
  @IsInt() @Min(1) @Max(20) copies: number;
  @IsOptional() @IsInt() @Min(0) @Max(20) extraCopies?: number;
  @JSONSchema({ description: 'Whether it shall tell of bans on holding posts and running enterprises' })
  @IsOptional()
  @IsBoolean()
  tellPositionBan?: boolean;
  @IsString() @Length(1, 250) purpose: string;
  @IsOptional() @IsString() @MaxLength(500) note?: string;
  @IsFullDate() receivedOn: string;
  @IsOptional() @IsFullDate() promisedOn?: string;
  @IsOptional() @IsString() @MaxLength(50) feeReceiptNumber?: string;
  @IsObject() @ValidateNested() @Type(() => CertificateApplicant) applicant: CertificateApplicant;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => Residence)
  residences?: Residence[];
  @ValidateIf((request: CertificateRequest) => request.requestedBy === 'representative' || !!request.representative)
  @IsObject()
  @ValidateNested()
  @Type(() => Representative)
  representative?: Representative;
  @JSONSchema({ description: 'Where the certificate is sent by post; it is fetched when left out' })
  @IsOptional()
  @ValidateNested()
  @Type(() => CertificateAddress)
  deliverTo?: CertificateAddress;
}

export class CertificateReceipt {
  @JSONSchema({ description: 'Under what the judicial-records system knows the dossier' })
  @IsString()
  receiptNumber: string;
  @IsIn(certificateStatuses) status: CertificateStatus;
  @JSONSchema({ description: "The system's own id of the record; not known when the outcome was found out later" })
  @IsOptional()
  @IsString()
  recordId?: string;
}

export class CertificateQuestion {
  @JSONSchema({
    description: 'Dossier code; for an application handed in directly, the number of its appointment slip',
  })
  @IsDossierCode()
  dossier: string;
  @JSONSchema({ description: 'How the application was handed in; one-stop when left out' })
  @IsOptional()
  @IsIn(channels)
  channel?: Channel;
  @JSONSchema({ description: "Number of the applicant's document; needed for the channel direct only" })
  @ValidateIf((question: CertificateQuestion) => question.channel === 'direct' || !!question.documentNumber)
  @Matches(documentNumber)
  documentNumber?: string;
}

export class CertificateState {
  @IsIn(certificateStatuses) status: CertificateStatus;
  @IsOptional() @IsFullDate() approvedOn?: string;
  @IsOptional() @IsFullDate() issuedOn?: string;
}

export class ChangesQuestion {
  @IsOptional() @IsIn(channels) channel?: Channel;
  @JSONSchema({ description: 'Most changes on the page; 100 when left out' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(changesMax)
  limit?: number;
}

export class CertificateChange extends CertificateState {
  @JSONSchema({ description: 'By this the change is acknowledged' }) @IsString() recordId: string;
  @JSONSchema({ description: 'Dossier code, or the number of the appointment slip' }) @IsString() dossier: string;
}

export class CertificateChanges {
  @IsArray() @ValidateNested({ each: true }) @Type(() => CertificateChange) changes: CertificateChange[];
  @JSONSchema({ description: 'true when there are further ones: they come once these are acknowledged' })
  @IsBoolean()
  more: boolean;
}

export class Acknowledgement {
  @JSONSchema({ description: 'Ids of changes that are safely stored; they will not be listed again' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(changesMax)
  @ArrayUnique()
  @Matches(recordId, { each: true })
  recordIds: string[];
}

export class Acknowledged {
  @IsInt() acknowledged: number;
}
