import { Controller, Get, Inject, Param, Put, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemAnswer } from '#lgsp/dispatch';
import { BusError, languageOf, type Language } from '#lgsp/errors';
import { bookSubjects, type Environment, type FrozenMonth, type Report } from '#lgsp/records';
import { Reader } from '../admission/reader';
import { BookClient } from '../book/book.client';
import { asBusError } from '../problems/problem.filter';
import { pageTables } from './page/report.page';
import { ReportReaders, scopeOf } from './report.reader';
import { readReportQuery, type AskedReport, type ReportFormat } from './report.request';
import { ReportWriter } from './report.writer';

/** Longest wait for the ledger, in milliseconds: a part of a month by agency is counted from its rows. */
const reportMs = 60_000;

const mediaTypes: Record<ReportFormat, string> = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  html: 'text/html; charset=utf-8',
};

/** The page has a style of its own, and nothing else: no script, whatever a name in the book may be. */
const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

/** `GET /v1/reports/transactions` and the months that are frozen. */
@Controller('v1/reports')
export class ReportsController {
  constructor(
    @Inject(Reader) private readonly reader: Reader,
    @Inject(ReportReaders) private readonly readers: ReportReaders,
    @Inject(BookClient) private readonly book: BookClient,
    @Inject(ReportWriter) private readonly writer: ReportWriter,
  ) {}

  @Get('transactions')
  async transactions(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query() query: Record<string, unknown>,
  ): Promise<void> {
    const language = languageOf(request.headers['accept-language']);
    try {
      const client = await this.reader.person(request);
      const asked = readReportQuery(query, language);
      const scope = scopeOf(client, asked.environment);
      const report = await this.readers.bounded(client, () => this.ask({ ...asked, ...scope }, language));
      const { from, to } = report.period;
      reply
        .type(mediaTypes[asked.format])
        .header('cache-control', 'no-store')
        .header('x-content-type-options', 'nosniff');
      if (asked.format === 'html') reply.header('content-security-policy', pagePolicy);
      if (asked.format === 'csv' || asked.format === 'xlsx')
        reply.header('content-disposition', `attachment; filename="giao-dich-${from}-${to}.${asked.format}"`);
      await reply.send(await this.writer.write(report, asked.format));
    } catch (error) {
      if (!isBrowsers(request, query)) throw error;
      askPassword(reply, asBusError(error), language);
    }
  }

  @Get('frozen-months')
  async frozenMonths(
    @Req() request: FastifyRequest,
    @Query('environment') environment?: Environment,
  ): Promise<{ months: FrozenMonth[] }> {
    this.reader.checkOperator(await this.reader.person(request));
    return { months: await this.askBook<FrozenMonth[]>(bookSubjects.frozenMonths, { environment }, request) };
  }

  /** Freezes a month; it stays as it was when it is frozen already. Not by `Basic`, which a browser sends by itself. */
  @Put('frozen-months/:month')
  async freeze(@Req() request: FastifyRequest, @Param('month') month: string): Promise<FrozenMonth> {
    const client = await this.reader.operator(request);
    return this.askBook<FrozenMonth>(bookSubjects.freeze, { month, by: client.id }, request);
  }

  private ask({ request, format, environment, client }: AskedReport & { client?: string }, language: Language) {
    const page = { further: pageTables, durations: client === undefined };
    const question = { ...request, environment, client, ...(format === 'html' ? page : {}) };
    return this.book.ask<Report>(bookSubjects.report, question, language, reportMs);
  }

  private askBook<T>(subject: string, question: object, { headers }: FastifyRequest): Promise<T> {
    return this.book.ask<T>(subject, question, languageOf(headers['accept-language']), reportMs);
  }
}

/** Nobody called who could have read about tokens: a browser, before its person was asked for a password. */
function isBrowsers({ headers }: FastifyRequest, query: Record<string, unknown>): boolean {
  return query['format'] === 'html' && !/^(bearer|apikey) /i.test(headers.authorization ?? '');
}

function askPassword(reply: FastifyReply, error: BusError, language: Language): void {
  if (error.code !== 'unauthenticated') throw error;
  const { status, body } = problemAnswer(error, language);
  reply
    .code(status)
    .type('application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('www-authenticate', 'Basic realm="lgsp", charset="UTF-8"')
    .send(body);
}
