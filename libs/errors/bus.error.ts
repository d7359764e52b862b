import { errorTable, type ErrorCode, type ErrorRow, type Text } from './error.table';

/** One faulty field: where (`/child/name` as JSON Pointer), which rule it breaks, and what the rule asks. */
export interface FieldError {
  path: string;
  rule: string;
  message: string;
}

/** What the outside system itself said, in its own code and words. */
export interface UpstreamWord {
  code: string;
  message?: string;
}

export interface BusErrorOptions {
  /** A sentence for the caller about this very failure. Never holds a secret or personal data. */
  detail?: Text;
  errors?: FieldError[];
  upstream?: UpstreamWord;
  /** How long to wait before trying again, in milliseconds. */
  retryAfterMs?: number;
  /** What caused it; goes to the log, never to the caller. */
  cause?: unknown;
}

/** The one error of the bus: a code of the table plus what is known about this failure. */
export class BusError extends Error {
  override readonly name = 'BusError';
  readonly detail?: Text;
  readonly errors?: FieldError[];
  readonly upstream?: UpstreamWord;
  readonly retryAfterMs?: number;

  constructor(
    readonly code: ErrorCode,
    options: BusErrorOptions = {},
  ) {
    super(options.detail?.en ?? errorTable[code].title.en, options.cause === undefined ? {} : { cause: options.cause });
    this.detail = options.detail;
    this.errors = options.errors;
    this.upstream = options.upstream;
    this.retryAfterMs = options.retryAfterMs;
  }

  get row(): ErrorRow {
    return errorTable[this.code];
  }

  /** Anything thrown, as a BusError: what is not one already is a fault of our own. */
  static from(thrown: unknown): BusError {
    return thrown instanceof BusError ? thrown : new BusError('internal', { cause: thrown });
  }
}
