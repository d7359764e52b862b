import { Controller, Get, Header, Inject, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ClientRecord } from '#lgsp/clients';
import { BusError, languageOf, type Language } from '#lgsp/errors';
import { bookSubjects, type Receipt, type TransactionPage, type TransactionView } from '#lgsp/records';
import { Admission } from '../admission/admission';
import { BookClient } from './book.client';
import { readTransactionQuery } from './transaction.query';

/** Longest wait for the ledger, in milliseconds. */
const askMs = 10_000;
/** Most questions under way at once in this gateway: each asks the database. */
const underWayMax = 32;
const retryAfterMs = 1_000;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/**
 * What became of transactions, read from the book: a client sees its own, an operator all. Another client's transaction is
 * answered as one that does not exist.
 */
@Controller('v1/transactions')
export class TransactionsController {
  private underWay = 0;

  constructor(
    @Inject(BookClient) private readonly book: BookClient,
    @Inject(Admission) private readonly admission: Admission,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  async search(@Req() request: FastifyRequest, @Query() query: Record<string, unknown>): Promise<TransactionPage> {
    const reader = await this.identify(request);
    const language = languageIn(request);
    const search = readTransactionQuery(query, reader.role === 'operator', language);
    return this.ask(bookSubjects.transactions, { ...search, ...scopeOf(reader) }, language);
  }

  @Get(':id')
  @Header('cache-control', 'no-store')
  async one(@Req() request: FastifyRequest, @Param('id') id: string): Promise<TransactionView> {
    const reader = await this.identify(request);
    return this.ask(bookSubjects.transaction, { id: checkedId(id), ...scopeOf(reader) }, languageIn(request));
  }

  /** Holds the salts of the records: only whoever made the call, or an operator, gets it. */
  @Get(':id/receipt')
  @Header('cache-control', 'no-store')
  async receipt(@Req() request: FastifyRequest, @Param('id') id: string): Promise<Receipt> {
    const reader = await this.identify(request);
    return this.ask(bookSubjects.receipt, { id: checkedId(id), ...scopeOf(reader) }, languageIn(request));
  }

  /** @throws BusError `unauthenticated`, `token-expired`, `address-not-allowed`, `client-suspended` */
  private async identify({ headers, raw }: FastifyRequest): Promise<ClientRecord> {
    const client = await this.admission.identify(headers);
    this.admission.checkAddress(client, raw);
    if (client.state !== 'active') throw new BusError('client-suspended');
    return client;
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

const scopeOf = ({ id, role }: ClientRecord): { client?: string } => (role === 'operator' ? {} : { client: id });

const languageIn = ({ headers }: FastifyRequest): Language => languageOf(headers['accept-language']);

/** What is no id is no transaction's, and need not be asked for. */
function checkedId(id: string): string {
  if (!uuid.test(id)) throw new BusError('unknown-transaction');
  return id.toLowerCase();
}
