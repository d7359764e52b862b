import { BusError, type ErrorCode, type Text } from '#lgsp/errors';

const retryAfterMs = 2_000;

/** What would be said of a connector that was asked, and what it means of the ledger. */
const details: Partial<Record<ErrorCode, Text>> = {
  'connector-unavailable': {
    en: 'the ledger does not run, so nothing can be read from the book now',
    vi: 'sổ giao dịch đang không hoạt động nên chưa tra cứu được',
  },
  'deadline-exceeded': {
    en: 'the ledger did not answer in time, so nothing can be read from the book now',
    vi: 'sổ giao dịch không trả lời kịp thời nên chưa tra cứu được',
  },
};

/** Why a question of `bookSubjects` has no answer: nobody else than the ledger gives one. */
export function ledgerFailure(thrown: unknown): BusError {
  const error = BusError.from(thrown);
  const detail = details[error.code];
  return detail ? new BusError('ledger-unavailable', { detail, retryAfterMs, cause: error }) : error;
}
