import {
  accountFields,
  accountLine,
  accountOf,
  bookSubjects,
  parseRecord,
  rowIdsMax,
  splitBatch,
  type Account,
  type EvidencePage,
  type RowOfPage,
  type RowsPage,
} from '#lgsp/records';
import type { AskBook } from '../book.access';
import { transactionsOf, type FoldedTransaction } from './day.fold';
import type { Differences } from './difference';
import type { RecordBuckets } from './record.buckets';

/** Transactions whose differing fields are looked up, of one day. */
const explainedMax = rowIdsMax;
/** Fields whose values may be shown: nothing of a person or a dossier is in them. */
const shown: readonly string[] = [
  'outcome',
  'final',
  'code',
  'client',
  'system',
  'operation',
  'environment',
  'kind',
  'mode',
];

type Telling = NonNullable<FoldedTransaction['telling']>;

interface Pair {
  record: FoldedTransaction;
  row: RowOfPage;
}

/** Compares a day's transactions one by one, by what their records say and by what the book's rows say, and names each that differs. */
export async function compareRows(
  ask: AskBook,
  buckets: RecordBuckets,
  day: string,
  through: number,
  differences: Differences,
): Promise<void> {
  const rows = rowsOf(ask, day, through);
  let row = await next(rows);
  const differing: Pair[] = [];
  for await (const record of transactionsOf(buckets, day)) {
    for (; row && row.id < record.id; row = await next(rows))
      differences.add({ what: 'no-record', time: day, id: row.id });
    const own = row?.id === record.id ? row : undefined;
    if (own) row = await next(rows);
    if (!record.telling) {
      // It is named as unproven; that the book has it all the same is one thing more.
      if (own) differences.add({ what: 'no-record', time: day, id: record.id });
    } else if (!own) differences.add({ what: 'no-row', time: day, id: record.id });
    else if (differs(own, record.telling) && !(await isNewer(ask, own, through))) differing.push({ record, row: own });
  }
  for (; row; row = await next(rows)) differences.add({ what: 'no-record', time: day, id: row.id });
  await explain(ask, day, through, differing, differences);
}

function differs(row: RowOfPage, { digest, ...places }: Telling): boolean {
  return accountLine(row.id, Buffer.from(row.digest, 'hex'), row) !== accountLine(row.id, digest, places);
}

/** Whether the row was written anew since: then a record of it stands where it says, after all that was read. */
async function isNewer(ask: AskBook, { id, last }: RowOfPage, through: number): Promise<boolean> {
  return last > through && (await recordAt(ask, last, id)) !== undefined;
}

async function* rowsOf(ask: AskBook, day: string, through: number): AsyncGenerator<RowOfPage> {
  for (let after: string | undefined; ;) {
    const { rows } = await ask<RowsPage>(bookSubjects.reconcileRows, { day, through, ...(after ? { after } : {}) });
    if (rows.length === 0) return;
    yield* rows;
    after = rows.at(-1)!.id;
  }
}

async function next(rows: AsyncGenerator<RowOfPage>): Promise<RowOfPage | undefined> {
  const { value, done } = await rows.next();
  return done ? undefined : value;
}

/** Names the fields that differ. */
async function explain(
  ask: AskBook,
  day: string,
  through: number,
  differing: readonly Pair[],
  differences: Differences,
): Promise<void> {
  const some = differing.slice(0, explainedMax);
  const question = { day, through, ids: some.map(({ row }) => row.id) };
  const { rows } = some.length === 0 ? { rows: [] } : await ask<RowsPage>(bookSubjects.reconcileRows, question);
  const accounts = new Map(rows.map(({ id, account }) => [id, account!]));
  for (const { record, row } of some) {
    const said = await recordAt(ask, record.telling!.position, row.id);
    const detail = fieldsThatDiffer(said, accounts.get(row.id)) || 'where its records stand';
    differences.add({ what: 'other-state', time: day, id: row.id, ...(detail ? { detail } : {}) });
  }
  for (const { row } of differing.slice(explainedMax)) differences.add({ what: 'other-state', time: day, id: row.id });
}

/** What the records at a position of the stream make of a transaction; undefined when there is none of it. */
async function recordAt(ask: AskBook, position: number, id: string): Promise<Account | undefined> {
  const page = await ask<EvidencePage>(bookSubjects.evidence, { after: position - 1, through: position });
  const [entry] = page.entries;
  return entry && accountIn(entry.text, id);
}

function accountIn(batch: string, id: string): Account | undefined {
  try {
    const { head, texts } = splitBatch(batch);
    const own = texts.filter((text) => text.startsWith(`{"id":"${id}"`)).map(parseRecord);
    const telling = own.find(({ final }) => final) ?? own.at(-1);
    return telling && accountOf(telling, head.recorder);
  } catch {
    return undefined; // It is no batch, or a record in it is none: that was named when the stream was read.
  }
}

function fieldsThatDiffer(said: Account | undefined, row: Account | undefined): string {
  if (!said || !row) return '';
  const differing = accountFields.filter((name) => (said[name] ?? null) !== (row[name] ?? null));
  return differing
    .map((name) => (shown.includes(name) ? `${name}: ${said[name]} recorded, ${row[name]} in the row` : name))
    .join('; ');
}
