import { BusError } from '#lgsp/errors';
import {
  bodyHash,
  bookSubjects,
  checkReceipt,
  newTransactionId,
  type Receipt,
  type TransactionRecord,
  type TransactionView,
} from '#lgsp/records';
import { databaseKinds, LedgerHarness, until } from '../testing/ledger.harness';
import { sampleIntent, sampleRecord } from '../testing/sample.records';

describe.each(databaseKinds)('receipts of a ledger on %s', (kind) => {
  const harness = new LedgerHarness(kind);
  const receiptOf = (id: string, client?: string): Promise<Receipt> =>
    harness.ask(bookSubjects.receipt, { id, ...(client === undefined ? {} : { client }) });

  beforeAll(() => harness.start(), 60_000);
  afterAll(() => harness.stop());

  /** Waits until the book says of a transaction that it stands so. */
  async function applied(id: string, stands: Partial<TransactionView> = {}): Promise<void> {
    await until(async () => {
      try {
        const view = await harness.ask<TransactionView>(bookSubjects.transaction, { id });
        return Object.entries(stands).every(([name, value]) => view[name as keyof TransactionView] === value);
      } catch (error) {
        if (BusError.from(error).code !== 'unknown-transaction') throw error;
        return false; // Not applied yet.
      }
    });
  }

  it('hold the record of a query among others of its batch, and prove it and the bodies offline', async () => {
    const salt = Buffer.alloc(16, 3);
    const body = Buffer.from('{"identityNumber":"031190000016"}');
    const record = sampleRecord({ salt: salt.toString('base64url'), requestHash: bodyHash(salt, body) });
    const recorder = await harness.recorder();
    await recorder.append(sampleRecord(), sampleRecord());
    await recorder.append(sampleRecord(), record, sampleRecord());
    await applied(record.id);
    const receipt = await receiptOf(record.id);
    const { findings, records } = checkReceipt(JSON.stringify(receipt), undefined, { request: body });
    expect(findings).toEqual([]);
    expect(records).toEqual([record]);
    expect(receipt.keys.map(({ kid }) => kid)).toEqual([recorder.name]);
  });

  it('hold every record of a command, whoever recorded it and in however many batches and steps it was applied', async () => {
    const [gateway, ledger] = [await harness.recorder(), await harness.recorder('ledger')];
    const intent = sampleIntent();
    const end = (outcome: TransactionRecord['outcome'], final: boolean): TransactionRecord => ({
      ...intent,
      step: 'outcome',
      outcome,
      final,
    });
    const steps = [
      intent,
      end('unknown', false),
      end('failed', false),
      intent,
      end('unknown', false),
      end('succeeded', true),
      end('failed', true), // Too late: a final outcome stands, and so does what contradicts it.
    ];
    await gateway.append(sampleRecord(), intent);
    await applied(intent.id);
    await gateway.append(end('unknown', false));
    await applied(intent.id, { outcome: 'unknown' });
    await ledger.append(end('failed', false), sampleRecord());
    await applied(intent.id, { outcome: 'failed' });
    // The further ones at once, in several batches.
    await Promise.all([gateway.append(intent, end('unknown', false)), gateway.append(end('succeeded', true))]);
    await applied(intent.id, { final: true });
    await harness.applied(await ledger.append(steps.at(-1)!));
    const { findings, records } = checkReceipt(JSON.stringify(await receiptOf(intent.id)), undefined);
    expect(findings).toEqual([]);
    expect(records.map(({ step, outcome, final }) => ({ step, outcome, final }))).toEqual(
      steps.map(({ step, outcome, final }) => ({ step, outcome, final })),
    );
  });

  it('prove the answer to a command that is sent again after it was found out how it ended', async () => {
    const [gateway, ledger] = [await harness.recorder(), await harness.recorder('ledger')];
    const intent = sampleIntent();
    const answer = Buffer.from('{"dossier":"H24.11-261101-0001"}');
    const foundOut = { ...intent, step: 'outcome', outcome: 'succeeded', final: true } as const;
    const answerHash = bodyHash(Buffer.from(intent.salt, 'base64url'), answer);
    const last = [
      await gateway.append(intent),
      await ledger.append(foundOut),
      await gateway.append({ ...foundOut, answerBytes: answer.length, answerHash }),
    ].at(-1)!;
    await harness.applied(last);
    const text = JSON.stringify(await receiptOf(intent.id));
    expect(checkReceipt(text, undefined, { answer })).toMatchObject({ findings: [], ending: { outcome: 'succeeded' } });
    const { findings } = checkReceipt(text, undefined, { answer: Buffer.from('{}') });
    expect(findings).toMatchObject([{ fault: 'other-body' }]);
  });

  it('are only for whose transaction it is', async () => {
    const record = sampleRecord({ client: 'one-stop' });
    await (await harness.recorder()).append(record);
    await applied(record.id);
    expect((await receiptOf(record.id, 'one-stop')).id).toBe(record.id);
    for (const [id, client] of [
      [record.id, 'another'],
      [record.id, ''],
      [newTransactionId(), undefined],
    ] as const)
      await expect(receiptOf(id, client)).rejects.toMatchObject({ code: 'unknown-transaction' });
    await expect(receiptOf("' or true --")).rejects.toMatchObject({ code: 'invalid-request' });
  });
});
