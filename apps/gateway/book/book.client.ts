import { busHeaders, type BusClient } from '#lgsp/bus';
import type { Language } from '#lgsp/errors';
import { ledgerFailure } from '#lgsp/records';

/** Asks the ledger what is in the book (`bookSubjects`). */
export class BookClient {
  constructor(private readonly client: BusClient) {}

  /** @throws BusError what the ledger says, in this language; `ledger-unavailable` when it does not run or not answer in time */
  async ask<T>(subject: string, question: object, language: Language, withinMs: number): Promise<T> {
    try {
      return await this.client.call<T>(subject, question, Date.now() + withinMs, { [busHeaders.language]: language });
    } catch (error) {
      throw ledgerFailure(error);
    }
  }
}
