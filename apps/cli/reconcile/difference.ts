/** What does not agree, each with what it means. */
export const differenceTexts = {
  'no-row': 'its records are signed, and the book has no row of it',
  'no-record': 'the book has a row of it, and no signed record tells of it',
  'other-state': 'its row is not what its records say',
  unproven: 'all its records are in batches that are not proven: it is not counted',
  rollup: 'the rows and what is counted of them differ',
  archive: 'the archived month and the stream differ',
  metrics: 'what is exported and what is counted differ',
  evidence: 'the trail of signed batches is not whole',
  fault: 'the book left records out when it was written',
  stream: 'the book was made from another stream',
  behind: 'the book does not have all that the stream has yet',
} as const;
export type DifferenceName = keyof typeof differenceTexts;

export interface Difference {
  what: DifferenceName;
  /** Day or month in Vietnam. */
  time?: string;
  /** Of the transaction. */
  id?: string;
  detail?: string;
}

/** Most differences that are kept one by one: beyond it they are only counted. */
const differencesMax = 1_000;

export class Differences {
  readonly list: Difference[] = [];
  count = 0;

  add(difference: Difference): void {
    if (++this.count <= differencesMax) this.list.push(difference);
  }

  /** Some that are told of as a number only. */
  addMore(count: number): void {
    this.count += Math.max(0, count);
  }
}

export function differenceText({ what, time, id, detail }: Difference): string {
  const where = [time, id && `transaction ${id}`].filter(Boolean).join(', ');
  return `${what}: ${where}${where && ': '}${differenceTexts[what]}${detail ? ` (${detail})` : ''}`;
}
