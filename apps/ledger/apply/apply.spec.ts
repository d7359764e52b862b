import { databaseKinds, LedgerHarness } from '../testing/ledger.harness';
import { sampleIntent, sampleRecord } from '../testing/sample.records';

describe.each(databaseKinds)('the book on %s', (kind) => {
  const harness = new LedgerHarness(kind);
  beforeAll(() => harness.start());
  afterAll(() => harness.stop());

  it('holds a query after its record, and a command from its intent on', async () => {
    const recorder = await harness.recorder();
    const [query, command] = [sampleRecord(), sampleIntent()];
    await harness.applied(await recorder.append(query, command));
    const rows = () =>
      harness.rows(
        'select id::text, outcome, final, first_sequence, last_sequence from transactions order by first_sequence, kind desc',
      );
    expect(await rows()).toEqual([
      { id: query.id, outcome: 'succeeded', final: true, first_sequence: 1, last_sequence: 1 },
      { id: command.id, outcome: 'accepted', final: false, first_sequence: 1, last_sequence: 1 },
    ]);
    await harness.applied(await recorder.append({ ...command, step: 'outcome', outcome: 'rejected', final: true }));
    expect((await rows())[1]).toEqual({
      id: command.id,
      outcome: 'rejected',
      final: true,
      first_sequence: 1,
      last_sequence: 2,
    });
  });
});
