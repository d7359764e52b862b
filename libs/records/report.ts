/** What a report can be grouped by. */
export const reportGroups = ['system', 'operation', 'client', 'agency', 'procedure', 'month', 'outcome'] as const;
export type ReportGroup = (typeof reportGroups)[number];

export type Environment = 'production' | 'sandbox';

/** Days of Vietnam, `yyyy-MM-dd`; the first and the last are in it. */
export interface Period {
  from: string;
  to: string;
}

/** What the ledger is asked for. */
export interface ReportRequest extends Period {
  /** In this order; nothing gives the total alone. */
  groupBy?: ReportGroup[];
  /** Further groupings of the same figures, read at the same moment. */
  further?: ReportGroup[][];
  compare?: 'previous-year';
  /** `production` when left out; never both. */
  environment?: Environment;
  /** Only this client's: set by the gateway for everybody but operators. */
  client?: string;
  /** Also how long transactions took, by system. Not of one client's: they are counted for all together. */
  durations?: boolean;
}

/** How many, and against the same period of the year before when that was asked for. */
export interface Figures {
  count: number;
  previous?: number;
  /** `count / previous`, two decimals (2,452,045 / 696,339 → 3.52); null where there were none. */
  ratio?: number | null;
  /** How much more, in per cent of `previous`, one decimal (252.1); null where there were none. */
  growthPercent?: number | null;
}

/** One line: a value for each grouping (null where a transaction named no agency or no procedure; a month is `yyyy-MM`), and its figures. */
export type ReportRow = { [group in ReportGroup]?: string | null } & Figures;

export interface ReportTable {
  groupBy: ReportGroup[];
  /** In the order of the groups' values. */
  rows: ReportRow[];
}

export interface Report extends ReportTable {
  environment: Environment;
  client?: string;
  period: Period;
  /** What it is compared with. */
  previousPeriod?: Period;
  total: Figures;
  further?: ReportTable[];
  durations?: SystemDuration[];
  /** Months of either period whose figures are frozen, as they stood then. */
  frozenMonths: FrozenMark[];
  /** ISO 8601, +07:00. */
  madeAt: string;
}

/** How long a system's answered transactions took, from admission to answer; estimated within steps of a fifth. */
export interface SystemDuration {
  system: string;
  count: number;
  p50Ms: number;
  p95Ms: number;
}

/** That a month's figures change no more, and by whom. */
export interface FrozenMark {
  /** `yyyy-MM`. */
  month: string;
  /** ISO 8601, +07:00. */
  frozenAt: string;
  /** Client id of the operator. */
  frozenBy: string;
}

export interface FreezeRequest {
  month: string;
  environment?: Environment;
  by: string;
}

/** A frozen month: what was frozen, and what the book says now, when late records or outcomes came since. */
export interface FrozenMonth extends FrozenMark {
  environment: Environment;
  frozen: FrozenFigures;
  now: FrozenFigures;
}

export interface FrozenFigures {
  count: number;
  /** Of these without a final outcome. */
  open: number;
}
