import { setTimeout as pause } from 'node:timers/promises';
import { startNats, type TestNats } from '#lgsp/bus/testing';
import type { BusConnection, DurableLog } from '#lgsp/bus';
import {
  batchFault,
  firstPrevious,
  headHash,
  ledgerSubject,
  newTransactionId,
  parseBatch,
  publicKeyOf,
  type RecordBatch,
  type TransactionRecord,
} from '#lgsp/records';
import { createLogger, Metrics } from '#lgsp/telemetry';
import { openEvidenceKeys, openLedgerStream, Recorder } from '.';

const log = createLogger({ app: 'test', level: 'silent' });
let nats: TestNats;
let connection: BusConnection;
let stream: DurableLog;

beforeAll(async () => {
  nats = await startNats();
  connection = await nats.connect('gateway');
  stream = await openLedgerStream(connection);
});
afterAll(() => nats.stop());

const open = (): Promise<Recorder> => Recorder.open(connection, 'gateway', log, new Metrics(false));
const soon = (): number => Date.now() + 20_000;

function record(): TransactionRecord {
  return {
    id: newTransactionId(),
    step: 'outcome',
    environment: 'production',
    client: 'one-stop',
    system: 'population',
    operation: 'verify-citizen',
    version: '1.0.0',
    kind: 'query',
    mode: 'sync',
    outcome: 'succeeded',
    final: true,
    receivedAt: Date.now(),
    requestBytes: 12,
    salt: 'AAAAAAAAAAAAAAAAAAAAAA',
    requestHash: 'x',
    trace: '0'.repeat(32),
  };
}

async function batchesOf(recorder: Recorder): Promise<RecordBatch[]> {
  const batches: RecordBatch[] = [];
  for await (const { data } of stream.read(ledgerSubject(recorder.name)))
    batches.push(parseBatch(Buffer.from(data).toString('utf8')));
  return batches;
}

/** That the batches are one chain without a gap, each signed with the published key and whole. */
async function expectProven(recorder: Recorder, batches: readonly RecordBatch[]): Promise<void> {
  const keys = await openEvidenceKeys(connection);
  const published = (await keys.get(recorder.name))!.value;
  let previous = firstPrevious;
  for (const [index, { head, texts }] of batches.entries()) {
    expect(head).toMatchObject({ recorder: recorder.name, number: index + 1, previous });
    expect(batchFault(head, texts, publicKeyOf(published))).toBeUndefined();
    previous = headHash(head);
  }
}

it('makes records that come together durable in few batches, in a chain that is proven by the published key', async () => {
  const recorder = await open();
  const records = Array.from({ length: 3_000 }, record);
  await Promise.all(records.map((one) => recorder.record(one, soon())));
  await recorder.record(records[0]!, soon());
  const batches = await batchesOf(recorder);
  expect(batches.length).toBeLessThan(20);
  expect(batches.flatMap((batch) => batch.records.map(({ id }) => id))).toEqual(
    [...records, records[0]!].map(({ id }) => id),
  );
  await expectProven(recorder, batches);
});

it('resolves only once the record is in the stream', async () => {
  const recorder = await open();
  const before = (await stream.state()).last;
  await recorder.record(record(), soon());
  expect((await stream.state()).last).toBe(before + 1);
});

it('loses nothing and doubles nothing while the server is killed again and again', async () => {
  const recorder = await open();
  const told: string[] = [];
  const running = new AbortController();
  const load = async (): Promise<void> => {
    while (!running.signal.aborted) {
      const one = record();
      await recorder.record(one, soon());
      told.push(one.id);
    }
  };
  const loads = Array.from({ length: 8 }, load);
  for (let round = 0; round < 4; round++) {
    await pause(200);
    await nats.crash();
    await pause(50);
    await nats.restart();
  }
  await pause(500);
  running.abort();
  await Promise.all(loads);
  expect(recorder.stalled).toBeUndefined();
  const batches = await batchesOf(recorder);
  const stored = batches.flatMap(({ records }) => records.map(({ id }) => id));
  expect(told.length).toBeGreaterThan(50);
  expect(new Set(stored).size).toBe(stored.length);
  expect(stored.toSorted()).toEqual(told.toSorted());
  await expectProven(recorder, batches);
}, 60_000);

it('stores a batch once when the server hangs past the answer, and gets it again', async () => {
  const recorder = await open();
  await recorder.record(record(), soon());
  nats.freeze();
  const hung = recorder.record(record(), soon());
  await pause(6_500); // Longer than one attempt: the server finds two of them when it goes on.
  nats.thaw();
  await hung;
  await recorder.record(record(), soon());
  const batches = await batchesOf(recorder);
  expect(batches.map(({ head }) => head.number)).toEqual([1, 2, 3]);
  await expectProven(recorder, batches);
}, 40_000);

it('tells who waited too long, is not ready meanwhile, and goes on when the server is back', async () => {
  const recorder = await open();
  await recorder.record(record(), soon());
  await nats.crash();
  const startedAt = Date.now();
  const late = await Promise.all(
    [1, 2].map(() => recorder.record(record(), Date.now() + 300).catch((error: { code: string }) => error.code)),
  );
  expect(late).toEqual(['ledger-unavailable', 'ledger-unavailable']);
  expect(Date.now() - startedAt).toBeLessThan(5_000);
  expect(() => recorder.checkReady()).toThrow(expect.objectContaining({ code: 'bus-unavailable' }) as Error);
  await nats.restart();
  const after = record();
  await recorder.record(after, soon());
  expect(() => recorder.checkReady()).not.toThrow();
  await expectProven(recorder, await batchesOf(recorder));
}, 40_000);

it('takes nothing more once it stops, and writes what waits', async () => {
  const recorder = await open();
  const last = recorder.record(record(), soon());
  await recorder.stop();
  await last;
  await expect(recorder.record(record(), soon())).rejects.toMatchObject({ code: 'ledger-unavailable' });
  expect((await batchesOf(recorder)).length).toBe(1);
});
