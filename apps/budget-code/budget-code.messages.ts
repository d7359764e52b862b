import { Type } from 'class-transformer';
import {
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
  ValidateNested,
} from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { IsCommuneCode, IsFullDate, IsPersonName, IsProvinceCode, IsTaxCode, IsVietnamesePhone } from '#lgsp/vietnam';

export const unitStates = ['active', 'closed'] as const;
export type UnitState = (typeof unitStates)[number];
export const unitKinds = ['estimate-unit', 'other-unit', 'investment-project'] as const;
export type UnitKind = (typeof unitKinds)[number];
export const requestStates = ['received', 'verifying', 'needs-supplement', 'issued', 'refused'] as const;
export type RequestState = (typeof requestStates)[number];
export const successionWarnings = [
  'no-successor',
  'successor-missing',
  'successor-cycle',
  'succession-too-long',
] as const;
export type SuccessionWarning = (typeof successionWarnings)[number];

export const unitsMax = 100;
/** Any number of digits that is conceivable; the register's own is configured. */
const unitCode = /^[0-9]{5,12}$/;
const chapterCode = /^[0-9]{3}$/;
const reference = /^[A-Za-z0-9][A-Za-z0-9._/-]{5,99}$/;

export class UnitQuestion {
  @IsIn(['code', 'name']) by: 'code' | 'name';
  @JSONSchema({ description: 'The budget-relation code, or a part of the name of the unit' })
  @IsString()
  @Length(2, 200)
  value: string;
  @JSONSchema({
    description:
      'With a code: where it is closed, tells the unit that has taken its place, over as many mergers as there were',
  })
  @IsOptional()
  @IsBoolean()
  followSuccessor?: boolean;
  @JSONSchema({ description: 'With a name: most units of the answer; 20 when left out' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(unitsMax)
  limit?: number;
}

/** A unit with a budget-relation code (đơn vị có quan hệ với ngân sách): one code for life, never given out again. */
export class BudgetUnit {
  @Matches(unitCode) code: string;
  @IsString() name: string;
  @JSONSchema({ description: 'closed: merged into its successor, or dissolved' }) @IsIn(unitStates) state: UnitState;
  @JSONSchema({ description: 'Missing when the register gave a kind that is not known here' })
  @IsOptional()
  @IsIn(unitKinds)
  kind?: UnitKind;
  @JSONSchema({ description: "The register's own code" }) @IsOptional() @IsString() kindCode?: string;
  @JSONSchema({ description: 'Budget chapter (mã chương)' }) @IsOptional() @IsString() chapterCode?: string;
  @JSONSchema({ description: 'Code of the unit above it' }) @IsOptional() @IsString() parentCode?: string;
  @IsOptional() @IsString() taxCode?: string;
  @IsOptional() @IsString() address?: string;
  @IsOptional() @IsFullDate() issuedOn?: string;
  @IsOptional() @IsFullDate() closedOn?: string;
  @JSONSchema({ description: 'Code of the unit into which a closed one was merged' })
  @IsOptional()
  @IsString()
  successorCode?: string;
}

export class UnitAnswer {
  @IsArray() @ValidateNested({ each: true }) @Type(() => BudgetUnit) units: BudgetUnit[];
  @JSONSchema({ description: 'There are others by this name: ask more exactly' }) @IsBoolean() more: boolean;
  @JSONSchema({ description: 'The active unit at the end of the succession' })
  @IsOptional()
  @ValidateNested()
  @Type(() => BudgetUnit)
  current?: BudgetUnit;
  @JSONSchema({ description: 'The codes that were followed, in their order' })
  @IsOptional()
  @IsString({ each: true })
  succession?: string[];
  @JSONSchema({
    description:
      'Why there is no current unit. no-successor: dissolved; successor-missing, successor-cycle: the register contradicts itself',
  })
  @IsOptional()
  @IsIn(successionWarnings)
  warning?: SuccessionWarning;
}

export class UnitAddress {
  @JSONSchema({ description: 'House and street' }) @IsString() @Length(1, 250) detail: string;
  @IsProvinceCode() provinceCode: string;
  @IsCommuneCode() communeCode: string;
}

export class FoundingDecision {
  @IsString() @Length(1, 50) number: string;
  @IsFullDate() date: string;
  @IsString() @Length(1, 200) issuedBy: string;
}

export class ContactPerson {
  @IsPersonName() name: string;
  @IsVietnamesePhone() phone: string;
  @IsOptional() @IsEmail() @MaxLength(100) email?: string;
}

/** As form 01-MSNS-BTC of Circular 185/2015/TT-BTC asks it, for the dossier and agency of the call's context. */
export class UnitCodeRequest {
  @IsString() @Length(1, 250) name: string;
  @JSONSchema({ description: 'đơn vị dự toán, đơn vị khác có quan hệ với ngân sách, dự án đầu tư' })
  @IsIn(unitKinds)
  kind: UnitKind;
  @JSONSchema({ description: 'Budget chapter (mã chương), 3 digits' }) @Matches(chapterCode) chapterCode: string;
  @JSONSchema({ description: 'Code of the unit above it' }) @IsOptional() @Matches(unitCode) parentCode?: string;
  @JSONSchema({ description: 'Code of the unit from which it was split off' })
  @IsOptional()
  @Matches(unitCode)
  splitFrom?: string;
  @IsOptional() @IsTaxCode() taxCode?: string;
  @IsObject() @ValidateNested() @Type(() => UnitAddress) address: UnitAddress;
  @JSONSchema({ description: 'By which the unit was founded' })
  @IsObject()
  @ValidateNested()
  @Type(() => FoundingDecision)
  decision: FoundingDecision;
  @IsObject() @ValidateNested() @Type(() => ContactPerson) contact: ContactPerson;
}

export class RequestReceipt {
  @JSONSchema({ description: 'The dossier code and a part made of the idempotency key' })
  @Matches(reference)
  reference: string;
  @IsIn(requestStates) state: RequestState;
}

export class RequestQuestion {
  @JSONSchema({ description: 'As request-unit-code answered it' }) @Matches(reference) reference: string;
}

export class RequestStatus extends RequestReceipt {
  @JSONSchema({ description: 'Once it is issued' }) @IsOptional() @Matches(unitCode) unitCode?: string;
  @IsOptional() @IsFullDate() issuedOn?: string;
  @JSONSchema({ description: 'ISO 8601' }) @IsOptional() @IsString() updatedAt?: string;
  @JSONSchema({ description: "The register's own words" }) @IsOptional() @IsString() note?: string;
}
