import { firstPrevious, type SignedHead } from '#lgsp/records';
import type { Sql } from '../store/database';
import type { EvidenceFault } from './evidence.fault';

interface End {
  number: number;
  hash: string;
}

/** Most recorders whose end is kept at hand. */
const recordersMax = 1_000;

/** Checks that each recorder's batches follow each other, over one transaction and from one to the next. */
export class Chains {
  private ends = new Map<string, End>();

  /** To be asked in the order of the stream. */
  begin(sql: Sql): ChainCheck {
    return new ChainCheck(sql, this.ends, (ends) => {
      for (const [recorder, end] of ends) this.ends.set(recorder, end);
      while (this.ends.size > recordersMax) this.ends.delete(this.ends.keys().next().value!);
    });
  }
}

/** What a batch is to its chain: to be applied, with what is wrong with its place; or the same again, to be left out. */
export type Place = 'duplicate' | EvidenceFault | undefined;

/** The check in one SQL transaction: it knows what was applied before, and keeps what it learns when it is committed. */
export class ChainCheck {
  private readonly ends = new Map<string, End>();
  private readonly seen = new Map<string, string>();

  constructor(
    private readonly sql: Sql,
    private readonly before: ReadonlyMap<string, End>,
    private readonly keep: (ends: ReadonlyMap<string, End>) => void,
  ) {}

  async place(head: SignedHead, hash: string): Promise<Place> {
    const { recorder, number, previous } = head;
    const end = await this.endOf(recorder);
    if (number <= end.number) return this.earlier(head, hash);
    this.ends.set(recorder, { number, hash });
    this.seen.set(`${recorder} ${number}`, hash);
    if (number > end.number + 1) {
      const missing =
        number === end.number + 2 ? `batch ${end.number + 1}` : `batches ${end.number + 1} to ${number - 1}`;
      return { code: 'gap', detail: `${missing} before ${number} of ${recorder}`, uncounted: 0 };
    }
    if (previous !== end.hash)
      return { code: 'wrong-previous', detail: `batch ${number} of ${recorder}`, uncounted: 0 };
    return undefined;
  }

  committed(): void {
    this.keep(this.ends);
  }

  private async earlier({ recorder, number }: SignedHead, hash: string): Promise<Place> {
    const known = this.seen.get(`${recorder} ${number}`) ?? (await this.hashOf(recorder, number));
    if (known === hash) return 'duplicate';
    const detail = `batch ${number} of ${recorder}`;
    return { code: known === undefined ? 'out-of-order' : 'forked', detail, uncounted: 0 };
  }

  private async endOf(recorder: string): Promise<End> {
    const known = this.ends.get(recorder) ?? this.before.get(recorder);
    if (known) return known;
    const [row] = await this.sql.query<End>(
      'select number, hash from batches where recorder = $1 order by number desc limit 1',
      [recorder],
    );
    return row ?? { number: 0, hash: firstPrevious };
  }

  private async hashOf(recorder: string, number: number): Promise<string | undefined> {
    const rows = await this.sql.query<{ hash: string }>(
      'select hash from batches where recorder = $1 and number = $2',
      [recorder, number],
    );
    return rows[0]?.hash;
  }
}
