import * as fc from 'fast-check';
import { outcomes } from '#lgsp/errors';
import { transactionIdAt, type TransactionRecord } from '#lgsp/records';
import { databaseKinds, LedgerHarness } from '../testing/ledger.harness';
import { NaiveBook, tellBook, tellRowCounts } from '../testing/naive.book';
import { sampleIntent, sampleRecord } from '../testing/sample.records';
import type { TestRecorder } from '../testing/test.recorder';

const runs = 40;

/** Few of each, so that they meet; times at the turn of a month in Vietnam, which is another day in UTC, of past years too. */
const change = fc.record(
  {
    nth: fc.nat(7),
    step: fc.constantFrom('intent', 'outcome', 'outcome'),
    outcome: fc.constantFrom(...outcomes),
    final: fc.boolean(),
    environment: fc.constantFrom('production', 'sandbox'),
    client: fc.constantFrom('one-stop', 'a "quoted" \\ client', 'một cửa'),
    agency: fc.constantFrom('H24.11', 'H24.12'),
    procedure: fc.constantFrom('1.001193', '{NULL}'),
    code: fc.constantFrom('upstream-fault', 'NULL'),
    answeredMs: fc.constantFrom(0, 1, 41, 100_000_000),
  },
  { requiredKeys: ['nth', 'step', 'outcome', 'final', 'environment', 'client'] },
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;
const batch = fc.record({ by: fc.nat(1), changes: fc.array(change, { minLength: 1, maxLength: 6 }) });
/** A batch, or one of those before once more. */
const steps = fc.array(fc.oneof({ weight: 4, arbitrary: batch }, fc.record({ again: fc.nat(9) })), {
  minLength: 1,
  maxLength: 8,
});
/** Long after the test, so that nobody asks about open commands meanwhile. */
const deadline = Date.now() + 3_600_000;
const moments = [
  '2021-03-31T23:59:59.999+07:00',
  '2021-04-01T00:00:00+07:00',
  '2022-02-28T16:59:59Z',
  '2026-11-01T08:00:00+07:00',
];

describe.each(databaseKinds)('the book on %s', (kind) => {
  const harness = new LedgerHarness(kind);
  const naive = new NaiveBook();
  let recorders: TestRecorder[];
  let made = 0;

  beforeAll(async () => {
    await harness.start();
    recorders = [await harness.recorder(), await harness.recorder('ledger')];
  }, 60_000);
  afterAll(() => harness.stop());

  function recordOf({ nth, step, answeredMs, ...given }: Change, run: number): TransactionRecord {
    const at = Date.parse(moments[nth % moments.length]!);
    const random = Buffer.alloc(8);
    random.writeUInt32BE(run, 4);
    const id = transactionIdAt(at, nth, random);
    if (step === 'intent') return sampleIntent({ id, ...given, deadline, outcome: undefined, final: false });
    const { procedure, agency, code, ...required } = given;
    const answeredAt = answeredMs === undefined ? undefined : at + answeredMs;
    return sampleRecord({ id, ...required, procedure, agency, code, answeredAt, deadline, kind: 'command' });
  }

  it('says what a naive one says, whatever comes in whatever order, also twice', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        const run = made++;
        const stored: { by: TestRecorder; text: string; key: string; records: TransactionRecord[] }[] = [];
        let last = 0;
        for (const step of list) {
          if ('changes' in step) {
            const by = recorders[step.by]!;
            const records = step.changes.map((one) => recordOf(one, run));
            const text = by.seal(records);
            stored.push({ by, text, key: text.split('\n')[0]!, records });
          } else if (stored.length > 0) stored.push(stored[step.again % stored.length]!);
          const newest = stored.at(-1);
          if (!newest) continue;
          last = await newest.by.store(newest.text);
          naive.store(last, newest.key, newest.records);
        }
        if (last === 0) return;
        await harness.applied(last);
        expect(await tellBook(harness.ledger.database)).toEqual(readable(naive.tell()));
        expect(await tellRowCounts(harness.ledger.database)).toEqual(readable(naive.tell())['days']);
      }),
      { numRuns: runs },
    );
  }, 120_000);
});

/** Null and nothing are the same in the text of the database. */
function readable(told: Record<string, string[]>): Record<string, string[]> {
  const lines = (list: string[]): string[] => list.map((line) => line.replaceAll('null', '')).toSorted();
  return Object.fromEntries(Object.entries(told).map(([name, list]) => [name, lines(list)]));
}
