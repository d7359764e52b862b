import { databaseKinds, LedgerHarness } from './testing/ledger.harness';

describe.each(databaseKinds)('a ledger on %s', (kind) => {
  it('starts, stops, and starts again on what it has', async () => {
    const harness = new LedgerHarness(kind);
    await harness.start();
    await harness.ledger.stop();
    await harness.startLedger();
    const migrated = harness.logLines.filter((line) => line.includes('"the database is migrated"'));
    expect(migrated.length).toBeGreaterThan(0);
    expect(new Set(migrated.map((line) => (JSON.parse(line) as { migration: string }).migration)).size).toBe(
      migrated.length,
    );
    await harness.stop();
  });
});
