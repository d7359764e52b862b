import { Type } from 'class-transformer';
import { IsArray, IsIn, IsObject, IsOptional, IsString, Length, Matches, ValidateNested } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import {
  IsCommuneCode,
  IsDossierCode,
  IsFullDate,
  IsIdentityNumber,
  IsPartialDate,
  IsPersonalId,
  IsPersonName,
  IsProvinceCode,
  IsVietnamesePhone,
} from '#lgsp/vietnam';

export const sexes = ['male', 'female', 'other'] as const;
export type Sex = (typeof sexes)[number];
export const cardStates = ['received', 'processing', 'issued', 'needs-supplement', 'refused', 'cancelled'] as const;
export type CardState = (typeof cardStates)[number];

/** Social insurance number (mã số BHXH), the same on the health-insurance card: 10 digits for life. */
const insuranceNumber = /^[0-9]{10}$/;
const reference = /^[A-Za-z0-9][A-Za-z0-9._/-]{5,99}$/;

export class Place {
  @IsProvinceCode() provinceCode: string;
  @JSONSchema({ description: 'Of the two-tier catalogue since 1/7/2025' }) @IsCommuneCode() communeCode: string;
  @JSONSchema({ description: 'House and street' }) @IsOptional() @IsString() @Length(1, 250) detail?: string;
}

export class InsuredPersonQuestion {
  @IsPersonName() fullName: string;
  @IsPartialDate() birthDate: string;
  @IsIn(sexes) sex: Sex;
  @IsOptional() @IsIdentityNumber() identityNumber?: string;
  @IsOptional() @ValidateNested() @Type(() => Place) place?: Place;
  @JSONSchema({
    description: 'What the place is: where the birth was registered, or where the person lives (when left out)',
  })
  @IsOptional()
  @IsIn(['birth-registration', 'residence'])
  placeIs?: 'birth-registration' | 'residence';
}

export class InsuredPerson {
  @Matches(insuranceNumber) insuranceNumber: string;
  @IsString() fullName: string;
  @IsOptional() @IsPartialDate() birthDate?: string;
  @IsOptional() @IsIn(sexes) sex?: Sex;
  @JSONSchema({ description: 'Code of the household (mã hộ gia đình)' })
  @IsOptional()
  @IsString()
  householdCode?: string;
}

export class InsuredPeople {
  @JSONSchema({ description: 'All who fit; several people may share name and birth date' })
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => InsuredPerson)
  people: InsuredPerson[];
}

export class HouseholdQuestion {
  @IsIn(['insurance-number', 'household-code']) by: 'insurance-number' | 'household-code';
  @JSONSchema({ description: 'The insurance number of any member, or the code of the household (mã hộ gia đình)' })
  @Matches(/^[0-9A-Z]{6,20}$/)
  value: string;
}

export class HouseholdMember {
  @JSONSchema({ description: 'Missing for a member who was never insured' })
  @IsOptional()
  @Matches(insuranceNumber)
  insuranceNumber?: string;
  @IsString() fullName: string;
  @IsOptional() @IsPartialDate() birthDate?: string;
  @IsOptional() @IsIn(sexes) sex?: Sex;
  @JSONSchema({ description: 'To the head of the household, in the words of the system' })
  @IsOptional()
  @IsString()
  relation?: string;
}

export class Household {
  @IsString() householdCode: string;
  @IsOptional() @IsString() head?: string;
  @IsOptional() @IsString() address?: string;
  @IsArray() @ValidateNested({ each: true }) @Type(() => HouseholdMember) members: HouseholdMember[];
}

export class InsuredChild {
  @IsPersonName() fullName: string;
  @IsIn(['male', 'female']) sex: 'male' | 'female';
  @JSONSchema({ description: 'Of a child under 6' }) @IsFullDate() birthDate: string;
  @JSONSchema({ description: 'As the civil registry has given it' }) @IsOptional() @IsPersonalId() personalId?: string;
  @JSONSchema({ description: 'Day on which the birth was registered' })
  @IsOptional()
  @IsFullDate()
  registeredOn?: string;
}

export class Guardian {
  @IsPersonName() fullName: string;
  @IsIdentityNumber() identityNumber: string;
  @JSONSchema({ description: 'To the child' }) @IsOptional() @IsString() @Length(1, 100) relation?: string;
  @IsOptional() @IsVietnamesePhone() phone?: string;
}

/** What is asked for a child under 6, for the dossier and agency of the call's context. */
export class ChildCardRequest {
  @JSONSchema({ description: 'Code of the same dossier in the inter-agency service (mã hồ sơ liên thông)' })
  @IsOptional()
  @IsDossierCode()
  interAgencyDossier?: string;
  @IsObject() @ValidateNested() @Type(() => InsuredChild) child: InsuredChild;
  @IsObject() @ValidateNested() @Type(() => Guardian) guardian: Guardian;
  @JSONSchema({ description: 'Where the child lives' }) @IsObject() @ValidateNested() @Type(() => Place) address: Place;
  @JSONSchema({
    description: 'Where the child is treated first (nơi đăng ký khám chữa bệnh ban đầu): province and number, 5 digits',
  })
  @IsOptional()
  @Matches(/^[0-9]{5}$/)
  clinicCode?: string;
}

export class CardReceipt {
  @JSONSchema({ description: 'The dossier code and a part made of the idempotency key' })
  @Matches(reference)
  reference: string;
  @IsIn(cardStates) state: CardState;
}

export class CardQuestion {
  @JSONSchema({ description: 'As issue-child-card answered it' }) @Matches(reference) reference: string;
}

export class CardCancellation extends CardQuestion {
  @JSONSchema({ description: 'For the file of the card; no personal data' }) @IsString() @Length(1, 250) reason: string;
}

export class CardStatus extends CardReceipt {
  @JSONSchema({ description: 'Once it is issued' }) @IsOptional() @Matches(insuranceNumber) insuranceNumber?: string;
  @JSONSchema({ description: 'Once it is issued: 15 characters, the last 10 are the insurance number' })
  @IsOptional()
  @Matches(/^[A-Z]{2}[0-9]{13}$/)
  cardNumber?: string;
  @IsOptional() @IsFullDate() validFrom?: string;
  @IsOptional() @IsFullDate() validTo?: string;
  @JSONSchema({ description: 'ISO 8601' }) @IsOptional() @IsString() updatedAt?: string;
  @JSONSchema({ description: "The system's own words" }) @IsOptional() @IsString() note?: string;
}
