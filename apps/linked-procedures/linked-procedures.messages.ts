import { Type } from 'class-transformer';
import {
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { procedureStates, stepStates, type ProcedureState, type StepState } from '#lgsp/procedures';
import {
  IsCommuneCode,
  IsDossierCode,
  IsIdentityNumber,
  IsPersonName,
  IsProvinceCode,
  IsVietnamesePhone,
} from '#lgsp/vietnam';

export class CardGuardian {
  @IsPersonName() fullName: string;
  @IsIdentityNumber() identityNumber: string;
  @JSONSchema({ description: 'To the child' }) @IsOptional() @IsString() @Length(1, 100) relation?: string;
  @IsOptional() @IsVietnamesePhone() phone?: string;
}

export class CardAddress {
  @IsProvinceCode() provinceCode: string;
  @IsCommuneCode() communeCode: string;
  @JSONSchema({ description: 'House and street' }) @IsOptional() @IsString() @Length(1, 250) detail?: string;
}

/** What the card needs beside what the birth registration holds and gives. */
export class CardPart {
  @JSONSchema({ description: 'Who answers for the child; the requester of the birth registration when left out' })
  @IsOptional()
  @ValidateNested()
  @Type(() => CardGuardian)
  guardian?: CardGuardian;
  @JSONSchema({ description: 'Where the child lives' })
  @IsObject()
  @ValidateNested()
  @Type(() => CardAddress)
  address: CardAddress;
  @JSONSchema({ description: 'Where the child is treated first (nơi đăng ký khám chữa bệnh ban đầu), 5 digits' })
  @IsOptional()
  @Matches(/^[0-9]{5}$/)
  clinicCode?: string;
}

export class BirthWithCard {
  @JSONSchema({ description: 'As civil-registry.register-birth takes it; what is wrong in it is told under /birth' })
  @IsObject()
  birth: Record<string, unknown>;
  @IsObject() @ValidateNested() @Type(() => CardPart) card: CardPart;
}

export class ProcedureReceipt {
  @JSONSchema({ description: 'Id of the linked procedure: that of the transaction by which it was begun' })
  @IsUUID()
  procedure: string;
  @IsString() dossier: string;
  @JSONSchema({ description: 'failed and giving-up: an operator looks after it' })
  @IsIn(procedureStates)
  state: ProcedureState;
}

export class ProcedureQuestion {
  @JSONSchema({ description: 'Either code of the dossier: of the one-stop software, or of the inter-agency service' })
  @IsDossierCode()
  dossier: string;
}

export class ProcedureStep {
  @IsString() step: string;
  @JSONSchema({ description: 'What is called: civil-registry.register-birth' }) @IsString() operation: string;
  @IsIn(stepStates) state: StepState;
  @JSONSchema({ description: 'The transaction that the step is' }) @IsOptional() @IsUUID() transactionId?: string;
  @IsInt() attempts: number;
  @JSONSchema({ description: 'ISO 8601' }) @IsOptional() @IsString() startedAt?: string;
  @JSONSchema({ description: 'ISO 8601' }) @IsOptional() @IsString() endedAt?: string;
  @JSONSchema({ description: 'What the outside system last said of its own work' })
  @IsOptional()
  @IsString()
  upstreamState?: string;
  @JSONSchema({ description: 'What was last met, a code of the table of errors' })
  @IsOptional()
  @IsString()
  code?: string;
  @IsOptional() @IsString() upstreamCode?: string;
}

/** What came of it, as far as it has come. */
export class BirthWithCardResult {
  @JSONSchema({ description: 'Personal identification number of the child' })
  @IsOptional()
  @IsString()
  personalId?: string;
  @IsOptional() @IsString() registeredOn?: string;
  @JSONSchema({ description: 'By which health-insurance knows the request for the card' })
  @IsOptional()
  @IsString()
  cardReference?: string;
  @IsOptional() @IsString() cardNumber?: string;
  @IsOptional() @IsString() insuranceNumber?: string;
  @IsOptional() @IsString() cardValidFrom?: string;
  @IsOptional() @IsString() cardValidTo?: string;
}

export class ProcedureStatus extends ProcedureReceipt {
  @IsOptional() @IsString() linkedDossier?: string;
  @JSONSchema({ description: 'ISO 8601' }) @IsString() acceptedAt: string;
  @JSONSchema({ description: 'ISO 8601' }) @IsOptional() @IsString() endedAt?: string;
  @JSONSchema({ description: 'What it means that it stopped, and what stands nevertheless' })
  @IsOptional()
  @IsString()
  note?: string;
  @IsArray() @ValidateNested({ each: true }) @Type(() => ProcedureStep) steps: ProcedureStep[];
  @IsObject() @ValidateNested() @Type(() => BirthWithCardResult) result: BirthWithCardResult;
}

export class ProcedureAnswer {
  @JSONSchema({ description: 'Absent when none was begun for this dossier' })
  @IsOptional()
  @ValidateNested()
  @Type(() => ProcedureStatus)
  procedure?: ProcedureStatus;
}
