import type { Account, Places } from './account';

/** A count that a rollup has and the rows do not give, or the other way round. */
export interface RollupDifference {
  /** Of months by everything, by what was called (`service`) and by agency; of hours and days by all but agencies and procedures. */
  rollup: 'hour' | 'day' | 'month' | 'service' | 'agency' | 'duration';
  /** The hour, day or month, and what was counted, in words. */
  key: string;
  rows: number;
  counted: number;
}

/** Most differences of one kind that are named one by one. */
export const rollupDifferencesMax = 100;

export interface TotalsRequest {
  /** Most faults that are listed, 100 when left out. */
  faultsMax?: number;
}

/** Asks how far the book is; answered once it has this position, or when this time is over. */
export interface PositionRequest {
  through: number;
  /** 0 to 30,000. */
  withinMs: number;
}

/** How far the stream is applied, and which stream that is. */
export interface BookPosition {
  applied: number;
  stream: string;
}

/** What the book has in all. Its figures are of one moment. */
export interface BookTotals {
  /** All rows, what is archived in files instead, and the sum of all daily counts. */
  rows: number;
  archived: number;
  counted: number;
  /** First and last day in Vietnam of any row, rollup or archived month; absent when there is none. */
  firstDay?: string;
  lastDay?: string;
  /** What was wrong with entries of the stream when they were applied. */
  faults: { position: number; recorder: string; fault: string; detail: string; uncounted: number }[];
  /** Also those that are not listed. */
  faultCount: number;
}

/** A count that is exported otherwise than it is in the book. */
export interface MetricDifference {
  metric: 'lgsp_transactions_total' | 'lgsp_transactions_open';
  /** The labels' values. */
  key: string;
  exported: number;
  counted: number;
}

export interface MetricsRequest {
  /** Most differences that are listed, 100 when left out. */
  differencesMax?: number;
}

/** What `lgsp_transactions_total` and `lgsp_transactions_open` of the process that answers say. */
export interface MetricTotals {
  final: number;
  open: number;
  /** Whether this process writes the book: another one exports nothing. */
  writes: boolean;
  differences: MetricDifference[];
  differenceCount: number;
}

export interface DayRequest {
  day: string;
  /** Rows whose first record came later are left out. */
  through: number;
}

export interface DayTotals {
  /** Rows up to the position. */
  rows: number;
  /** SHA-256 over the account lines of these rows in the order of their ids, hexadecimal. */
  hash: string;
  /** Rows that came later. */
  later: number;
  /** Sums of the rollups as they are now. */
  hours: number;
  days: number;
  /** Whether the month's rows are in a file: then there are none here. */
  archived: boolean;
  differences: RollupDifference[];
  differenceCount: number;
}

export interface MonthRequest {
  /** `2026-11`. */
  month: string;
}

export interface MonthTotals {
  /** Rows of the month, or what its file holds when it is archived. */
  rows: number;
  archived: boolean;
  counted: number;
  differences: RollupDifference[];
  differenceCount: number;
}

export interface RowsRequest {
  day: string;
  through: number;
  /** Rows after this id. */
  after?: string;
  /** Only these, with all that is compared. */
  ids?: string[];
}

export interface RowOfPage extends Places {
  id: string;
  /** Hexadecimal. */
  digest: string;
  account?: Account;
}

export interface RowsPage {
  /** In the order of their ids; none when there are no more. */
  rows: RowOfPage[];
}

/** Most rows that are asked for by their ids at once. */
export const rowIdsMax = 100;
/** Longest that the ledger lets a question for its position wait. */
export const positionWaitMs = 30_000;
