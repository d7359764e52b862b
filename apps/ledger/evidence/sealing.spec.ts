import { DurableLog, type BusConnection } from '#lgsp/bus';
import { startNats, type TestNats } from '#lgsp/bus/testing';
import { openEvidenceKeys, openLedgerStream } from '#lgsp/recorder';
import {
  EvidenceCheck,
  exportEvidence,
  sealHash,
  sealStream,
  splitBatch,
  type ClosingRequest,
  type EvidenceRequest,
  type SealsRequest,
  type SignedSeal,
} from '#lgsp/records';
import { sampleRecord } from '#lgsp/records/testing';
import { createLogger } from '#lgsp/telemetry';
import { nowInVietnam, todayInVietnam } from '#lgsp/vietnam';
import { TestRecorder } from '../testing/test.recorder';
import { EvidencePages } from './evidence.pages';
import { PublishedKeys } from './published.keys';
import { SealLog } from './seal.log';
import { Sealer } from './sealer';

const hourMs = 3_600_000;
const hourOf = (ms: number): string => `${nowInVietnam(new Date(ms)).slice(0, 13)}+07:00`;
const later = (): number => Date.now() + 2 * hourMs;
const log = createLogger({ app: 'ledger', level: 'silent' });
let nats: TestNats;
let connection: BusConnection;
let stream: DurableLog;
let seals: SealLog;
let keys: PublishedKeys;

beforeEach(async () => {
  nats = await startNats();
  connection = await nats.connect('ledger');
  stream = await openLedgerStream(connection);
  [seals, keys] = await Promise.all([SealLog.open(connection), PublishedKeys.open(connection)]);
});
afterEach(() => nats.stop());

const sealer = (periodMs = hourMs): Sealer => new Sealer({ connection, stream, seals, keys, log }, periodMs);

async function sealed(): Promise<SignedSeal[]> {
  const count = await seals.count();
  return Promise.all(Array.from({ length: count }, async (_, index) => (await seals.at(index + 1)).seal));
}

const today = todayInVietnam(new Date());
const pages = (): EvidencePages => new EvidencePages(stream, seals, sealer(), connection);

/** What is wrong with an evidence file of today. */
async function faultsOfToday(): Promise<string[]> {
  const file = new EvidenceCheck(undefined);
  const source = {
    evidence: (request: EvidenceRequest) => pages().page(request),
    seals: (request: SealsRequest) => pages().sealsAfter(request),
    closingSeal: async (request: ClosingRequest) => ({ seal: await pages().closing(request) }),
    evidenceKeys: async ({ kids }: { kids: string[] }) => {
      const found = await Promise.all(kids.map((kid) => keys.find(kid)));
      return { keys: found.filter((key) => key !== undefined) };
    },
  };
  for await (const line of exportEvidence(source, today, today)) await file.line(line);
  await file.end();
  return file.trail!.findings.list.map(({ fault }) => fault);
}

describe('sealing', () => {
  it('seals an hour once it is over: every recorder, with its key, where its chain began and ended', async () => {
    const [one, two] = [await TestRecorder.open(connection), await TestRecorder.open(connection)];
    const begins = hourOf(Date.now());
    await one.append(sampleRecord(), sampleRecord());
    await two.append(sampleRecord());
    await one.append(sampleRecord());
    const sealing = sealer();
    expect(await sealing.seal()).toBe(0);
    expect(await sealing.seal(later())).toBe(1);
    expect(await sealing.seal(later())).toBe(0);
    const [seal] = await sealed();
    expect(seal).toMatchObject({ number: 1, previous: '0'.repeat(64), after: 0, through: 3, batches: 3, records: 4 });
    expect([begins, hourOf(Date.now())]).toContain(seal!.period);
    expect(seal!.recorder).toMatch(/^ledger-[0-9a-f]{8}$/);
    const chains = [
      { recorder: one.name, key: one.name, first: 1, last: 2, records: 3 },
      { recorder: two.name, key: two.name, first: 1, last: 1, records: 1 },
    ];
    expect(seal!.chains).toMatchObject(chains.toSorted((a, b) => (a.recorder < b.recorder ? -1 : 1)));
    expect(seal!.chains.find(({ recorder }) => recorder === one.name)!.x).toBe((await keys.find(one.name))!.x);
  });

  it('publishes its key at its start, before it signs anything', async () => {
    const sealing = sealer();
    sealing.onApplicationBootstrap();
    await sealing.onModuleDestroy();
    const [published] = [...(await (await openEvidenceKeys(connection)).all()).values()];
    expect(published!.recorder).toMatch(/^ledger-[0-9a-f]{8}$/);
    await (await TestRecorder.open(connection)).append(sampleRecord());
    await sealing.seal(later());
    expect((await sealed()).map(({ key }) => key)).toEqual([published!.kid]);
  });

  it('cuts where an hour ends, and follows on after a restart and beside another ledger', async () => {
    const recorder = await TestRecorder.open(connection);
    const short = 500;
    for (let nth = 0; nth < 3; nth++) {
      await recorder.append(sampleRecord());
      await new Promise((resolve) => setTimeout(resolve, short + 50));
    }
    const [first, second] = [sealer(short), sealer(short)];
    // Both read the same; only one seal can follow another.
    const results = await Promise.allSettled([first.seal(later()), second.seal(later())]);
    expect(results.some(({ status }) => status === 'fulfilled')).toBe(true);
    await sealer(short).seal(later());
    await recorder.append(sampleRecord());
    await sealer(short).seal(later());
    const all = await sealed();
    expect(all.map(({ after, through }) => [after, through])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
    ]);
    for (const [index, seal] of all.entries()) if (index > 0) expect(seal.previous).toBe(sealHash(all[index - 1]!));
    expect(await faultsOfToday()).toEqual([]);
  });

  it('does not go on over a stream that holds less than was sealed', async () => {
    const recorder = await TestRecorder.open(connection);
    await recorder.append(sampleRecord());
    await sealer().seal(later());
    await replaceStream([]);
    await expect(sealer().seal(later())).rejects.toMatchObject({ code: 'internal' });
    expect(await faultsOfToday()).toEqual(expect.arrayContaining(['missing-recorder', 'missing-position']));
  });
});

describe('a file of a day', () => {
  it('is proven before and after it is sealed, also with an entry in it that is no batch', async () => {
    const recorder = await TestRecorder.open(connection);
    expect(await faultsOfToday()).toEqual([]);
    await recorder.append(sampleRecord(), sampleRecord());
    expect(await faultsOfToday()).toEqual([]);
    await sealer().seal(later());
    await recorder.append(sampleRecord());
    expect(await faultsOfToday()).toEqual([]);
    await recorder.store('nonsense');
    expect(await faultsOfToday()).toEqual(['not-a-batch']);
    await sealer().seal(later());
    expect(await faultsOfToday()).toEqual(['not-a-batch']);
  });

  it('comes page by page, each of which the server carries', async () => {
    const recorder = await TestRecorder.open(connection);
    const wide = sampleRecord({ procedure: 'x'.repeat(200_000) });
    for (let nth = 0; nth < 30; nth++) await recorder.append(wide, sampleRecord());
    const page = await pages().page({ from: today, to: today });
    const { entries, through } = page;
    expect(through).toBe(30);
    expect(JSON.stringify(page).length).toBeLessThan(connection.messageBytesMax);
    expect(entries.length).toBeLessThan(30);
    expect(await faultsOfToday()).toEqual([]);
  });

  it('of another day has nothing in it', async () => {
    const recorder = await TestRecorder.open(connection);
    await recorder.append(sampleRecord());
    const page = await pages().page({ from: '2021-01-01', to: '2021-01-31' });
    expect(page).toMatchObject({ after: 0, through: 0, entries: [] });
    expect(await pages().page({ from: '2999-01-01', to: '2999-01-02' })).toMatchObject({ after: 1, through: 1 });
  });

  it('shows what an operator of the bus did to the stream since it was sealed', async () => {
    const [one, two] = [await TestRecorder.open(connection), await TestRecorder.open(connection)];
    const texts = [one.seal([sampleRecord()]), two.seal([sampleRecord()]), one.seal([sampleRecord()])];
    for (const [index, text] of texts.entries()) await (index === 1 ? two : one).store(text);
    await sealer().seal(later());
    await replaceStream([texts[0]!, texts[2]!]); // A recorder's only batch is gone, and the others moved up.
    const recorder = await TestRecorder.open(connection);
    await recorder.append(sampleRecord());
    expect(await faultsOfToday()).toEqual(expect.arrayContaining(['missing-recorder', 'unlike-seal']));
  });
});

/** What only an operator with all rights on the bus can do: another stream under the same name. */
async function replaceStream(texts: string[]): Promise<void> {
  const manager = await connection.nats.jetstreamManager();
  await manager.streams.delete('LEDGER');
  stream = await openLedgerStream(await nats.connect('operator'));
  for (const text of texts) await stream.append(`lgsp.ledger.${splitBatch(text).head.recorder}`, Buffer.from(text));
}

it('nobody takes a seal out', async () => {
  const manager = await connection.nats.jetstreamManager();
  await expect(manager.streams.purge(sealStream.name)).rejects.toThrow(/not permitted/);
});
