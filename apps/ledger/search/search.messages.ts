import { IsIn, IsInt, IsOptional, IsString, IsUUID, Matches, Max, MaxLength, Min } from 'class-validator';
import { outcomes, type Outcome } from '#lgsp/errors';
import type { TransactionSearch } from '#lgsp/records';

const textMax = 255;
export const pageMax = 500;
/** A day, `2026-11-25`, or a moment with its offset, `2026-11-25T08:00:00+07:00`. */
const dayOrTime = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;
const dayOrTimeRule = 'must be a day such as 2026-11-25, or a time with its offset';

/** A question for one transaction. */
export class TransactionQuestion {
  @IsUUID() id!: string;
  /** Whose it must be. */
  @IsOptional() @IsString() @MaxLength(textMax) client?: string;
}

/** A question for transactions, as it comes over the bus. */
export class SearchQuestion implements TransactionSearch {
  @IsOptional() @IsString() @MaxLength(textMax) client?: string;
  @IsOptional() @IsString() @MaxLength(textMax) dossier?: string;
  @IsOptional() @IsString() @MaxLength(textMax) system?: string;
  @IsOptional() @IsString() @MaxLength(textMax) operation?: string;
  @IsOptional() @IsIn([...outcomes]) outcome?: Outcome;
  @IsOptional() @Matches(dayOrTime, { message: dayOrTimeRule }) from?: string;
  @IsOptional() @Matches(dayOrTime, { message: dayOrTimeRule }) to?: string;
  /** The id of the last transaction of the page before: what follows is older. */
  @IsOptional() @IsUUID() cursor?: string;
  @IsOptional() @IsInt() @Min(1) @Max(pageMax) limit?: number;
}
