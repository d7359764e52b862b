import { busHeaders, type BusClient } from '#lgsp/bus';
import { BusError, type Language, type Text } from '#lgsp/errors';

const retryAfterMs = 2_000;

/** Asks the ledger what is in the book (`bookSubjects`). */
export class BookClient {
  constructor(private readonly client: BusClient) {}

  /** @throws BusError what the ledger says, in this language; `ledger-unavailable` when it does not run */
  async ask<T>(subject: string, question: object, language: Language, withinMs: number): Promise<T> {
    try {
      return await this.client.call<T>(subject, question, Date.now() + withinMs, { [busHeaders.language]: language });
    } catch (error) {
      if (BusError.from(error).code !== 'connector-unavailable') throw error;
      throw new BusError('ledger-unavailable', { detail: notRunning, retryAfterMs, cause: error });
    }
  }
}

const notRunning: Text = {
  en: 'the ledger does not run, so nothing can be read from the book now',
  vi: 'sổ giao dịch đang không hoạt động nên chưa tra cứu được',
};
