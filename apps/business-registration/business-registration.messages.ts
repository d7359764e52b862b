import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { IsCommuneCode, IsFullDate, IsProvinceCode, IsTaxCode } from '#lgsp/vietnam';

export const enterpriseStatuses = ['active', 'suspended', 'dissolving', 'dissolved', 'revoked'] as const;
export type EnterpriseStatus = (typeof enterpriseStatuses)[number];
export const dossierKinds = ['new', 'change', 'suspension', 'dissolution', 'resumption'] as const;
export type DossierKind = (typeof dossierKinds)[number];
export const dossierStates = ['received', 'processing', 'needs-supplement', 'approved', 'refused'] as const;
export type DossierState = (typeof dossierStates)[number];

/** Longest period of one question, in days with both ends: a quarter. */
export const periodDaysMax = 92;
export const limitMax = 500;
const dossierNumber = /^[0-9]{1,20}$/;
const clockTime = /^([01]\d|2[0-3]):[0-5]\d$/;

export class EnterpriseQuestion {
  @JSONSchema({ description: 'Enterprise code (mã số doanh nghiệp), which is the tax code' }) @IsTaxCode() code: string;
}

/** As it was registered, and where that is today. */
export class HeadOffice {
  @JSONSchema({ description: 'The whole address in one line' }) @IsOptional() @IsString() text?: string;
  @IsOptional() @IsString() street?: string;
  @IsOptional() @IsString() commune?: string;
  @JSONSchema({ description: 'In addresses from before 1/7/2025 only' }) @IsOptional() @IsString() district?: string;
  @IsOptional() @IsString() province?: string;
  @JSONSchema({ description: 'The province of today' }) @IsOptional() @IsProvinceCode() provinceCode?: string;
  @JSONSchema({ description: 'The commune of today; several when the former one was split, none when it is not known' })
  @IsCommuneCode({ each: true })
  communeCodes: string[];
}

export class BusinessActivity {
  @IsString() code: string;
  @IsString() name: string;
  @JSONSchema({ description: 'The main one' }) @IsBoolean() main: boolean;
}

export class CapitalMember {
  @IsString() name: string;
  @JSONSchema({ description: 'Contributed capital in đồng' }) @IsOptional() @IsNumber() amount?: number;
  @IsOptional() @IsNumber() ratioPercent?: number;
  @JSONSchema({ description: 'ISO 3166 code, where the name is one that is known' })
  @IsOptional()
  @Matches(/^[A-Z]{2}$/)
  nationality?: string;
  @JSONSchema({ description: "The registry's own words" }) @IsOptional() @IsString() country?: string;
}

export class Enterprise {
  @IsTaxCode() code: string;
  @IsString() name: string;
  @IsOptional() @IsString() shortName?: string;
  @IsOptional() @IsString() foreignName?: string;
  @JSONSchema({ description: 'Kind of enterprise (loại hình)' }) @IsOptional() @IsString() type?: string;
  @JSONSchema({ description: "The registry's code of the kind" }) @IsOptional() @IsString() typeCode?: string;
  @JSONSchema({ description: 'Missing when the registry gave a status that is not known here' })
  @IsOptional()
  @IsIn(enterpriseStatuses)
  status?: EnterpriseStatus;
  @JSONSchema({ description: "The registry's own code or words" }) @IsOptional() @IsString() statusCode?: string;
  @IsOptional() @IsFullDate() suspendedFrom?: string;
  @IsOptional() @IsFullDate() suspendedTo?: string;
  @JSONSchema({ description: 'Number of the old certificate, before it and the tax code became one' })
  @IsOptional()
  @IsString()
  oldCertificateNumber?: string;
  @IsOptional() @IsFullDate() foundedOn?: string;
  @IsOptional() @IsFullDate() lastChangedOn?: string;
  @IsOptional() @IsInt() @Min(0) changes?: number;
  @IsString({ each: true }) legalRepresentatives: string[];
  @JSONSchema({ description: 'In đồng' }) @IsOptional() @IsNumber() charterCapital?: number;
  @IsOptional() @ValidateNested() @Type(() => HeadOffice) headOffice?: HeadOffice;
  @IsArray() @ValidateNested({ each: true }) @Type(() => BusinessActivity) activities: BusinessActivity[];
  @IsArray() @ValidateNested({ each: true }) @Type(() => CapitalMember) members: CapitalMember[];
}

export class RegistrationQuestion {
  @JSONSchema({ description: 'Receipt number of the dossier at the business registry (mã số biên nhận)' })
  @Matches(dossierNumber)
  number: string;
}

export class RegistrationDossier {
  @Matches(dossierNumber) number: string;
  @JSONSchema({ description: 'Missing when the registry gave a kind that is not known here' })
  @IsOptional()
  @IsIn(dossierKinds)
  kind?: DossierKind;
  @JSONSchema({ description: "The registry's own words" }) @IsOptional() @IsString() kindText?: string;
  @JSONSchema({ description: 'Missing when the registry gave a state that is not known here' })
  @IsOptional()
  @IsIn(dossierStates)
  state?: DossierState;
  @JSONSchema({ description: "The registry's own code or words" }) @IsString() statusCode: string;
  @JSONSchema({ description: 'A new enterprise has none yet; a place of business has a number of five digits' })
  @IsOptional()
  @IsString()
  enterpriseCode?: string;
  @IsOptional() @IsString() enterpriseName?: string;
  @JSONSchema({ description: 'Office of registration, by the number of the registry' })
  @IsOptional()
  @IsString()
  officeCode?: string;
  @IsOptional() @IsFullDate() receivedOn?: string;
  @IsOptional() @IsFullDate() dueOn?: string;
  @JSONSchema({ description: 'When the state last changed, ISO 8601, as exactly as the registry tells' })
  @IsOptional()
  @IsString()
  changedAt?: string;
}

export class RegistrationStatus extends RegistrationDossier {
  @IsOptional() @IsString() enterpriseTypeCode?: string;
  @IsOptional() @IsFullDate() approvedOn?: string;
  @JSONSchema({ description: 'When the missing papers came' }) @IsOptional() @IsFullDate() supplementedOn?: string;
  @JSONSchema({ description: "How it was handed in, in the registry's own words" })
  @IsOptional()
  @IsString()
  channel?: string;
}

export class ChangesQuestion {
  @JSONSchema({
    description:
      'received: dossiers received from the first to the last day; processed: those whose state changed today, in the order of the ' +
      'registry (it tells of today only)',
  })
  @IsIn(['received', 'processed'])
  by: 'received' | 'processed';
  @JSONSchema({ description: 'First day, Vietnamese time' }) @IsFullDate() from: string;
  @JSONSchema({ description: `Last day, which counts; at most ${periodDaysMax} days in all` }) @IsFullDate() to: string;
  @JSONSchema({ description: 'With processed: from this time of today; 00:00 when left out' })
  @IsOptional()
  @Matches(clockTime)
  fromTime?: string;
  @JSONSchema({ description: 'With processed: until this time of today; 23:59 when left out' })
  @IsOptional()
  @Matches(clockTime)
  toTime?: string;
  @JSONSchema({ description: 'Most dossiers of one answer; 100 when left out' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(limitMax)
  limit?: number;
  @JSONSchema({ description: 'next of the answer before, with the same period' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  cursor?: string;
}

export class DossierChanges {
  @IsArray() @ValidateNested({ each: true }) @Type(() => RegistrationDossier) dossiers: RegistrationDossier[];
  @JSONSchema({ description: 'There is more: ask again with it as cursor. Missing when the list is at its end' })
  @IsOptional()
  @IsString()
  next?: string;
}
