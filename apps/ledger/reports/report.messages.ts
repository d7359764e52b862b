import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
} from 'class-validator';
import {
  reportGroups,
  type Environment,
  type FreezeRequest,
  type ReportGroup,
  type ReportRequest,
} from '#lgsp/records';
import { IsFullDate } from '#lgsp/vietnam';

const environments: Environment[] = ['production', 'sandbox'];
const furtherMax = 8;
/** Of a client's id. */
const idLengthMax = 64;
const monthPattern = /^[0-9]{4}-(?:0[1-9]|1[0-2])$/;

/** A question for a report, as it comes over the bus. */
export class ReportQuestion implements ReportRequest {
  @IsFullDate() from!: string;
  @IsFullDate() to!: string;

  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @IsIn([...reportGroups], { each: true })
  groupBy?: ReportGroup[];

  @IsOptional() @IsArray() @ArrayMaxSize(furtherMax) further?: ReportGroup[][];
  @IsOptional() @IsIn(['previous-year']) compare?: 'previous-year';
  @IsOptional() @IsIn(environments) environment?: Environment;
  @IsOptional() @IsString() @MaxLength(idLengthMax) client?: string;
  @IsOptional() @IsBoolean() durations?: boolean;
}

export class FreezeQuestion implements FreezeRequest {
  @Matches(monthPattern) month!: string;
  @IsOptional() @IsIn(environments) environment?: Environment;
  @IsString() @MaxLength(idLengthMax) by!: string;
}

export class FrozenMonthsQuestion {
  @IsOptional() @IsIn(environments) environment?: Environment;
}
