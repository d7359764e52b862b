import { busHeaders, type BusClient } from '#lgsp/bus';
import { BusError, type ErrorCode, type Language, type Text } from '#lgsp/errors';

const retryAfterMs = 2_000;

/** Asks the ledger what is in the book (`bookSubjects`). */
export class BookClient {
  constructor(private readonly client: BusClient) {}

  /** @throws BusError what the ledger says, in this language; `ledger-unavailable` when it does not run or not answer in time */
  async ask<T>(subject: string, question: object, language: Language, withinMs: number): Promise<T> {
    try {
      return await this.client.call<T>(subject, question, Date.now() + withinMs, { [busHeaders.language]: language });
    } catch (error) {
      const detail = details[BusError.from(error).code];
      if (!detail) throw error;
      throw new BusError('ledger-unavailable', { detail, retryAfterMs, cause: error });
    }
  }
}

/** What the caller of a connector would be told, and what it means of the ledger. */
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
