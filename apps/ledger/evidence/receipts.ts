import { Inject } from '@nestjs/common';
import { DurableLog } from '#lgsp/bus';
import { BusError } from '#lgsp/errors';
import { parseSeal, proveRecords, type EvidenceJwk, type ProvenRecord, type Receipt } from '#lgsp/records';
import { unknownTransaction } from '../store/archived.months';
import { Database } from '../store/database';
import { PublishedKeys } from './published.keys';
import { SealLog } from './seal.log';

/** Most batches that a receipt takes records from. */
const positionsMax = 200;

interface Places {
  client: string;
  /** Stream positions of the batches that hold its records. */
  positions: number[];
}

/** Gives receipts: the records of a transaction from the stream itself, each with the way to the signed root of its batch. */
export class Receipts {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(DurableLog) private readonly stream: DurableLog,
    @Inject(PublishedKeys) private readonly published: PublishedKeys,
    @Inject(SealLog) private readonly seals: SealLog,
  ) {}

  /**
   * @param client whose transaction it must be; anybody's when left out
   * @throws BusError `unknown-transaction`, also for another client's, and when it is archived
   */
  async receipt(id: string, client?: string): Promise<Receipt> {
    const places = await this.find(id);
    if (!places || (client !== undefined && places.client !== client))
      throw await unknownTransaction(this.database, id);
    const records: ProvenRecord[] = [];
    const kids = new Set<string>();
    for (const position of places.positions) {
      const { proven, key } = await this.prove(id, position);
      records.push(...proven);
      kids.add(key);
    }
    const newest = await this.seals.newest();
    if (newest) kids.add(parseSeal(newest.text).key);
    return { v: 1, id, records, keys: await this.keysOf(kids), ...(newest ? { seal: newest.text } : {}) };
  }

  private async find(id: string): Promise<Places | undefined> {
    const [row] = await this.database.query<{ client: string; positions: number[] }>(
      `select client, array(
         select distinct position from unnest(array[first_sequence, last_sequence] || between_sequences) as position
         order by position
       ) as positions from transactions where id = $1`,
      [id],
    );
    if (!row) return undefined;
    const { client, positions } = row;
    const numbers = positions.map(Number);
    // A command that was sent again a hundred times: how it began and how it ended are what matters.
    return { client, positions: [...numbers.slice(0, 1), ...numbers.slice(1).slice(1 - positionsMax)] };
  }

  private async prove(id: string, position: number): Promise<{ proven: ProvenRecord[]; key: string }> {
    const entry = await this.stream.entry(position);
    if (!entry) throw new BusError('internal', { cause: new Error(`nothing stands at position ${position}`) });
    const { proven, head } = proveRecords(Buffer.from(entry.data).toString('utf8'), id);
    if (proven.length === 0)
      throw new BusError('internal', { cause: new Error(`no record of ${id} at position ${position}`) });
    return { proven, key: head.key };
  }

  /** Without one that was never published: the receipt then proves less, and says so when it is checked. */
  private async keysOf(kids: Iterable<string>): Promise<EvidenceJwk[]> {
    const keys = await Promise.all([...kids].map((kid) => this.published.find(kid)));
    return keys.filter((key) => key !== undefined);
  }
}
