import { IsIn, IsInt, IsOptional, IsString, IsUUID, Max, MaxLength, Min, ValidateBy } from 'class-validator';
import { outcomes, type Outcome } from '#lgsp/errors';
import type { TransactionSearch } from '#lgsp/records';
import { parseFullDate } from '#lgsp/vietnam';

const textMax = 255;
export const pageMax = 500;
const time = /^T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** A day of the calendar, `2026-11-25`, or a moment with its offset, `2026-11-25T08:00:00+07:00`. */
function isDayOrTime(value: unknown): boolean {
  if (typeof value !== 'string' || !parseFullDate(value.slice(0, 10)).ok) return false;
  return value.length === 10 || (time.test(value.slice(10)) && !Number.isNaN(Date.parse(value)));
}

const IsDayOrTime = (): PropertyDecorator => ValidateBy({ name: 'dayOrTime', validator: { validate: isDayOrTime } });

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
  @IsOptional() @IsDayOrTime() from?: string;
  @IsOptional() @IsDayOrTime() to?: string;
  /** The id of the last transaction of the page before: what follows is older. */
  @IsOptional() @IsUUID() cursor?: string;
  @IsOptional() @IsInt() @Min(1) @Max(pageMax) limit?: number;
}
