import { generateKeyPairSync } from 'node:crypto';
import { firstPrevious, ledgerSubject, sealBatch, transactionIdAt } from '#lgsp/records';
import { openLedgerStream } from '#lgsp/recorder';
import { databaseKinds, LedgerHarness, until } from '../testing/ledger.harness';
import { sampleIntent, sampleRecord } from '../testing/sample.records';
import type { TestRecorder } from '../testing/test.recorder';

describe.each(databaseKinds)('the book on %s', (kind) => {
  const harness = new LedgerHarness(kind);
  let recorder: TestRecorder;
  beforeAll(async () => {
    await harness.start();
    recorder = await harness.recorder();
  }, 60_000);
  afterAll(() => harness.stop());

  const row = async (id: string) =>
    (
      await harness.rows('select outcome, final, code, first_sequence, last_sequence from transactions where id = $1', [
        id,
      ])
    )[0];
  const faultsAt = async (sequence: number) =>
    harness.rows<{ fault: string; uncounted: number }>(
      'select fault, uncounted from evidence_faults where sequence = $1 order by fault',
      [sequence],
    );
  const metric = async (name: string, labels: string): Promise<number | undefined> => {
    const text = await harness.ledger.metrics.text();
    const line = text.split('\n').find((one) => one.startsWith(`${name}{`) && one.includes(labels));
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  };

  it('holds a query after its record, and a command from its intent on', async () => {
    const [query, command] = [sampleRecord(), sampleIntent()];
    const first = await recorder.append(query, command);
    await harness.applied(first);
    expect(await row(query.id)).toMatchObject({ outcome: 'succeeded', final: true, first_sequence: first });
    expect(await row(command.id)).toMatchObject({ outcome: 'accepted', final: false });
    const second = await recorder.append({ ...command, step: 'outcome', outcome: 'rejected', final: true });
    await harness.applied(second);
    expect(await row(command.id)).toMatchObject({
      outcome: 'rejected',
      final: true,
      first_sequence: first,
      last_sequence: second,
    });
  });

  it('keeps the salt of a command only until its outcome is final', async () => {
    const command = sampleIntent();
    const salts = () =>
      harness.rows(
        'select salt is not null as salt, request_hash is not null as hash from transactions where id = $1',
        [command.id],
      );
    await harness.applied(await recorder.append(command));
    expect(await salts()).toEqual([{ salt: true, hash: true }]);
    await harness.applied(await recorder.append({ ...command, step: 'outcome', outcome: 'succeeded', final: true }));
    expect(await salts()).toEqual([{ salt: false, hash: false }]);
  });

  it('counts a batch that is stored twice once', async () => {
    const record = sampleRecord({ client: 'stored-twice' });
    const text = recorder.seal([record]);
    await recorder.store(text);
    await harness.applied(await recorder.store(text));
    await harness.applied(await recorder.append(sampleRecord({ client: 'after-it' })));
    expect(await metric('lgsp_transactions_total', 'client="stored-twice"')).toBe(1);
    expect(await metric('lgsp_transactions_total', 'client="after-it"')).toBe(1);
  });

  it('lets a final outcome stand, and says what contradicts it', async () => {
    const record = sampleRecord();
    const [conflicts] = [await metricValue('lgsp_ledger_conflicts_total')];
    const first = await recorder.append(record);
    await recorder.append({ ...record, outcome: 'failed', code: 'internal' });
    await harness.applied(await recorder.append({ ...record, outcome: 'unknown', final: false }));
    expect(await row(record.id)).toEqual({
      outcome: 'succeeded',
      final: true,
      code: null,
      first_sequence: first,
      last_sequence: first,
    });
    await until(async () => (await metricValue('lgsp_ledger_conflicts_total')) === conflicts + 1);
    expect(harness.logLines.filter((line) => line.includes(record.id) && line.includes('contradicts'))).toHaveLength(1);
  });

  async function metricValue(name: string): Promise<number> {
    const text = await harness.ledger.metrics.text();
    const line = text.split('\n').find((one) => one.startsWith(`${name} `));
    return Number(line?.split(' ').at(-1));
  }

  it('makes a month when it is needed, also one long ago', async () => {
    const old = transactionIdAt(Date.parse('2021-02-28T23:59:59.999+07:00'));
    const next = transactionIdAt(Date.parse('2021-03-01T00:00:00+07:00'));
    await harness.applied(await recorder.append(sampleRecord({ id: old }), sampleRecord({ id: next })));
    const found = await harness.rows(
      'select tableoid::regclass::text as month from transactions where id = any($1::uuid[]) order by id',
      [[old, next]],
    );
    expect(found).toEqual([{ month: 'transactions_2021_02' }, { month: 'transactions_2021_03' }]);
    expect(await harness.rows("select count from rollup_month where month = '2021-02-01'")).toEqual([{ count: 1 }]);
  });

  it('counts nothing of what nobody it knows has signed', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const stream = await openLedgerStream(harness.connection);
    const record = sampleRecord();
    const forged = sealBatch(
      [record],
      'gateway-00000000',
      { number: 0, hash: firstPrevious },
      { kid: 'nobody', privateKey },
    );
    const unknown = await stream.append(ledgerSubject('gateway-00000000'), Buffer.from(forged.text));
    const { text: stolen } = sealBatch(
      [record],
      recorder.name,
      { number: 99, hash: firstPrevious },
      { kid: recorder.name, privateKey },
    );
    const wrong = await recorder.store(stolen);
    const foreign = await stream.append(ledgerSubject('gateway-11111111'), Buffer.from(recorder.seal([record])));
    const last = await recorder.append(sampleRecord());
    await harness.applied(last);
    expect(await row(record.id)).toBeUndefined();
    expect([await faultsAt(unknown), await faultsAt(wrong), await faultsAt(foreign)]).toEqual([
      [{ fault: 'unknown-key', uncounted: 1 }],
      [{ fault: 'wrong-signature', uncounted: 1 }],
      [{ fault: 'foreign-recorder', uncounted: 1 }],
    ]);
    expect(await faultsAt(last)).toEqual([{ fault: 'gap', uncounted: 0 }]);
    expect(await metric('lgsp_evidence_faults_total', 'code="unknown-key"')).toBe(1);
  });

  it('is stopped by no entry, and counts of a batch what can be read', async () => {
    const own = await harness.recorder();
    const good = sampleRecord();
    const texts = [
      '',
      'no JSON',
      '{"v":1}',
      'null',
      '\0',
      own.seal([sampleRecord()]).replace('succeeded', 'failed---'),
    ];
    const sequences: number[] = [];
    for (const text of texts) sequences.push(await own.store(text));
    const odd = [
      { ...sampleRecord(), more: 1 } as unknown as typeof good,
      sampleRecord({ client: 'with a \0' }),
      sampleRecord({ dossier: 'x'.repeat(5_000) }),
      sampleRecord({ upstreamMs: 2 ** 31 }),
      sampleRecord({ id: transactionIdAt(0) }),
      sampleRecord({ id: transactionIdAt(Date.parse('9999-01-01')) }),
      sampleRecord({ outcome: undefined }),
    ];
    const mixed = await own.append(...odd, good);
    await harness.applied(mixed);
    const found = await Promise.all(
      sequences.map(async (sequence) => (await faultsAt(sequence)).map(({ fault }) => fault)),
    );
    expect(found).toEqual([
      ['unreadable'],
      ['unreadable'],
      ['unreadable'],
      ['unreadable'],
      ['unreadable'],
      ['wrong-root'],
    ]);
    // A field more is not in a record's text form, so it is not signed and not there.
    expect(await faultsAt(mixed)).toEqual([
      { fault: 'gap', uncounted: 0 },
      { fault: 'unreadable-record', uncounted: 6 },
    ]);
    expect(await row(good.id)).toMatchObject({ outcome: 'succeeded' });
  });

  it('sees what is missing, late or twice in a chain, and counts what is there', async () => {
    const own = await harness.recorder();
    const fork = sampleRecord();
    const forked = sealBatch([fork], own.name, { number: 0, hash: firstPrevious }, own.identity.key).text;
    const sealed = Array.from({ length: 4 }, () => own.seal([sampleRecord()]));
    const order = [0, 2, 1, 3].map((nth) => sealed[nth]!);
    const sequences: number[] = [];
    for (const text of [...order, forked]) sequences.push(await own.store(text));
    await harness.applied(sequences.at(-1)!);
    const found = await Promise.all(
      sequences.map(async (sequence) => (await faultsAt(sequence)).map(({ fault }) => fault)),
    );
    expect(found).toEqual([[], ['gap'], ['out-of-order'], [], ['forked']]);
    expect(await row(fork.id)).toMatchObject({ outcome: 'succeeded' });
  });

  it('goes on where it was when it is started again, with the same counts', async () => {
    const before = await harness.ledger.metrics.text();
    await harness.ledger.stop();
    const sequence = await recorder.append(sampleRecord({ client: 'while-stopped' }));
    await harness.startLedger();
    await harness.applied(sequence);
    const lines = (text: string): string[] =>
      text
        .split('\n')
        .filter((line) => line.startsWith('lgsp_transactions_total') && !line.includes('while-stopped'))
        .toSorted();
    const after = await harness.ledger.metrics.text();
    expect(lines(after)).toEqual(lines(before));
    expect(await metric('lgsp_transactions_total', 'client="while-stopped"')).toBe(1);
    await until(async () => (await metricValue('lgsp_ledger_lag_records')) === 0);
    expect(await metricValue('lgsp_ledger_writer')).toBe(1);
  });

  it('follows no other stream than its own, and says the way out', async () => {
    await harness.ledger.stop();
    const manager = await harness.connection.nats.jetstreamManager();
    await manager.streams.delete('LEDGER');
    const other = await harness.recorder();
    await other.append(sampleRecord());
    await harness.startLedger();
    await until(() => harness.logLines.some((line) => line.includes('once with \\"rebuild\\"')));
    expect(harness.ledger.applier.isWriter).toBe(false);
    expect((await harness.rows('select count(*) from transactions'))[0]).not.toEqual({ count: 1 });
  });
});
