import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { Reconciliation } from '../../apps/cli/reconcile/reconcile';
import { LedgerHarness } from '../../apps/ledger/testing/ledger.harness';
import { sampleIntent, sampleRecord } from '../../apps/ledger/testing/sample.records';
import { transactionIdAt } from '#lgsp/records';
import { expectExamples } from '../docs/example.blocks';
import { root } from './launched';

/** Its worked example is what is printed here. */
const page = join(root, 'docs/evidence.md');

/** `lgsp reconcile`, as an operator types it, against a real NATS and ledger. */
describe('lgsp reconcile', () => {
  const harness = new LedgerHarness('pglite');
  const run = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> => {
    const env = { PATH: process.env['PATH'], LGSP_NATS_URL: harness.nats.url };
    const program = [join(root, 'dist/apps/cli/main.js'), 'reconcile', ...args];
    return new Promise((done) => {
      execFile(process.execPath, program, { env, timeout: 120_000 }, (error, stdout, stderr) =>
        done({ code: error ? Number(error.code) : 0, stdout, stderr }),
      );
    });
  };

  beforeAll(() => harness.start(), 240_000);
  afterAll(() => harness.stop());

  it('ends with 0 only when there is no difference, shows how far it is, and prints figures for people and for programs', async () => {
    const gateway = await harness.recorder();
    const ids = Array.from({ length: 12 }, (_, nth) =>
      transactionIdAt(Date.parse('2026-11-23T09:00:00+07:00') + nth * 10_000_000, 7, Buffer.alloc(8, 7)),
    );
    const id = ids.at(-1)!;
    await gateway.append(...ids.slice(0, 5).map((one) => sampleRecord({ id: one })));
    // Whoever sent it still waits: the ledger does not ask what became of it yet.
    await gateway.append(sampleIntent({ id: ids[5]!, deadline: Date.now() + 3_600_000 }));
    await harness.applied(await gateway.append(...ids.slice(6).map((one) => sampleRecord({ id: one }))));
    const well = await run();
    expect([well.code, well.stdout]).toEqual([0, expect.stringMatching(/rows +12\n[^]*✓ no difference\n$/)]);
    expectExamples(page, { reconcile: well.stdout });
    expect(well.stderr).toMatch(/positions █+ 3\/3 .*\n[^]*days █+ 2\/2/);
    await harness.rows(`update transactions set outcome = 'failed' where id = $1`, [id]);
    const wrong = await run('--from', '2026-11-24', '--to', '2026-11-24', '--json');
    expect([wrong.code, wrong.stderr]).toEqual([1, '']);
    const { differences, figures } = JSON.parse(wrong.stdout) as Reconciliation;
    expect(figures).toMatchObject({ stream: 6, signed: 6, rows: 6 });
    expect(differences).toContainEqual({
      what: 'other-state',
      time: '2026-11-24',
      id,
      detail: 'outcome: succeeded recorded, failed in the row',
    });
    const shown = (await run()).stdout;
    expect(shown).toContain(`✗ other-state: 2026-11-24, transaction ${id}: its row is not what`);
    expectExamples(page, { 'reconcile a change': shown.slice(shown.indexOf('✗')) });
  }, 240_000);

  it('says what is wrong with what was asked, and that there is no ledger', async () => {
    expect(await run('--from', '2026-11-31')).toMatchObject({ code: 1, stderr: expect.stringContaining('yyyy-MM-dd') });
    expect(await run('--from', '2026-11-02', '--to', '2026-11-01')).toMatchObject({ code: 2 });
    await harness.ledger.stop();
    const alone = await run();
    expect(alone).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('the ledger does not run') });
    await harness.startLedger();
  }, 240_000);
});
