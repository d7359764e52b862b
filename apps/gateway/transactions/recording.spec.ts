import type { ChildProcess } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { openLedgerStream } from '#lgsp/recorder';
import { ledgerStream, parseBatch, timeOfTransactionId, type TransactionRecord } from '#lgsp/records';
import { startForeign } from '../testing/foreign';
import { GatewayHarness, until, type Answer } from '../testing/gateway.harness';

const harness = new GatewayHarness();
const officerKey = 'a key that is long enough';
const secretText = 'Nguyễn Thị Bí Mật';
let foreign: ChildProcess;

beforeAll(async () => {
  await harness.start({ LGSP_OFFICER_KEY: officerKey });
  foreign = await startForeign(harness);
});
afterAll(async () => {
  foreign.kill('SIGKILL');
  await harness.stop();
});

/** Every record in the stream, in order. */
async function recorded(): Promise<TransactionRecord[]> {
  const stream = await openLedgerStream(await harness.nats.connect('reader'));
  const records: TransactionRecord[] = [];
  for await (const { data } of stream.read(ledgerStream.subjects))
    records.push(...parseBatch(Buffer.from(data).toString('utf8')).records);
  return records;
}

/** How many alarms the connector has set. */
const alarms = async (): Promise<unknown> => (await harness.post('/v1/weather/count-alarms')).body['alarms'];
const idOf = ({ headers }: Answer): string => headers.get('lgsp-transaction-id')!;
const saltedHash = ({ salt }: TransactionRecord, body: string): string =>
  createHash('sha256').update(Buffer.from(salt, 'base64url')).update(body).digest('base64url');

const context = { 'lgsp-agency': 'H24.11', 'lgsp-officer': 'canbo.mau', 'lgsp-dossier': 'H24.11-261101-0001' };

describe('a query', () => {
  it('is in the book, once, before it is answered: who, for what, how it ended, when; no body and no name', async () => {
    const body = JSON.stringify({ name: secretText });
    const answer = await harness.post('/v1/weather/get-forecast', body, context);
    const records = (await recorded()).filter(({ id }) => id === idOf(answer));
    expect(records).toHaveLength(1);
    const record = records[0]!;
    expect(record).toMatchObject({
      step: 'outcome',
      outcome: 'succeeded',
      final: true,
      kind: 'query',
      mode: 'sync',
      environment: 'production',
      client: 'tester',
      agency: 'H24.11',
      dossier: 'H24.11-261101-0001',
      system: 'weather',
      operation: 'get-forecast',
      version: '1.0.0',
      requestBytes: Buffer.byteLength(body),
      trace: answer.headers.get('traceparent')!.slice(3, 35),
    });
    expect(record.officer).toBe(createHmac('sha256', officerKey).update('canbo.mau').digest('base64url').slice(0, 22));
    expect(record.requestHash).toBe(saltedHash(record, body));
    expect(record.answerHash).toBe(saltedHash(record, JSON.stringify(answer.body)));
    const times = [record.receivedAt, record.sentAt!, record.returnedAt!, record.answeredAt!];
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(Math.abs(timeOfTransactionId(record.id) - record.receivedAt)).toBeLessThan(1_000);
    expect(JSON.stringify(record)).not.toContain(secretText);
    expect(JSON.stringify(record)).not.toContain('canbo.mau');
  });

  it('that failed is in the book with the outcome and the code that its caller saw', async () => {
    const other = await startForeign(harness, 'tides');
    await until(async () => (await harness.post('/v1/tides/get-forecast')).status === 200);
    other.kill('SIGKILL');
    await new Promise((resolve) => other.once('exit', resolve));
    let answer = await harness.post('/v1/tides/get-forecast');
    // The server may take a moment to see that a process is gone.
    await until(async () => {
      if (answer.body['code'] !== 'connector-unavailable') answer = await harness.post('/v1/tides/get-forecast');
      return answer.body['code'] === 'connector-unavailable';
    });
    const record = (await recorded()).find(({ id }) => id === idOf(answer));
    expect(record).toMatchObject({ outcome: 'failed', code: 'connector-unavailable', final: true });
    expect(record!.returnedAt).toBeUndefined();
  });

  it('that was refused at the door is no transaction', async () => {
    const before = (await recorded()).length;
    const refused = [
      await harness.post('/v1/weather/no-such'),
      await harness.post('/v1/weather/get-forecast', {}, { authorization: 'ApiKey nonsense' }),
      await harness.post('/v1/weather/set-alarm'), // A command without a key.
    ];
    expect(refused.map(({ status }) => status)).toEqual([404, 401, 400]);
    expect((await recorded()).length).toBe(before);
  });
});

describe('a command', () => {
  it('is in the book with its intent before it is sent, and its outcome before it is answered; a replay adds nothing', async () => {
    const headers = { ...context, 'idempotency-key': 'alarm-1' };
    const first = await harness.post('/v1/weather/set-alarm', { at: 'noon' }, headers);
    const again = await harness.post('/v1/weather/set-alarm', { at: 'noon' }, headers);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const records = (await recorded()).filter(({ id }) => id === idOf(first));
    expect(records.map(({ step, outcome, final }) => ({ step, outcome, final }))).toEqual([
      { step: 'intent', outcome: undefined, final: false },
      { step: 'outcome', outcome: 'succeeded', final: true },
    ]);
    const [intent, outcome] = records;
    expect(intent!.deadline).toBeGreaterThan(intent!.receivedAt);
    expect(intent!.idempotency).toMatch(/^tester\.[\w-]{43}$/);
    expect(outcome).toMatchObject({ salt: intent!.salt, requestHash: intent!.requestHash });
  });
});

/** Has the stream take nothing more, as a full one that refuses what is new. @returns what undoes it */
async function fill(): Promise<() => Promise<void>> {
  const manager = await (await harness.nats.connect('operator')).nats.jetstreamManager();
  const { config, state } = await manager.streams.info(ledgerStream.name);
  await manager.streams.update(ledgerStream.name, { ...config, max_msgs: state.messages, discard: 'new' as never });
  return async () => {
    await manager.streams.update(ledgerStream.name, { ...config, max_msgs: -1 });
    await until(async () => (await harness.fetch('/readyz')).status === 200);
  };
}

it('sends no command whose intent cannot be written down, also when it is the first to notice', async () => {
  const before = await alarms();
  const undo = await fill();
  const headers = { 'idempotency-key': 'alarm-first', 'lgsp-deadline-ms': '500' };
  const refused = await harness.post('/v1/weather/set-alarm', {}, headers);
  expect(refused).toMatchObject({ status: 503, body: { code: 'ledger-unavailable' } });
  await undo();
  expect(await alarms()).toBe(before);
}, 30_000);

it('refuses calls before anything is sent while the stream takes no records, says so, and goes on when it takes them', async () => {
  const undo = await fill();
  // The first to notice was made already: what came of it is not told, since it is not written down.
  const unrecorded = await harness.post('/v1/weather/get-forecast');
  expect(unrecorded).toMatchObject({ status: 503, body: { code: 'ledger-unavailable' } });
  expect(unrecorded.headers.get('lgsp-transaction-id')).toBeNull();
  const headers = { 'idempotency-key': 'alarm-2' };
  const first = await harness.post('/v1/weather/set-alarm', {}, { ...headers, 'lgsp-deadline-ms': '500' });
  expect(first).toMatchObject({ status: 503, body: { code: 'ledger-unavailable' } });
  expect(first.headers.get('lgsp-transaction-id')).toBeNull();
  const second = await harness.post('/v1/weather/get-forecast');
  expect(second).toMatchObject({ status: 503, body: { code: 'ledger-unavailable' } });
  expect(second.ms).toBeLessThan(500);
  expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
  const ready = await harness.fetch('/readyz');
  expect(ready).toMatchObject({ status: 503, body: { parts: { records: { status: 'down' } } } });
  await undo();
  const retried = await harness.post('/v1/weather/set-alarm', {}, headers);
  expect(retried.status).toBe(200);
  const records = (await recorded()).filter(({ id }) => id === idOf(retried));
  expect(records.map(({ step }) => step)).toEqual(['intent', 'outcome']);
}, 30_000);
