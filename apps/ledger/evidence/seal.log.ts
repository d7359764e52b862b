import { DurableLog, type BusConnection } from '#lgsp/bus';
import { BusError } from '#lgsp/errors';
import { firstPrevious, parseSeal, sealHash, sealStream, type SignedSeal } from '#lgsp/records';

/** Where the chain of seals stands. */
export interface SealChainEnd {
  number: number;
  hash: string;
  /** Position in the ledger's stream up to which all is sealed. */
  through: number;
}

/** A seal, as it is and as its text. */
export interface StoredSeal {
  seal: SignedSeal;
  text: string;
}

/** The chain of seals, in a log of its own, to which every ledger process adds and from which nobody takes anything out. */
export class SealLog {
  private constructor(private readonly log: DurableLog) {}

  static async open(connection: BusConnection): Promise<SealLog> {
    const { name: stream, subject } = sealStream;
    const description = 'seals over the log of record: what stood in it, hour by hour';
    return new SealLog(await DurableLog.open(connection, { stream, subject, description }));
  }

  /** How many there are: the number of the newest. @throws BusError `bus-unavailable` */
  async count(): Promise<number> {
    return (await this.log.state()).last;
  }

  /** @throws BusError `internal` when there is none of this number, or it is no seal */
  async at(number: number): Promise<StoredSeal> {
    const entry = await this.log.entry(number);
    if (!entry) throw new BusError('internal', { cause: new Error(`seal ${number} is missing`) });
    const text = Buffer.from(entry.data).toString('utf8');
    return { seal: parseSeal(text), text };
  }

  async newest(): Promise<StoredSeal | undefined> {
    const count = await this.count();
    return count === 0 ? undefined : this.at(count);
  }

  async end(): Promise<SealChainEnd> {
    const newest = await this.newest();
    if (!newest) return { number: 0, hash: firstPrevious, through: 0 };
    const { seal } = newest;
    return { number: seal.number, hash: sealHash(seal), through: seal.through };
  }

  /** Adds the seal after the one that it follows; false when somebody else was faster. @throws BusError `bus-unavailable` */
  async append(number: number, text: string): Promise<boolean> {
    try {
      await this.log.append(sealStream.subject, Buffer.from(text), { after: number - 1 });
      return true;
    } catch (error) {
      if (BusError.from(error).code === 'internal') return false;
      throw error;
    }
  }

  /** Number of the first seal that reaches beyond a position of the ledger's stream; one more than there are when none does. */
  async firstBeyond(position: number): Promise<number> {
    let [low, high] = [1, (await this.count()) + 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((await this.at(middle)).seal.through > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
