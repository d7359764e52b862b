import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUrl,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import {
  applicantKinds,
  dossierStates,
  IsDateTime,
  IsDossierCode,
  IsIdentityNumber,
  IsProcedureCode,
  IsTaxCode,
  IsVietnamesePhone,
  type ApplicantKind,
  type DossierState,
} from '#lgsp/vietnam';

const partsMax = 50;
const partCode = /^[\w./-]{1,100}$/;
const statesDescription = 'One of the ten national states, 1 (registered) to 10 (returned)';
const previousDescription = 'The state that the dossier was in: the new one is refused when it may not follow';
export const proceduresPageMax = 500;

/** Where a file of the caller's own lies, for the portal to show. */
const isFileUrl = { require_tld: false, protocols: ['http', 'https'] };

export class PortalApplicant {
  @IsIn(applicantKinds) kind: ApplicantKind;
  @IsString() @Length(1, 200) name: string;
  @IsOptional() @IsIdentityNumber() identityNumber?: string;
  @JSONSchema({ description: 'Of a business' }) @IsOptional() @IsTaxCode() taxCode?: string;
  @IsOptional() @IsEmail() @MaxLength(100) email?: string;
  @IsOptional() @IsVietnamesePhone() phone?: string;
  @IsOptional() @IsVietnamesePhone() fax?: string;
}

/** Lĩnh vực. */
export class ProcedureField {
  @Matches(partCode) code: string;
  @IsString() @Length(1, 250) name: string;
}

export class HandedInPaper {
  @JSONSchema({ description: "The caller's own id of the file" }) @Matches(partCode) id: string;
  @IsString() @Length(1, 250) fileName: string;
  @IsUrl(isFileUrl) @MaxLength(2_000) url: string;
  @JSONSchema({ description: 'Code of the paper among those that the procedure asks for' })
  @IsOptional()
  @Matches(partCode)
  componentCode?: string;
  @IsOptional() @IsBoolean() deleted?: boolean;
}

export class PortalFee {
  @IsIn(['fee', 'charge']) kind: 'fee' | 'charge';
  @IsString() @Length(1, 250) name: string;
  @Matches(partCode) code: string;
  @JSONSchema({ description: 'In whole đồng' }) @IsInt() @Min(0) @Max(1_000_000_000) amount: number;
  @IsIn(['on-receipt', 'on-supplement', 'on-return']) collected: 'on-receipt' | 'on-supplement' | 'on-return';
}

export class OtherPaper {
  @IsString() @Length(1, 250) name: string;
  @IsInt() @Min(1) @Max(1_000) count: number;
  @IsIn(['original', 'copy', 'electronic']) form: 'original' | 'copy' | 'electronic';
}

/** One round of asking for further papers. */
export class SupplementRound {
  @Matches(partCode) id: string;
  @IsString() @Length(1, 100) askedBy: string;
  @IsString() @Length(1, 1_000) content: string;
  @IsDateTime() askedAt: string;
  @IsOptional() @IsString() @Length(1, 100) receivedBy?: string;
  @IsOptional() @IsDateTime() receivedAt?: string;
  @IsOptional() @IsDateTime() dueBefore?: string;
  @IsOptional() @IsDateTime() dueAfter?: string;
}

export class ResultPaper {
  @IsString() @Length(1, 250) name: string;
  @Matches(partCode) id: string;
  @IsOptional() @Matches(partCode) componentCode?: string;
  @IsUrl(isFileUrl) @MaxLength(2_000) url: string;
}

/** The whole dossier as it is, under the code and procedure of the call's context. */
export class PortalDossier {
  @IsString() @Length(1, 500) procedureName: string;
  @IsObject() @ValidateNested() @Type(() => ProcedureField) field: ProcedureField;
  @IsObject() @ValidateNested() @Type(() => PortalApplicant) applicant: PortalApplicant;
  @JSONSchema({ description: 'What it is about (trích yếu)' }) @IsString() @Length(1, 1_000) summary: string;
  @JSONSchema({ description: statesDescription }) @IsIn(dossierStates) state: DossierState;
  @JSONSchema({ description: previousDescription }) @IsOptional() @IsIn(dossierStates) previousState?: DossierState;
  @IsDateTime() receivedAt: string;
  @IsDateTime() dueAt: string;
  @IsOptional() @IsDateTime() finishedAt?: string;
  @IsOptional() @IsDateTime() returnedAt?: string;
  @IsOptional() @IsString() @Length(1, 500) returnNote?: string;
  @JSONSchema({ description: 'How the citizen gets the result' })
  @IsIn(['at-counter', 'by-post'])
  resultBy: 'at-counter' | 'by-post';
  @IsString() @Length(1, 250) processingUnit: string;
  @IsOptional() @IsString() @Length(1, 1_000) note?: string;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(partsMax)
  @ValidateNested({ each: true })
  @Type(() => HandedInPaper)
  papers?: HandedInPaper[];

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(partsMax)
  @ValidateNested({ each: true })
  @Type(() => PortalFee)
  fees?: PortalFee[];

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(partsMax)
  @ValidateNested({ each: true })
  @Type(() => OtherPaper)
  otherPapers?: OtherPaper[];

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(partsMax)
  @ValidateNested({ each: true })
  @Type(() => SupplementRound)
  supplements?: SupplementRound[];

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(partsMax)
  @ValidateNested({ each: true })
  @Type(() => ResultPaper)
  results?: ResultPaper[];
}

export class SyncedDossier {
  @IsDossierCode() dossier: string;
  @IsIn(dossierStates) state: DossierState;
  @JSONSchema({ description: 'Missing when it was found there again after an unknown outcome' })
  @IsOptional()
  @IsIn(['created', 'updated'])
  change?: 'created' | 'updated';
}

/** One step in the work on a dossier, as the citizen reads it. */
export class Progress {
  @IsDossierCode() dossier: string;
  @JSONSchema({ description: statesDescription }) @IsIn(dossierStates) state: DossierState;
  @JSONSchema({ description: previousDescription }) @IsOptional() @IsIn(dossierStates) previousState?: DossierState;
  @JSONSchema({
    description: 'When the officer acted. With dossier, state and officer it names the step: keep it when you repeat',
  })
  @IsDateTime()
  processedAt: string;
  @JSONSchema({ description: 'As the citizen reads it; the acting officer’s account when left out' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  officerName?: string;
  @IsOptional() @IsString() @Length(1, 100) title?: string;
  @IsOptional() @IsString() @Length(1, 250) department?: string;
  @IsString() @Length(1, 1_000) content: string;
  @IsOptional() @IsDateTime() startedAt?: string;
  @IsOptional() @IsDateTime() dueAt?: string;
}

export class TakenProgress {
  @IsDossierCode() dossier: string;
  @IsIn(dossierStates) state: DossierState;
  @IsDateTime() processedAt: string;
}

export class DossierQuestion {
  @IsDossierCode() dossier: string;
}

export class ProgressStep {
  @IsIn(dossierStates) state: DossierState;
  @IsDateTime() processedAt: string;
  @IsOptional() @IsString() officerName?: string;
  @IsOptional() @IsString() department?: string;
  @IsOptional() @IsString() content?: string;
}

export class FoundDossier {
  @IsDossierCode() dossier: string;
  @IsIn(dossierStates) state: DossierState;
  @JSONSchema({ description: 'Of the state, in Vietnamese' }) @IsString() stateName: string;
  @IsOptional() @IsProcedureCode() procedure?: string;
  @IsOptional() @IsString() procedureName?: string;
  @IsOptional() @IsIn(applicantKinds) applicantKind?: ApplicantKind;
  @IsOptional() @IsString() applicantName?: string;
  @IsOptional() @IsDateTime() receivedAt?: string;
  @IsOptional() @IsDateTime() dueAt?: string;

  @JSONSchema({ description: 'Oldest first' })
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ProgressStep)
  progress: ProgressStep[];

  @JSONSchema({
    description: 'duplicate-records: the portal has the dossier more than once; this is the latest of them',
  })
  @IsArray()
  @IsIn(['duplicate-records'], { each: true })
  warnings: 'duplicate-records'[];
}

export class ProceduresQuestion {
  @JSONSchema({ description: 'Part of the code or of the name, in any case' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  contains?: string;
  @JSONSchema({ description: '0 when left out' }) @IsOptional() @IsInt() @Min(0) @Max(1_000_000) offset?: number;
  @JSONSchema({ description: '100 when left out' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(proceduresPageMax)
  limit?: number;
}

export class ListedProcedure {
  @IsString() code: string;
  @IsString() name: string;
}

export class Procedures {
  @JSONSchema({ description: 'How many there are in all, of those that were asked for' }) @IsInt() total: number;
  @IsArray() @ValidateNested({ each: true }) @Type(() => ListedProcedure) procedures: ListedProcedure[];
}
