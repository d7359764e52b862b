import { execFile, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '#lgsp/config';
import type { TransactionPage } from '#lgsp/records';
import { createLogger } from '#lgsp/telemetry';
import { startForeign } from '../../apps/gateway/testing/foreign';
import { GatewayHarness, until } from '../../apps/gateway/testing/gateway.harness';
import { startLedger, type RunningLedger } from '../../apps/ledger/ledger';
import { LedgerConfig } from '../../apps/ledger/ledger.config';
import { prepareDatabase } from '../../apps/ledger/testing/prepared.database';
import { root } from './launched';

/** `lgsp transactions`, as a client and as an operator type it, through a real gateway and ledger. */

const harness = new GatewayHarness();
const folder = mkdtempSync(join(tmpdir(), 'lgsp-transactions-'));
const dossier = 'H24.11-261124-0001';
const body = '{"at": "noon"}';
let ledger: RunningLedger;
let foreign: ChildProcess;
let operator: string;
let other: string;
/** Of three forecasts, the oldest first. */
const forecasts: string[] = [];

interface Printed {
  code: number;
  stdout: string;
  stderr: string;
}

function lgsp(args: readonly string[], secrets: Record<string, string>): Promise<Printed> {
  const env = { PATH: process.env['PATH'], LGSP_URL: harness.gateway.url, ...secrets };
  return new Promise((done) => {
    const program = [join(root, 'dist/apps/cli/main.js'), ...args];
    execFile(process.execPath, program, { env, cwd: folder, timeout: 60_000 }, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

const asClient = (...args: string[]): Promise<Printed> =>
  lgsp(['transactions', ...args], { LGSP_CLIENT_SECRET: harness.secret });
const asOther = (...args: string[]): Promise<Printed> => lgsp(['transactions', ...args], { LGSP_CLIENT_SECRET: other });
const asOperator = (...args: string[]): Promise<Printed> =>
  lgsp(['transactions', ...args], { LGSP_CLIENT_SECRET: harness.secret, LGSP_OPERATOR_SECRET: operator });
const pageOf = ({ stdout }: Printed): TransactionPage => JSON.parse(stdout) as TransactionPage;
const idsOf = (printed: Printed): string[] => pageOf(printed).transactions.map(({ id }) => id);

/** Makes a call and waits until the book has it. */
async function booked(path: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await harness.post(path, body, headers);
  const id = answer.headers.get('lgsp-transaction-id')!;
  await until(async () => (await harness.fetch(`/v1/transactions/${id}`, {}, headers)).status === 200, 20_000);
  return id;
}

beforeAll(async () => {
  await harness.start();
  foreign = await startForeign(harness);
  await prepareDatabase(join(folder, 'ledger'));
  const config = loadConfig(LedgerConfig, { LGSP_NATS_URL: harness.nats.url, LGSP_LEDGER_DIR: join(folder, 'ledger') });
  ledger = await startLedger(config, createLogger({ app: 'ledger', level: 'silent' }));
  operator = await harness.register('operator', { role: 'operator', grants: [] });
  other = await harness.register('other');
  for (const code of [dossier, dossier, 'H24.11-261124-0002'])
    forecasts.push(await booked('/v1/weather/get-forecast', { 'lgsp-dossier': code }));
  await booked('/v1/weather/get-forecast', { authorization: `ApiKey ${other}` });
}, 240_000);
afterAll(async () => {
  foreign.kill('SIGKILL');
  await ledger.stop();
  await harness.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('lgsp transactions find', () => {
  it('prints a table, the newest first: a client sees its own, an operator all', async () => {
    const { code, stdout } = await asClient('find', '--dossier', dossier);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^received +transaction +client +operation +dossier +outcome +code +took$/);
    const line = `^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d  ${forecasts[1]}  tester  weather.get-forecast  ${dossier}  succeeded .* \\d+ ms$`;
    expect(lines[2]).toMatch(new RegExp(line));
    expect(lines[3]).toContain(forecasts[0]);
    const clients = async (printed: Promise<Printed>): Promise<Set<string>> =>
      new Set(pageOf(await printed).transactions.map(({ client }) => client));
    expect(await clients(asClient('find', '--json'))).toEqual(new Set(['tester']));
    expect(await clients(asOperator('find', '--json'))).toEqual(new Set(['tester', 'other']));
    expect(await clients(asOperator('find', '--client', 'other', '--json'))).toEqual(new Set(['other']));
    expect(await asOther('find', '--dossier', dossier)).toMatchObject({ code: 0, stdout: 'There is none\n' });
  }, 180_000);

  it('looks for system, operation, outcome and time, all at once', async () => {
    const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
    const day = ['--from', today, '--to', today];
    const known = ['--system', 'weather', '--operation', 'get-forecast', '--outcome', 'succeeded', ...day];
    expect(idsOf(await asClient('find', '--json', ...known))).toEqual(forecasts.toReversed());
    expect(idsOf(await asClient('find', '--json', '--to', '2021-01-01T00:00:00+07:00'))).toEqual([]);
    expect(idsOf(await asClient('find', '--json', '--outcome', 'failed', ...day))).toEqual([]);
  }, 180_000);

  it('gives as many as are wanted, and the cursor to go on with', async () => {
    const first = await asClient('find', '--limit', '2', '--json');
    expect(idsOf(first)).toEqual([forecasts[2], forecasts[1]]);
    const { cursor } = pageOf(first);
    const rest = await asClient('find', '--limit', '2', '--json', '--cursor', cursor!);
    expect([idsOf(rest), pageOf(rest).cursor]).toEqual([[forecasts[0]], undefined]);
    expect((await asClient('find', '--limit', '1')).stdout).toContain(`There are more: --cursor ${forecasts[2]}\n`);
  }, 180_000);

  it('says what is wrong with what was asked, here or at the gateway, and who is refused', async () => {
    expect(await asClient('find', '--limit', '0')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/whole number, 1 to/),
    });
    expect(await asClient('find', '--from', 'yesterday')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/invalid-request[^]*\/from/),
    });
    expect(await asClient('find', '--client', 'other')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/\/client/),
    });
    expect((await lgsp(['transactions', 'find'], {})).stderr).toContain('LGSP_CLIENT_SECRET is not set');
  }, 180_000);
});

describe('lgsp transactions show', () => {
  it('shows all that is known of one, to whoever may see it', async () => {
    const [id] = forecasts;
    const shown = await asClient('show', id!.toUpperCase());
    expect(shown.stdout).toMatch(new RegExp(`^id +${id}\n`));
    expect(shown.stdout).toMatch(/\noutcome +succeeded\n$/);
    expect(JSON.parse((await asClient('show', id!, '--json')).stdout)).toMatchObject({ id, dossier, final: true });
    expect(await asOther('show', id!)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^unknown-transaction \(404\)/),
    });
    expect(await asClient('show', '1')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/id of a transaction/),
    });
  }, 180_000);
});

describe('lgsp transactions receipt', () => {
  it('saves a file for its owner only, which lgsp verify proves offline with the body, and replaces none by accident', async () => {
    const [id] = forecasts;
    const saved = await asClient('receipt', id!);
    expect(saved).toMatchObject({ code: 0, stdout: expect.stringContaining(`${id}.receipt.json is written`) });
    const path = join(folder, `${id}.receipt.json`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    writeFileSync(join(folder, 'request.json'), body);
    const nowhere = { LGSP_URL: 'http://127.0.0.1:9' };
    const verified = await lgsp(['verify', path, '--request', 'request.json'], nowhere);
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining('✓ all of it is proven') });
    const text = readFileSync(path, 'utf8');
    expect(await asClient('receipt', id!)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/is there already/),
    });
    expect(await asClient('receipt', id!, '--force')).toMatchObject({ code: 0 });
    writeFileSync(path, text.replace('succeeded', 'not-found'));
    expect(await lgsp(['verify', path], nowhere)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/✗ not proven/),
    });
    expect(await asOther('receipt', id!, '--output', 'other.json')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/unknown-transact/),
    });
  }, 180_000);
});

describe('lgsp transactions replay', () => {
  it('asks what became of a command, and sends it again with the body that it had; only an operator may', async () => {
    foreign.kill('SIGKILL');
    await new Promise((resolve) => foreign.once('exit', resolve));
    const id = await booked('/v1/weather/set-alarm', { 'idempotency-key': 'alarm-1' });
    foreign = await startForeign(harness);
    const request = join(folder, 'alarm.json');
    writeFileSync(request, body);
    expect(await asClient('replay', id)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/LGSP_OPERATOR_SECRET is not set/),
    });
    const asked = await asOperator('replay', id);
    expect(asked).toMatchObject({ code: 1, stdout: expect.stringMatching(/^failed, and it may still change: /) });
    expect(JSON.parse((await asOperator('replay', id, '--json')).stdout)).toMatchObject({ transactionId: id });
    writeFileSync(join(folder, 'wrong.json'), '{"at":"midnight"}');
    const wrong = await asOperator('replay', id, '--body', 'wrong.json');
    expect(wrong).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/invalid-request[^]*must be, byte for byte/),
    });
    const sent = await asOperator('replay', id, '--body', request);
    expect([sent.code, JSON.parse(sent.stdout)]).toEqual([0, expect.objectContaining({ set: true })]);
    await until(async () => /\noutcome +succeeded\n$/.test((await asClient('show', id)).stdout), 20_000);
    expect(await asOperator('replay', id)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^wrong-state \(409\).*its outcome is final/),
    });
    expect(await asOperator('replay', id, '--body', 'nowhere')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/cannot be read/),
    });
  }, 240_000);
});
