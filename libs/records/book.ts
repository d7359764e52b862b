import type { Outcome } from '#lgsp/errors';
import type { TransactionRecord } from './transaction.record';

/**
 * What the ledger answers when it is asked about the book, over the bus, by the gateway and the command line. None of these
 * subjects has the form of an operation: the book is no outside system.
 */
export const bookSubjects = {
  /** `{id, client?}` → `TransactionView`; `unknown-transaction` also for another client's. */
  transaction: 'lgsp.book.transaction',
  /** `TransactionSearch` → `TransactionPage`. */
  transactions: 'lgsp.book.transactions',
  /** `{id, client?}` → `Receipt`. */
  receipt: 'lgsp.book.receipt',
  /** `ReportRequest` → `Report`. */
  report: 'lgsp.book.report',
  /** `FreezeRequest` → `FrozenMonth`. */
  freeze: 'lgsp.book.freeze',
  /** `{environment?}` → `FrozenMonth[]`. */
  frozenMonths: 'lgsp.book.frozen-months',
  /** `PositionRequest` → `BookPosition`: how far the book is. */
  position: 'lgsp.book.position',
  /** `TotalsRequest` → `BookTotals`: what the book has in all. */
  reconcile: 'lgsp.book.reconcile',
  /** `DayRequest` → `DayTotals`: what the book says of a day. */
  reconcileDay: 'lgsp.book.reconcile-day',
  /** `MonthRequest` → `MonthTotals`. */
  reconcileMonth: 'lgsp.book.reconcile-month',
  /** `MetricsRequest` → `MetricTotals`: what the ledger exports, beside what it counted. */
  reconcileMetrics: 'lgsp.book.reconcile-metrics',
  /** `RowsRequest` → `RowsPage`: the rows of a day, to be compared one by one. */
  reconcileRows: 'lgsp.book.reconcile-rows',
  /** `EvidenceRequest` → `EvidencePage`: what stood in the stream in a period, page by page. */
  evidence: 'lgsp.book.evidence',
  /** `EvidenceKeysRequest` → `EvidenceKeysAnswer`. */
  evidenceKeys: 'lgsp.book.evidence-keys',
  /** `SealsRequest` → `SealsPage`. */
  seals: 'lgsp.book.seals',
  /** `ClosingRequest` → `ClosingSeal`: over exactly these positions. */
  closingSeal: 'lgsp.book.closing-seal',
  /** `{id}` → `OpenCommandFacts`; `unknown-transaction` when it is no command whose outcome is open. */
  openCommand: 'lgsp.book.open-command',
  /** `{id}` → `QuestionAnswer`: its connector is asked now what became of it. */
  ask: 'lgsp.book.ask',
} as const;

/** The stream of signed batches: the log of record. A recorder writes to `lgsp.ledger.<recorder>`, in order. */
export const ledgerStream = { name: 'LEDGER', subjects: 'lgsp.ledger.>' } as const;

export function ledgerSubject(recorder: string): string {
  return `lgsp.ledger.${recorder}`;
}

/** Where recorders publish their public keys, by key id, for ever (a key-value bucket). */
export const evidenceKeysBucket = 'EVIDENCE_KEYS';

/** A transaction as it stands, for whoever may see it: no hash, no salt, no officer. Times are ISO 8601 with offset +07:00. */
export interface TransactionView extends Pick<
  TransactionRecord,
  | 'id'
  | 'environment'
  | 'client'
  | 'agency'
  | 'dossier'
  | 'linkedDossier'
  | 'procedure'
  | 'system'
  | 'operation'
  | 'version'
  | 'kind'
  | 'mode'
  | 'code'
  | 'upstreamMs'
  | 'attempts'
  | 'requestBytes'
  | 'answerBytes'
  | 'trace'
> {
  /** A command that is under way is `accepted`. */
  outcome: Outcome;
  /** Whether this outcome stands for ever. */
  final: boolean;
  receivedAt: string;
  sentAt?: string;
  returnedAt?: string;
  answeredAt?: string;
  /** From the admission to the answer, in milliseconds. */
  durationMs?: number;
}

export interface TransactionSearch {
  /** Only this client's: set by the gateway for everybody but operators. */
  client?: string;
  /** Either code of a dossier that has two. */
  dossier?: string;
  system?: string;
  operation?: string;
  outcome?: Outcome;
  /** ISO date (a day in Vietnam) or time; `to` is exclusive for a time and inclusive for a date. */
  from?: string;
  to?: string;
  /** As it came with the page before. */
  cursor?: string;
  /** 1 to 500. */
  limit?: number;
}

export interface TransactionPage {
  /** Newest first. */
  transactions: TransactionView[];
  /** Absent on the last page. */
  cursor?: string;
  /** Months (`2025-10`) of the period that are archived, so that nothing of them can be found; absent when there are none. */
  archivedMonths?: string[];
}

/** A command whose outcome is open, for whoever sends it again under its key. Its salt stays within the bus. */
export interface OpenCommandFacts extends Pick<
  TransactionRecord,
  'id' | 'client' | 'environment' | 'system' | 'operation' | 'version' | 'mode' | 'agency' | 'dossier' | 'procedure'
> {
  /** Where its idempotency record lies. */
  idempotency: string;
  /** By which the body that it was sent with is known again. */
  salt: string;
  requestHash: string;
  outcome: Outcome;
}

/** What was found out about a command whose outcome was open. */
export interface QuestionAnswer {
  /** Absent when nothing new is known. */
  outcome?: Outcome;
  final: boolean;
  /** In a few words, English. */
  said: string;
}
