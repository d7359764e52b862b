import { book } from './0001.book';
import { summaries } from './0002.summaries';
import { monthSums } from './0003.month.sums';
import { dossierSearch } from './0004.dossier.search';

/** What makes the database what it is, in order. One that has landed is never changed: the next one changes what it made. */
export const migrations: readonly { number: number; name: string; script: string }[] = [
  { number: 1, name: 'book', script: book },
  { number: 2, name: 'summaries', script: summaries },
  { number: 3, name: 'month-sums', script: monthSums },
  { number: 4, name: 'dossier-search', script: dossierSearch },
];
