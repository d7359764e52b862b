import {
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator';

const textMax = 255;
const reasonMax = 500;
export const pageMax = 200;
/** A system, or a client: what a token of a subject may be. */
const token = /^[a-z][a-z0-9-]{0,63}$/;

export class SystemsQuestion {
  /** Only this one. */
  @IsOptional() @Matches(token) system?: string;
}

export class JobQuestion {
  /** Of the transaction. */
  @IsUUID() id: string;
  /** Whose it must be. */
  @IsOptional() @IsString() @MaxLength(textMax) client?: string;
}

export class CancelRequest extends JobQuestion {
  /** Who does it: goes into the audit. */
  @IsString() @MinLength(1) @MaxLength(textMax) who: string;
}

export class JobSearch {
  @IsOptional() @Matches(token) system?: string;
  @IsOptional() @Matches(token) client?: string;
  /** From after this place on. */
  @IsOptional() @IsInt() @Min(0) after?: number;
  @IsOptional() @IsInt() @Min(1) @Max(pageMax) limit?: number;
}

export class OperatorRequest {
  /** Of the transaction. */
  @IsUUID() id: string;
  @IsString() @MinLength(1) @MaxLength(textMax) who: string;
}

export class GiveUpRequest extends OperatorRequest {
  @IsString() @MinLength(1) @MaxLength(reasonMax) reason: string;
  /** What the operator found out, where nobody could know. */
  @IsOptional() @IsIn(['failed', 'succeeded']) outcome?: 'failed' | 'succeeded';
}

export class FixRequest extends OperatorRequest {
  /** The whole input, instead of the one that was there. */
  @IsOptional() @IsObject() input?: object;
  /** Or single values of it, by JSON Pointer; null takes one out. */
  @IsOptional() @IsObject() set?: Record<string, unknown>;
}

export class ResumeRequest {
  @Matches(token) system: string;
  @IsString() @MinLength(1) @MaxLength(textMax) who: string;
}

export class PauseRequest extends ResumeRequest {
  /** Epoch milliseconds; until somebody resumes it when left out. */
  @IsOptional() @IsInt() @Min(0) until?: number;
  @IsOptional() @IsString() @MaxLength(reasonMax) reason?: string;
}
