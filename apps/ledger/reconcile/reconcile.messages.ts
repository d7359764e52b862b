import { ArrayMaxSize, IsArray, IsInt, IsOptional, IsUUID, Matches, Max, Min } from 'class-validator';
import {
  positionWaitMs,
  rowIdsMax,
  type DayRequest,
  type MetricsRequest,
  type MonthRequest,
  type PositionRequest,
  type RowsRequest,
  type TotalsRequest,
} from '#lgsp/records';
import { IsFullDate } from '#lgsp/vietnam';

/** Most that is listed in one answer. */
const listedMax = 1_000;

export class PositionQuestion implements PositionRequest {
  @IsInt() @Min(0) through!: number;
  @IsInt() @Min(0) @Max(positionWaitMs) withinMs!: number;
}

export class MetricsQuestion implements MetricsRequest {
  @IsOptional() @IsInt() @Min(0) @Max(listedMax) differencesMax?: number;
}

export class TotalsQuestion implements TotalsRequest {
  @IsOptional() @IsInt() @Min(0) @Max(listedMax) faultsMax?: number;
}

export class DayQuestion implements DayRequest {
  @IsFullDate() day!: string;
  @IsInt() @Min(0) through!: number;
}

export class MonthQuestion implements MonthRequest {
  @Matches(/^[0-9]{4}-(?:0[1-9]|1[0-2])$/) month!: string;
}

export class RowsQuestion implements RowsRequest {
  @IsFullDate() day!: string;
  @IsInt() @Min(0) through!: number;
  @IsOptional() @IsUUID() after?: string;
  @IsOptional() @IsArray() @ArrayMaxSize(rowIdsMax) @IsUUID(7, { each: true }) ids?: string[];
}
