import { Controller, Get, Header, Inject, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { BusError, languageOf, type Language } from '#lgsp/errors';
import { bookSubjects, isTransactionId, type Receipt, type TransactionPage, type TransactionView } from '#lgsp/records';
import { Reader } from '../admission/reader';
import { AcceptedJobs } from '../jobs/accepted.jobs';
import { BookClient } from './book.client';
import { readTransactionQuery } from './transaction.query';

/** Longest wait for the ledger, in milliseconds. */
const askMs = 10_000;
/** Most questions under way at once in this gateway: each asks the database. */
const underWayMax = 32;
const retryAfterMs = 1_000;
/** How long the book may take to hold what was accepted, and how often it is asked meanwhile, in milliseconds. */
const acceptedMs = 5_000;
const lookAgainMs = 100;

/**
 * What became of transactions, read from the book: a client sees its own, an operator all. Another client's transaction is
 * answered as one that does not exist.
 */
@Controller('v1/transactions')
export class TransactionsController {
  private underWay = 0;

  constructor(
    @Inject(BookClient) private readonly book: BookClient,
    @Inject(Reader) private readonly reader: Reader,
    @Inject(AcceptedJobs) private readonly jobs: AcceptedJobs,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  async search(@Req() request: FastifyRequest, @Query() query: Record<string, unknown>): Promise<TransactionPage> {
    const scope = await this.reader.scope(request);
    const language = languageIn(request);
    const search = readTransactionQuery(query, scope.client === undefined, language);
    return this.ask(bookSubjects.transactions, { ...search, ...scope }, language);
  }

  @Get(':id')
  @Header('cache-control', 'no-store')
  async one(@Req() request: FastifyRequest, @Param('id') id: string): Promise<TransactionView> {
    const scope = await this.reader.scope(request);
    const question = { id: checkedId(id), ...scope };
    const ask = (): Promise<TransactionView> => this.ask(bookSubjects.transaction, question, languageIn(request));
    const deadline = Date.now() + acceptedMs;
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        // Accepted this moment, and not in the book yet: whoever follows the way it was told is not sent away.
        const isNew = BusError.from(error).code === 'unknown-transaction' && Date.now() < deadline;
        if (!isNew || !(await this.jobs.has(question.id, scope.client))) throw error;
        await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
      }
    }
  }

  /** Holds the salts of the records: only whoever made the call, or an operator, gets it. */
  @Get(':id/receipt')
  @Header('cache-control', 'no-store')
  async receipt(@Req() request: FastifyRequest, @Param('id') id: string): Promise<Receipt> {
    const scope = await this.reader.scope(request);
    return this.ask(bookSubjects.receipt, { id: checkedId(id), ...scope }, languageIn(request));
  }

  private async ask<T>(subject: string, question: object, language: Language): Promise<T> {
    if (this.underWay >= underWayMax) throw new BusError('overloaded', { retryAfterMs });
    this.underWay++;
    try {
      return await this.book.ask<T>(subject, question, language, askMs);
    } finally {
      this.underWay--;
    }
  }
}

const languageIn = ({ headers }: FastifyRequest): Language => languageOf(headers['accept-language']);

/** What is no id is no transaction's, and need not be asked for. */
function checkedId(id: string): string {
  const lower = id.toLowerCase();
  if (!isTransactionId(lower)) throw new BusError('unknown-transaction');
  return lower;
}
