import { BusError } from '#lgsp/errors';

/** Classes of SQLSTATE that tell of the server's state and not of the statement: connection, resources, shutdown, its own files. */
const unavailableClasses = ['08', '53', '57', '58'];
/** Classes that tell of the data: not a value of its type, against a constraint, beyond a limit. */
const dataClasses = ['22', '23', '54'];
const retryAfterMs = 1_000;

const sqlState = (error: unknown): string | undefined => {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
};

/**
 * What a driver threw, as whoever asked may see it: `ledger-unavailable` when the database is away or cannot serve now;
 * anything else stays what it is.
 */
export function asBookError(error: unknown): unknown {
  const state = sqlState(error);
  // Without a state it did not come from the server: the connection could not be made, or was lost.
  if (state !== undefined && !unavailableClasses.includes(state.slice(0, 2))) return error;
  const detail = {
    en: 'the database of the ledger is not available',
    vi: 'cơ sở dữ liệu của sổ giao dịch không sẵn sàng',
  };
  return new BusError('ledger-unavailable', { detail, retryAfterMs, cause: error });
}

/** There is no table for the month: our fault, and not the data's. */
const noPartition = '23514';

/** Whether a statement failed for what it was to store, so that it would fail again. */
export function isDataFault(error: unknown): boolean {
  const state = sqlState(error) ?? '';
  return dataClasses.includes(state.slice(0, 2)) && state !== noPartition;
}

const uniqueViolation = '23505';

/** Whether a row was there already. */
export const isDuplicate = (error: unknown): boolean => sqlState(error) === uniqueViolation;
