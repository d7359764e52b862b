import { Controller, Inject } from '@nestjs/common';
import {
  bookSubjects,
  type BookPosition,
  type BookTotals,
  type DayTotals,
  type MetricTotals,
  type MonthTotals,
  type RowsPage,
} from '#lgsp/records';
import { BookTopic } from '../book.topic';
import { Accounts } from './accounts';
import { MetricComparison } from './metric.comparison';
import {
  DayQuestion,
  MetricsQuestion,
  MonthQuestion,
  PositionQuestion,
  RowsQuestion,
  TotalsQuestion,
} from './reconcile.messages';

/** What the book says of itself, for whoever compares it with the stream. */
@Controller()
export class ReconcileController {
  constructor(
    @Inject(Accounts) private readonly accounts: Accounts,
    @Inject(MetricComparison) private readonly metrics: MetricComparison,
  ) {}

  @BookTopic(bookSubjects.position, PositionQuestion, 'How far the book is')
  position(question: PositionQuestion): Promise<BookPosition> {
    return this.accounts.position(question);
  }

  @BookTopic(bookSubjects.reconcile, TotalsQuestion, 'What the book has in all')
  totals({ faultsMax }: TotalsQuestion): Promise<BookTotals> {
    return this.accounts.totals(faultsMax);
  }

  @BookTopic(bookSubjects.reconcileDay, DayQuestion, 'What the book says of a day')
  day(question: DayQuestion): Promise<DayTotals> {
    return this.accounts.day(question);
  }

  @BookTopic(bookSubjects.reconcileMonth, MonthQuestion, 'What the book says of a month')
  month({ month }: MonthQuestion): Promise<MonthTotals> {
    return this.accounts.month(month);
  }

  @BookTopic(bookSubjects.reconcileMetrics, MetricsQuestion, 'What the ledger exports, beside what it counted')
  exported({ differencesMax }: MetricsQuestion): Promise<MetricTotals> {
    return this.metrics.totals(differencesMax);
  }

  @BookTopic(bookSubjects.reconcileRows, RowsQuestion, 'The rows of a day, to be compared one by one')
  rows(question: RowsQuestion): Promise<RowsPage> {
    return this.accounts.rows(question);
  }
}
