import { book } from './0001.book';
import { summaries } from './0002.summaries';

/** What makes the database what it is, in order. One that has landed is never changed: the next one changes what it made. */
export const migrations: readonly { number: number; name: string; script: string }[] = [
  { number: 1, name: 'book', script: book },
  { number: 2, name: 'summaries', script: summaries },
];
