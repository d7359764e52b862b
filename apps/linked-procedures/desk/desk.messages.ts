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
import { procedureStates, type ProcedureSearch, type ProcedureState } from '#lgsp/procedures';

const textMax = 255;
const reasonMax = 250;

export class ListQuestion implements ProcedureSearch {
  @IsOptional() @IsIn(procedureStates) state?: ProcedureState;
  @IsOptional() @Matches(/^[a-z][a-z0-9-]{0,63}$/) client?: string;
  @IsInt() @Min(1) @Max(1_000) limit: number;
}

export class ShowQuestion {
  /** Id, or a dossier code of either kind. */
  @IsString() @MinLength(1) @MaxLength(textMax) which: string;
}

export class ResumeOrder {
  @IsUUID() id: string;
  /** Who does it: goes into the audit. */
  @IsString() @MinLength(1) @MaxLength(textMax) who: string;
  /** In the place of the whole input. */
  @IsOptional() @IsObject() input?: object;
  /** Single values of it, by JSON Pointer. */
  @IsOptional() @IsObject() set?: Record<string, unknown>;
}

export class GiveUpOrder {
  @IsUUID() id: string;
  @IsString() @MinLength(1) @MaxLength(textMax) who: string;
  @IsString() @MinLength(1) @MaxLength(reasonMax) reason: string;
}
