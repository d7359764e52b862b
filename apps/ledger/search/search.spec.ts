import { bookSubjects, transactionIdAt, type TransactionPage, type TransactionView } from '#lgsp/records';
import { databaseKinds, LedgerHarness } from '../testing/ledger.harness';
import { sampleIntent, sampleRecord } from '../testing/sample.records';

describe.each(databaseKinds)('the search of a ledger on %s', (kind) => {
  const harness = new LedgerHarness(kind);
  const at = (text: string, order = 0): string => transactionIdAt(Date.parse(text), order, Buffer.alloc(8, order + 1));
  const birth = at('2026-11-20T08:00:00+07:00');
  const late = at('2026-11-20T23:59:59.999+07:00');
  const payment = at('2026-11-21T00:00:00+07:00');
  const ids = async (question: object): Promise<string[]> =>
    (await harness.ask<TransactionPage>(bookSubjects.transactions, question)).transactions.map(({ id }) => id);
  const refusal = (subject: string, question: object): Promise<unknown> =>
    harness.ask(subject, question).then(
      () => 'answered',
      (error: { code: string; errors?: { path: string }[] }) => [
        error.code,
        ...(error.errors ?? []).map(({ path }) => path),
      ],
    );

  beforeAll(async () => {
    await harness.start();
    const recorder = await harness.recorder();
    await recorder.append(
      sampleIntent({ id: birth, client: 'ward', dossier: 'H24.11-261120-0001', linkedDossier: 'G22.01-261120-000001' }),
      sampleRecord({
        id: late,
        client: 'ward',
        outcome: 'not-found',
        code: 'not-found',
        dossier: 'H24.11-261120-0002',
      }),
      sampleRecord({ id: payment, client: 'city', system: 'payment', operation: 'get-payment-status' }),
    );
    for (const deadline = Date.now() + 20_000; (await ids({})).length < 3;) {
      if (Date.now() > deadline) throw new Error('the records were not applied in time');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }, 60_000);
  afterAll(() => harness.stop());

  it('gives a transaction as it stands, with times of Vietnam and without hashes', async () => {
    const found = await harness.ask<TransactionView>(bookSubjects.transaction, { id: late });
    expect(found).toMatchObject({ id: late, outcome: 'not-found', final: true, durationMs: 41, attempts: 1 });
    expect(found.receivedAt).toMatch(/^2026-11-20T23:59:59.*\+07:00$/);
    for (const hidden of ['salt', 'officer', 'requestHash', 'idempotency']) expect(found).not.toHaveProperty(hidden);
  });

  it("does not know another client's transaction", async () => {
    const question = { id: late, client: 'city' };
    expect(await refusal(bookSubjects.transaction, question)).toEqual(['unknown-transaction']);
    expect(await ids({ client: 'city' })).toEqual([payment]);
  });

  it.each([
    [{}, [payment, late, birth]],
    [{ dossier: 'H24.11-261120-0001' }, [birth]],
    [{ dossier: 'G22.01-261120-000001' }, [birth]],
    [{ system: 'payment', operation: 'get-payment-status' }, [payment]],
    [{ outcome: 'not-found' }, [late]],
    [{ from: '2026-11-20', to: '2026-11-20' }, [late, birth]],
    [{ from: '2026-11-21' }, [payment]],
    [{ to: '2026-11-20T23:59:59.999+07:00' }, [birth]],
    [{ to: '2026-11-20T17:00Z' }, [late, birth]],
  ])('finds by %j', async (question, expected) => {
    expect(await ids(question)).toEqual(expected);
  });

  it('goes from page to page without losing or repeating one', async () => {
    const first = await harness.ask<TransactionPage>(bookSubjects.transactions, { limit: 2 });
    expect(first.transactions.map(({ id }) => id)).toEqual([payment, late]);
    const second = await harness.ask<TransactionPage>(bookSubjects.transactions, { limit: 2, cursor: first.cursor });
    expect(second).toMatchObject({ transactions: [{ id: birth }] });
    expect(second.cursor).toBeUndefined();
  });

  it('refuses what it cannot understand, naming the field', async () => {
    const odd = { outcome: 'lost', from: 'yesterday', cursor: "' or 1=1", limit: 0, more: 1 };
    const [code, ...paths] = (await refusal(bookSubjects.transactions, odd)) as string[];
    expect(code).toBe('invalid-request');
    expect(paths.toSorted()).toEqual(['/cursor', '/from', '/limit', '/more', '/outcome']);
  });

  it.each([
    '2026-13-45',
    '2026-02-30',
    '2026-11-24T25:00:00Z',
    '2026-11-24T08:00:00',
    '2026-11-24 08:00',
    'yesterday',
    7,
  ])('takes %s for no day and no time, and says what is one', async (to) => {
    const message = expect.stringContaining('such as 2026-11-25, or a time') as string;
    await expect(harness.ask(bookSubjects.transactions, { to })).rejects.toMatchObject({
      errors: [{ path: '/to', rule: 'day-or-time', message }],
    });
  });
});
