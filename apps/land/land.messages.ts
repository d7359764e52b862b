import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBase64,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsNumber,
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
  IsCommuneCode,
  IsDateTime,
  IsDossierCode,
  IsIdentityNumber,
  IsTaxCode,
  IsVietnamesePhone,
} from '#lgsp/vietnam';

export const landStates = [
  'received', 'processing', 'supplement-required', 'tax-due', 'completed', 'returned',
] as const; // oxfmt-ignore
export type LandState = (typeof landStates)[number];
export const legalStatuses = ['certified', 'uncertified', 'disputed', 'restricted'] as const;
export type LegalStatus = (typeof legalStatuses)[number];

/** Of a map sheet or a parcel within it; older maps have letters and dashes. */
const cadastralNumber = /^[0-9A-Za-z][0-9A-Za-z./-]{0,19}$/;
const sha256 = /^[0-9a-f]{64}$/;
export const attachmentsMax = 20;
/** Longest base64 text of one attachment; larger files go by link. */
const contentCharsMax = 4_000_000;

/** A paper of the dossier: its file as base64, or a link to it. */
export class LandAttachment {
  @IsString() @Length(1, 250) name: string;
  @Matches(/^[^/\\:*?"<>|]{1,200}$/) fileName: string;
  @JSONSchema({ description: 'Originals that were handed in' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(100)
  originals?: number;
  @JSONSchema({ description: 'Copies that were handed in' }) @IsOptional() @IsInt() @Min(0) @Max(100) copies?: number;

  @JSONSchema({ description: 'The file in base64; either this or link' })
  @IsOptional()
  @IsBase64()
  @MaxLength(contentCharsMax)
  content?: string;

  @JSONSchema({
    description: 'Where the file lies, on an origin that the operator has allowed; either this or content',
  })
  @IsOptional()
  @IsUrl({ require_tld: false, protocols: ['http', 'https'] })
  @MaxLength(2_000)
  link?: string;

  @JSONSchema({
    description: 'SHA-256 of the file, lower-case hexadecimal; needed with link, checked wherever it is given',
  })
  @IsOptional()
  @Matches(sha256)
  sha256?: string;
}

export class LandApplicant {
  @JSONSchema({ description: 'A person or an organisation' }) @IsString() @Length(1, 200) name: string;
  @IsOptional() @IsIdentityNumber() identityNumber?: string;
  @JSONSchema({ description: 'Of an organisation' }) @IsOptional() @IsTaxCode() taxCode?: string;
  @IsOptional() @IsString() @Length(1, 250) address?: string;
  @IsOptional() @IsVietnamesePhone() phone?: string;
  @IsOptional() @IsEmail() @MaxLength(100) email?: string;
}

export class LandProcess {
  @JSONSchema({ description: "The land system's own code of the process (mã quy trình)" })
  @Matches(/^[\w.-]{1,50}$/)
  code: string;
  @IsString() @Length(1, 500) name: string;
}

export class DossierParcel {
  @Matches(cadastralNumber) mapSheetNumber: string;
  @Matches(cadastralNumber) parcelNumber: string;
  @IsOptional() @IsNumber({ maxDecimalPlaces: 2 }) @Min(0) @Max(1_000_000_000) areaSquareMetres?: number;
  @IsOptional() @IsString() @Length(1, 250) address?: string;
}

/** A dossier under the code of the call's context, which becomes its receipt number there. */
export class NewLandDossier {
  @JSONSchema({ description: 'Who decides it: an office of the province, or the commune' })
  @IsIn(['province', 'commune'])
  level: 'province' | 'commune';

  @JSONSchema({ description: 'Where the land lies' }) @IsCommuneCode() communeCode: string;
  @IsObject() @ValidateNested() @Type(() => LandProcess) process: LandProcess;
  @IsDateTime() receivedAt: string;
  @IsDateTime() dueAt: string;
  @IsObject() @ValidateNested() @Type(() => LandApplicant) applicant: LandApplicant;
  @IsOptional() @IsString() @Length(1, 250) assetAddress?: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => DossierParcel)
  parcels: DossierParcel[];

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(attachmentsMax)
  @ValidateNested({ each: true })
  @Type(() => LandAttachment)
  attachments?: LandAttachment[];
}

/** A file as it was sent. */
export class SentAttachment {
  @IsString() fileName: string;
  @IsInt() sizeBytes: number;
  @Matches(sha256) sha256: string;
}

export class LandDossier {
  @JSONSchema({ description: 'The code of the dossier at the land system (số biên nhận)' })
  @IsDossierCode()
  receiptNumber: string;

  @IsIn(landStates) state: LandState;

  @JSONSchema({ description: 'What was sent by this call, so that the caller can compare' })
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => SentAttachment)
  attachments?: SentAttachment[];
}

export class LandDossierReceipt extends LandDossier {
  @JSONSchema({
    description: 'true: the land system had a dossier by this code already, and has kept that one as it is',
  })
  @IsOptional()
  @IsBoolean()
  alreadyThere?: boolean;
}

/** What all commands about a dossier that was handed in have. */
export class LandDossierNote {
  @JSONSchema({ description: 'As submit-dossier answered it' }) @IsDossierCode() receiptNumber: string;
}

export class Supplement extends LandDossierNote {
  @IsDateTime() newDueAt: string;
  @IsOptional() @IsString() @Length(1, 900) note?: string;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(attachmentsMax)
  @ValidateNested({ each: true })
  @Type(() => LandAttachment)
  attachments?: LandAttachment[];
}

export class ReturnedResult extends LandDossierNote {
  @JSONSchema({ description: 'When the citizen was given the result' }) @IsDateTime() returnedAt: string;
}

export class FaultyResult extends LandDossierNote {
  @JSONSchema({ description: 'What is wrong with the result' }) @IsString() @Length(1, 900) reason: string;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(attachmentsMax)
  @ValidateNested({ each: true })
  @Type(() => LandAttachment)
  attachments?: LandAttachment[];
}

export class ParcelQuestion {
  @IsCommuneCode() communeCode: string;
  @Matches(cadastralNumber) mapSheetNumber: string;
  @Matches(cadastralNumber) parcelNumber: string;
}

export class LandType {
  @JSONSchema({ description: 'Code of the land classification, such as ODT (urban residential land)' })
  @IsString()
  code: string;
  @IsOptional() @IsString() name?: string;
  @IsOptional() @IsNumber() areaSquareMetres?: number;
}

export class Parcel extends ParcelQuestion {
  @IsNumber() areaSquareMetres: number;
  @IsOptional() @IsString() address?: string;

  @JSONSchema({ description: 'A parcel may be of several, each with its share of the area' })
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => LandType)
  landTypes: LandType[];

  @JSONSchema({
    description:
      'certified: a certificate of land use was issued; uncertified: none was; disputed; restricted: transactions are barred. ' +
      'Missing when the land system gave a code that is not known here',
  })
  @IsOptional()
  @IsIn(legalStatuses)
  legalStatus?: LegalStatus;

  @JSONSchema({ description: "The land system's own code of the legal status" })
  @IsOptional()
  @IsString()
  legalStatusCode?: string;
}
