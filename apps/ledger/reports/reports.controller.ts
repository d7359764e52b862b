import { Controller, Inject } from '@nestjs/common';
import { busHeaders } from '#lgsp/bus';
import type { BusContext } from '#lgsp/bus/server';
import { languageOf, type Language } from '#lgsp/errors';
import { bookSubjects, type FrozenMonth, type Report } from '#lgsp/records';
import { BookTopic } from '../book.topic';
import { Freezing } from './freezing';
import { FreezeQuestion, FrozenMonthsQuestion, ReportQuestion } from './report.messages';
import { Reports } from './reports';

/** Reports and frozen months, as they are asked for over the bus. */
@Controller()
export class ReportsController {
  constructor(
    @Inject(Reports) private readonly reports: Reports,
    @Inject(Freezing) private readonly freezing: Freezing,
  ) {}

  @BookTopic(bookSubjects.report, ReportQuestion, 'How many transactions a period had, by any groups')
  report(question: ReportQuestion, context: BusContext): Promise<Report> {
    return this.reports.report(question, languageIn(context));
  }

  @BookTopic(bookSubjects.freeze, FreezeQuestion, 'Freezes the figures of a month that is over')
  freeze(question: FreezeQuestion, context: BusContext): Promise<FrozenMonth> {
    return this.freezing.freeze(question, languageIn(context));
  }

  @BookTopic(bookSubjects.frozenMonths, FrozenMonthsQuestion, 'Frozen months, beside what the book says of them now')
  frozenMonths({ environment }: FrozenMonthsQuestion): Promise<FrozenMonth[]> {
    return this.freezing.list(environment);
  }
}

const languageIn = (context: BusContext): Language => languageOf(context.header(busHeaders.language));
