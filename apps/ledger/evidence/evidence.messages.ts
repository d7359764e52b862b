import { ArrayMaxSize, IsArray, IsInt, IsOptional, IsString, IsUUID, MaxLength, Min } from 'class-validator';
import {
  evidenceKeysMax,
  type ClosingRequest,
  type EvidenceKeysRequest,
  type EvidenceRequest,
  type SealsRequest,
} from '#lgsp/records';
import { IsFullDate } from '#lgsp/vietnam';

const idLengthMax = 100;

export class ReceiptQuestion {
  @IsUUID(7) id!: string;
  @IsOptional() @IsString() @MaxLength(idLengthMax) client?: string;
}

export class EvidenceQuestion implements EvidenceRequest {
  @IsOptional() @IsFullDate() from?: string;
  @IsOptional() @IsFullDate() to?: string;
  @IsOptional() @IsInt() @Min(0) after?: number;
  @IsOptional() @IsInt() @Min(0) through?: number;
}

export class ClosingQuestion implements ClosingRequest {
  @IsFullDate() from!: string;
  @IsFullDate() to!: string;
  @IsInt() @Min(0) after!: number;
  @IsInt() @Min(0) through!: number;
  @IsInt() @Min(0) seals!: number;
}

export class SealsQuestion implements SealsRequest {
  @IsOptional() @IsInt() @Min(0) after?: number;
  @IsOptional() @IsInt() @Min(0) beyond?: number;
}

export class EvidenceKeysQuestion implements EvidenceKeysRequest {
  @IsArray()
  @ArrayMaxSize(evidenceKeysMax)
  @IsString({ each: true })
  @MaxLength(idLengthMax, { each: true })
  kids!: string[];
}
