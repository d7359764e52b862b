import { transactionIdAt } from '#lgsp/records';
import { dayOfStream, transactionsOf } from './day.fold';
import { RecordBuckets, type KeptRecord } from './record.buckets';

const day = '2026-11-24';
const startsAt = Date.parse(`${day}T00:00:00+07:00`);
const dayMs = 86_400_000;

const opened: RecordBuckets[] = [];
afterAll(() => opened.forEach((buckets) => buckets.remove()));

async function bucketsOf(records: readonly KeptRecord[], bucketBytes?: number): Promise<RecordBuckets> {
  const buckets = new RecordBuckets(bucketBytes);
  opened.push(buckets);
  for (const record of records) await buckets.add(record);
  return buckets;
}

function record(ms: number, change: Partial<KeptRecord> = {}): KeptRecord {
  const digest = Buffer.alloc(16, ms % 251);
  return { id: transactionIdAt(ms), digest, position: 1, final: true, counts: true, ...change };
}

/** Transactions of a day in no order, each with an intent and an outcome. */
const many = Array.from({ length: 400 }, (_, nth) => startsAt + ((nth * 7_919_000) % dayMs)).flatMap((ms, nth) => [
  record(ms, { position: nth + 1, final: false }),
  record(ms, { position: nth + 2, digest: Buffer.alloc(16, 255) }),
]);

describe('the records of a reconciliation', () => {
  it('come back day by day as they were, from midnight to midnight in Vietnam', async () => {
    const [last, first, end, next] = [-1, 0, dayMs - 1, dayMs].map((ms) =>
      record(startsAt + ms, { position: 2 ** 40 }),
    );
    const buckets = await bucketsOf([next!, end!, last!, first!]);
    expect(buckets.known).toEqual(['2026-11-23', day, '2026-11-25']);
    const found: KeptRecord[] = [];
    for await (const records of buckets.of(day)) found.push(...records);
    expect(found).toEqual([end, first]);
    for await (const records of buckets.of('2026-12-01')) expect(records).toEqual([]);
  });

  it('of a day that is too large to be read at once come in parts, in the order of their ids, and are all there', async () => {
    const [whole, parted] = [await bucketsOf(many), await bucketsOf(many, 500)];
    let portions = 0;
    for await (const _ of parted.of(day)) portions++;
    expect(portions).toBeGreaterThan(100);
    const ids: string[] = [];
    for await (const { id, telling } of transactionsOf(parted, day)) {
      ids.push(id);
      expect(telling).toMatchObject({ final: true, digest: Buffer.alloc(16, 255) });
    }
    expect(ids).toEqual([...new Set(many.map(({ id }) => id))].toSorted());
    expect(await dayOfStream(parted, day)).toEqual(await dayOfStream(whole, day));
  });

  it('stay apart when there are more days than are collected at once', async () => {
    const records = Array.from({ length: 1_640 }, (_, nth) => record(startsAt + (nth % 820) * dayMs + nth));
    const buckets = await bucketsOf(records);
    expect(buckets.known).toHaveLength(820);
    for (const one of buckets.known) expect(await dayOfStream(buckets, one)).toMatchObject({ all: 2, proven: 2 });
  });

  it('make a transaction as the book does: the newest tells, a final one for ever, and none that is not proven', async () => {
    const [a, b, c] = [1, 2, 3].map((ms) => startsAt + ms) as [number, number, number];
    const buckets = await bucketsOf([
      record(a, { position: 1, final: false }),
      record(a, { position: 2 }),
      record(a, { position: 3, final: false }),
      record(b, { position: 4, final: false }),
      record(b, { position: 5, final: false }),
      record(b, { position: 6, counts: false }),
      record(c, { position: 7, counts: false }),
    ]);
    const told: (number | undefined)[] = [];
    for await (const { telling } of transactionsOf(buckets, day)) told.push(telling?.position);
    expect(told).toEqual([2, 5, undefined]);
    expect(await dayOfStream(buckets, day)).toMatchObject({ all: 3, proven: 2 });
  });
});
