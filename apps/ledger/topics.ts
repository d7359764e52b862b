import type { Provider, Type } from '@nestjs/common';
import { EvidenceController } from './evidence/evidence.controller';
import { evidenceParts } from './evidence/evidence.parts';
import { QuestionsController } from './questions/questions.controller';
import { Accounts } from './reconcile/accounts';
import { MetricComparison } from './reconcile/metric.comparison';
import { ReconcileController } from './reconcile/reconcile.controller';
import { Freezing } from './reports/freezing';
import { Reports } from './reports/reports';
import { ReportsController } from './reports/reports.controller';
import { SearchController } from './search/search.controller';
import { Transactions } from './search/transactions';

/** The controllers of the book's topics, each in its folder. */
export const controllers: Type<object>[] = [
  SearchController,
  QuestionsController,
  ReportsController,
  EvidenceController,
  ReconcileController,
];

/** What they are given, beside `Database`, `BusConnection`, `DurableLog` (the stream), `Metrics`, `LedgerConfig` and the log. */
export const providers: Provider[] = [Transactions, Reports, Freezing, Accounts, MetricComparison, ...evidenceParts];
