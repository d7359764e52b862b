import { monthsAfter } from '#lgsp/vietnam';
import type { Sql, Transactions, TransactionSql } from '../store/database';
import { isDuplicate } from '../store/database.failure';
import { monthOf, monthOfDate, startOf, type Month } from '../store/month';
import { noteChange, Partitions } from '../store/partitions';
import type { ReadBatch } from './batch.reader';
import { Chains, type ChainCheck } from './chains';
import type { EvidenceFault } from './evidence.fault';
import { writeEvidence, type CountedBatch, type NotedFault } from './evidence.statements';
import { movePosition } from './position';
import { hourMs } from './hour.names';
import { RollupDeltas } from './rollup.deltas';
import { changeRollups, rollupStatements } from './rollup.statements';
import { RowChanges, type RowChange } from './row.change';
import { classifyRows, writeRows, type ClassifiedRows } from './row.writer';

/** What one transaction did. */
export interface Applied {
  /** Position of the last entry in it. */
  sequence: number;
  entries: number;
  records: number;
  deltas: RollupDeltas;
  faults: NotedFault[];
  /** Records that contradict a final outcome, which stays. */
  conflicts: { id: string; sequence: number }[];
}

/** What belongs to one SQL transaction. */
interface Applying {
  chains: ChainCheck;
  /** Which rows may be there already. */
  lookUp: (row: RowChange) => boolean;
  /** What is to be done once it is committed. */
  whenCommitted: (() => void)[];
}

/** Months whose rows are in files: up to which position of the stream they hold what came. */
export type ArchivedMonths = Map<Month, number>;

/**
 * Writes batches into the book: rows, counts, evidence and the position in the stream in one transaction, so that each record
 * counts once whatever is killed when. There is one writer at a time.
 */
export class BookWriter {
  private readonly chains = new Chains();
  private readonly storedKeys = new Set<string>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly transactions: Transactions,
    /** Position of the last entry that is applied. */
    public position: number,
    readonly partitions: Partitions,
    readonly archived: ArchivedMonths,
    /** Position at which the stream ended when this writer began. */
    private readonly end: number,
  ) {}

  /** @param end position of the stream's last entry now */
  static async open(sql: Sql, transactions: Transactions, position: number, end: number): Promise<BookWriter> {
    const rows = await sql.query<{ month: string; sequence: number }>('select month, sequence from archived_months');
    const archived = new Map(rows.map(({ month, sequence }) => [monthOfDate(month), sequence]));
    return new BookWriter(transactions, position, await Partitions.load(sql), archived, end);
  }

  /** Whether it has yet to apply what was in the stream when it began, and so may not know all of any month. */
  get isBehind(): boolean {
    return this.position < this.end;
  }

  /** Writes batches that follow each other in the stream. */
  async write(batches: readonly ReadBatch[]): Promise<Applied> {
    try {
      return await this.writeRows(batches, ({ begins }) => !begins);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      // The stream holds the beginning of a transaction twice, in two batches: every row is looked for before it is written.
      return this.writeRows(batches, () => true);
    }
  }

  private writeRows(batches: readonly ReadBatch[], lookUp: (row: RowChange) => boolean): Promise<Applied> {
    return this.alone(
      async (sql, whenCommitted) => {
        const chains = this.chains.begin(sql);
        whenCommitted.push(() => chains.committed());
        return this.apply(sql, batches, { chains, lookUp, whenCommitted });
      },
      ({ sequence }) => (this.position = sequence),
    );
  }

  /**
   * One transaction while nothing else is written.
   * @param work may name what is to be done once it is committed
   */
  async alone<T>(
    work: (sql: TransactionSql, whenCommitted: (() => void)[]) => Promise<T>,
    committed: (result: T) => void = () => undefined,
  ): Promise<T> {
    const turn = this.turn.then(async () => {
      const whenCommitted: (() => void)[] = [];
      const result = await this.transactions.transaction((sql) => work(sql, whenCommitted));
      committed(result);
      for (const keep of whenCommitted) keep();
      return result;
    });
    // Whoever comes next waits for it, also when it failed, which is the affair of whoever asked.
    this.turn = turn.catch(() => undefined);
    return turn;
  }

  private async apply(
    sql: TransactionSql,
    batches: readonly ReadBatch[],
    { chains, lookUp, whenCommitted }: Applying,
  ): Promise<Applied> {
    const sequence = batches.at(-1)!.sequence;
    await movePosition(sql, this.position, sequence);
    const { changes, counted, faults, records } = await this.placed(batches, chains);
    const rows = this.withoutArchived(changes.rows, faults);
    const months = new Set([...new Set(rows.map(({ at }) => Math.floor(at / hourMs)))].map((h) => monthOf(h * hourMs)));
    whenCommitted.push(await this.partitions.ensure(sql, months));
    const classified = await classifyRows(sql, rows, lookUp);
    // While the database takes the rows in, what they change in the counts is summed up.
    const [, { deltas, statements }] = await Promise.all([writeRows(sql, classified), countRows(classified)]);
    await changeRollups(sql, statements);
    if (months.size > 0) await noteChange(sql, months);
    await writeEvidence(sql, counted, faults, this.storedKeys);
    whenCommitted.push(() => counted.forEach(({ key }) => this.storedKeys.add(key.kid)));
    const conflicts = [
      ...changes.conflicts,
      ...classified.conflicts.map((row) => ({ id: row.id, sequence: row.lastSequence })),
    ];
    return { sequence, entries: batches.length, records, deltas, faults, conflicts };
  }

  /** Puts the records of all batches together, and checks the batches' places in the stream and in their chains. */
  private async placed(batches: readonly ReadBatch[], chains: ChainCheck) {
    const changes = new RowChanges();
    const counted: CountedBatch[] = [];
    const faults: NotedFault[] = [];
    let records = 0;
    let before = this.position;
    for (const { sequence, recorder, evidence, records: own, faults: found } of batches) {
      const note = (fault: EvidenceFault): void => void faults.push({ ...fault, sequence, recorder });
      found.forEach(note);
      if (sequence !== before + 1) note(missing(before + 1, sequence - 1));
      before = sequence;
      if (!evidence) continue;
      const place = await chains.place(evidence.head, evidence.hash);
      if (place === 'duplicate') continue;
      if (place) note(place);
      if (place?.code !== 'forked') counted.push({ ...evidence, sequence });
      for (const record of own) changes.add(record, recorder, sequence);
      records += own.length;
    }
    return { changes, counted, faults, records };
  }

  /**
   * Leaves out what belongs to a month that is in a file: it is there already when it came before the month was archived,
   * which is so when the book is made anew; and is noted when it came later.
   */
  private withoutArchived(rows: RowChange[], faults: NotedFault[]): RowChange[] {
    if (this.archived.size === 0) return rows;
    const online = Math.max(...[...this.archived.keys()].map((month) => startOf(monthsAfter(month, 1))));
    if (rows.every(({ at }) => at >= online)) return rows;
    const late = new Map<number, { recorder: string; count: number }>();
    const kept = rows.filter(({ at, lastSequence, recorder }) => {
      const until = at >= online ? undefined : this.archived.get(monthOf(at));
      if (until === undefined) return true;
      if (lastSequence > until) late.set(lastSequence, { recorder, count: (late.get(lastSequence)?.count ?? 0) + 1 });
      return false;
    });
    for (const [sequence, { recorder, count }] of late)
      faults.push({ sequence, recorder, code: 'archived-month', detail: `${count} records`, uncounted: count });
    return kept;
  }
}

async function countRows({ fresh, changed }: ClassifiedRows) {
  const deltas = RollupDeltas.of(fresh, changed);
  return { deltas, statements: rollupStatements(deltas) };
}

function missing(first: number, last: number): EvidenceFault {
  const detail = first === last ? `entry ${first} is missing` : `entries ${first} to ${last} are missing`;
  return { code: 'missing-entries', detail, uncounted: 0 };
}
