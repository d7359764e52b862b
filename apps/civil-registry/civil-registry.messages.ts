import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBase64,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import {
  IsCommuneCode,
  IsDossierCode,
  IsFullDate,
  IsIdentityNumber,
  IsPartialDate,
  IsPersonName,
  IsProvinceCode,
  IsVietnamesePhone,
} from '#lgsp/vietnam';

export const registers = ['birth', 'marriage', 'death', 'marital-status'] as const;
export type Register = (typeof registers)[number];
export const dossierStates = ['waiting', 'needs-supplement', 'processing', 'eligible', 'completed', 'refused'] as const;
export type DossierState = (typeof dossierStates)[number];
export const catalogues = ['nationalities', 'countries', 'ethnic-groups', 'provinces', 'identity-documents'] as const;
export type CatalogueName = (typeof catalogues)[number];

/** Most attachments of a dossier, and longest base64 text of one: some 1.5 MB of file. */
export const attachmentsMax = 10;
export const attachmentCharsMax = 2_000_000;
const code = /^[0-9A-Z]{1,10}$/;
const time = /^([01]\d|2[0-3]):[0-5]\d$/;

export class RegistryAddress {
  @IsProvinceCode() provinceCode: string;
  @JSONSchema({ description: 'Of the two-tier catalogue since 1/7/2025' }) @IsCommuneCode() communeCode: string;
  @IsString() @Length(1, 250) detail: string;
}

export class RegistryPerson {
  @IsPersonName() fullName: string;
  @IsOptional() @IsPartialDate() birthDate?: string;
  @IsOptional() @IsIdentityNumber() identityNumber?: string;
  @JSONSchema({ description: 'Code of the catalogue ethnic-groups' }) @IsOptional() @Matches(code) ethnicGroup?: string;
  @JSONSchema({ description: 'Code of the catalogue nationalities; VN when left out' })
  @IsOptional()
  @Matches(code)
  nationality?: string;
  @IsOptional() @ValidateNested() @Type(() => RegistryAddress) address?: RegistryAddress;
}

export class Requester {
  @IsPersonName() fullName: string;
  @IsIdentityNumber() identityNumber: string;
  @JSONSchema({ description: 'To the person whom the registration is about' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  relation?: string;
  @IsOptional() @IsVietnamesePhone() phone?: string;
}

export class Attachment {
  @JSONSchema({ description: "Code of the kind of paper, in the registry's own list" }) @Matches(code) kind: string;
  @IsString() @Length(1, 200) name: string;
  @Matches(/^[^/\\:*?"<>|]{1,200}$/) fileName: string;
  @IsBase64() @MaxLength(attachmentCharsMax) content: string;
}

/** What every dossier for the registry has. */
export class RegistryDossier {
  @JSONSchema({ description: 'Code of the same dossier in the inter-agency service (mã hồ sơ liên thông)' })
  @IsOptional()
  @IsDossierCode()
  interAgencyDossier?: string;
  @IsObject() @ValidateNested() @Type(() => Requester) requester: Requester;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(attachmentsMax)
  @ValidateNested({ each: true })
  @Type(() => Attachment)
  attachments?: Attachment[];
}

export class NewbornChild {
  @IsPersonName() fullName: string;
  @IsIn(['male', 'female']) sex: 'male' | 'female';
  @IsFullDate() birthDate: string;
  @IsOptional() @Matches(time) birthTime?: string;
  @IsString() @Length(1, 250) birthPlace: string;
  @Matches(code) ethnicGroup: string;
  @IsOptional() @Matches(code) nationality?: string;
  @JSONSchema({ description: 'Number of the certificate of birth that the hospital gave (giấy chứng sinh)' })
  @IsOptional()
  @IsString()
  @Length(1, 30)
  birthNoticeNumber?: string;
}

export class BirthRegistration extends RegistryDossier {
  @IsObject() @ValidateNested() @Type(() => NewbornChild) child: NewbornChild;
  @IsOptional() @ValidateNested() @Type(() => RegistryPerson) father?: RegistryPerson;
  @IsOptional() @ValidateNested() @Type(() => RegistryPerson) mother?: RegistryPerson;
}

export class MarriageRegistration extends RegistryDossier {
  @IsObject() @ValidateNested() @Type(() => RegistryPerson) husband: RegistryPerson;
  @IsObject() @ValidateNested() @Type(() => RegistryPerson) wife: RegistryPerson;
}

export class Death {
  @IsPartialDate() date: string;
  @IsOptional() @Matches(time) time?: string;
  @IsString() @Length(1, 250) place: string;
  @IsOptional() @IsString() @Length(1, 250) cause?: string;
  @JSONSchema({ description: 'Number of the notice of death (giấy báo tử)' })
  @IsOptional()
  @IsString()
  @Length(1, 30)
  noticeNumber?: string;
}

export class DeathRegistration extends RegistryDossier {
  @IsObject() @ValidateNested() @Type(() => RegistryPerson) deceased: RegistryPerson;
  @IsObject() @ValidateNested() @Type(() => Death) death: Death;
}

export class MaritalStatusRequest extends RegistryDossier {
  @IsObject() @ValidateNested() @Type(() => RegistryPerson) person: RegistryPerson;
  @IsString() @Length(1, 250) purpose: string;
  @IsOptional() @IsFullDate() residedFrom?: string;
  @IsOptional() @IsFullDate() residedTo?: string;
}

export class DossierReceipt {
  @IsString() dossier: string;
  @IsIn(dossierStates) state: DossierState;
}

export class DossierQuestion {
  @JSONSchema({ description: 'In which register the dossier is' }) @IsIn(registers) register: Register;
  @JSONSchema({ description: "The one-stop software's code (mã hồ sơ một cửa)" }) @IsDossierCode() dossier: string;
}

export class RegistryDocument {
  @IsString() name: string;
  @IsString() mediaType: string;
  @JSONSchema({ description: 'Base64' }) @IsString() content: string;
}

export class DossierStatus extends DossierReceipt {
  @IsOptional() @IsString() interAgencyDossier?: string;
  @JSONSchema({ description: 'ISO 8601' }) @IsOptional() @IsString() updatedAt?: string;
  @JSONSchema({ description: "The registry's own words" }) @IsOptional() @IsString() note?: string;
  @IsOptional() @IsFullDate() supplementDueOn?: string;
  @IsOptional() @IsFullDate() registeredOn?: string;
  @JSONSchema({ description: 'Given to a newborn child' }) @IsOptional() @IsString() personalId?: string;
  @IsArray() @ValidateNested({ each: true }) @Type(() => RegistryDocument) documents: RegistryDocument[];
}

export class CatalogueQuestion {
  @IsIn(catalogues) catalogue: CatalogueName;
}

export class CatalogueItem {
  @IsString() code: string;
  @IsString() name: string;
}

export class Catalogue {
  @IsIn(catalogues) catalogue: CatalogueName;
  @IsArray() @ValidateNested({ each: true }) @Type(() => CatalogueItem) items: CatalogueItem[];
}
