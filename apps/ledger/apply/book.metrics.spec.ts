import { newTransactionId } from '#lgsp/records';
import { databaseKinds, LedgerHarness, until } from '../testing/ledger.harness';
import { sampleIntent, sampleRecord } from '../testing/sample.records';
import { evidenceFaults } from './evidence.fault';

/** An id of a time that is past: those that are made follow each other. */
function idOf(at: number): string {
  const time = at.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}${newTransactionId().slice(13)}`;
}

describe.each(databaseKinds)('what the book on %s shows of itself', (kind) => {
  const harness = new LedgerHarness(kind);
  beforeAll(() => harness.start({ LGSP_LEDGER_SETTLE_MS: '600000' }));
  afterAll(() => harness.stop());
  const text = () => harness.ledger.metrics.text();
  const valueOf = async (series: string): Promise<number | undefined> => {
    const line = (await text()).split('\n').find((one) => one.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  };

  it('the age of the oldest open transaction of each system, until it is final', async () => {
    const recorder = await harness.recorder();
    // Not due yet, so that nobody asks about them.
    const open = { system: 'payment', deadline: Date.now() + 3_600_000 };
    const old = sampleIntent({ ...open, id: idOf(Date.now() - 3_600_000) });
    const young = sampleIntent({ ...open, id: idOf(Date.now() - 60_000) });
    await harness.applied(await recorder.append(old, young));
    const series = 'lgsp_transactions_open_oldest_seconds{system="payment",outcome="accepted"}';
    await until(async () => ((await valueOf(series)) ?? 0) >= 3_600);
    expect(await valueOf(series)).toBeLessThan(3_700);
    await harness.applied(await recorder.append({ ...old, step: 'outcome', outcome: 'succeeded', final: true }));
    await until(async () => ((await valueOf(series)) ?? 3_600) < 3_600);
    expect(await valueOf(series)).toBeGreaterThanOrEqual(60);
    await harness.applied(await recorder.append({ ...young, step: 'outcome', outcome: 'succeeded', final: true }));
    await until(async () => (await valueOf(series)) === undefined);
  });

  it('every kind of evidence fault from the start, so that its first is an increase', async () => {
    for (const code of Object.keys(evidenceFaults))
      expect(await valueOf(`lgsp_evidence_faults_total{code="${code}"}`)).toBe(0);
    const recorder = await harness.recorder();
    await recorder.append(sampleRecord());
    recorder.seal([sampleRecord()]); // Never stored: the next one does not follow.
    await harness.applied(await recorder.append(sampleRecord()));
    await until(async () => (await valueOf('lgsp_evidence_faults_total{code="gap"}')) === 1);
    expect(await valueOf('lgsp_evidence_faults_total{code="forked"}')).toBe(0);
  });

  it('that it is connected to the bus', async () => {
    expect(await valueOf('lgsp_bus_connected')).toBe(1);
    await harness.nats.crash();
    await until(async () => (await valueOf('lgsp_bus_connected')) === 0);
    await harness.nats.restart();
    await until(async () => (await valueOf('lgsp_bus_connected')) === 1);
  });
});
