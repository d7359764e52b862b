import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditSubject, openAudit } from '#lgsp/bus';
import { loadConfig } from '#lgsp/config';
import { newTransactionId } from '#lgsp/records';
import { createLogger } from '#lgsp/telemetry';
import { startForeign } from '../../apps/gateway/testing/foreign';
import { GatewayHarness, until, type Answer } from '../../apps/gateway/testing/gateway.harness';
import { startLedger, type RunningLedger } from '../../apps/ledger/ledger';
import { LedgerConfig } from '../../apps/ledger/ledger.config';
import { prepareDatabase } from '../../apps/ledger/testing/prepared.database';

const harness = new GatewayHarness();
const folder = mkdtempSync(join(tmpdir(), 'lgsp-book-'));
let ledger: RunningLedger;
let foreign: ChildProcess;
let operator: string;
let other: string;

beforeAll(async () => {
  await harness.start();
  foreign = await startForeign(harness);
  await prepareDatabase(folder);
  const config = loadConfig(LedgerConfig, { LGSP_NATS_URL: harness.nats.url, LGSP_LEDGER_DIR: folder });
  ledger = await startLedger(config, createLogger({ app: 'ledger', level: 'silent' }));
  operator = await harness.register('operator', { role: 'operator', grants: [] });
  other = await harness.register('other');
}, 60_000);
afterAll(async () => {
  foreign.kill('SIGKILL');
  await ledger.stop();
  await harness.stop();
  rmSync(folder, { recursive: true, force: true });
});

const as = (secret: string): Record<string, string> => ({ authorization: `ApiKey ${secret}` });
const idOf = ({ headers }: Answer): string => headers.get('lgsp-transaction-id')!;
const read = (path: string, headers: Record<string, string> = {}): Promise<Answer> => harness.fetch(path, {}, headers);
const text = async (path: string, authorization: string): Promise<{ response: Response; body: Buffer }> => {
  const response = await fetch(harness.gateway.url + path, { headers: { authorization } });
  return { response, body: Buffer.from(await response.arrayBuffer()) };
};

/** Makes a call and waits until the book has it. */
async function booked(path: string, headers: Record<string, string> = {}): Promise<string> {
  const id = idOf(await harness.post(path, { at: 'noon' }, headers));
  await until(async () => (await read(`/v1/transactions/${id}`, as(operator))).status === 200);
  return id;
}

describe('transactions', () => {
  it('are read by the client that made them and by an operator, and exist for nobody else', async () => {
    const id = await booked('/v1/weather/get-forecast', { 'lgsp-dossier': 'H24.11-261101-0001' });
    for (const path of [`/v1/transactions/${id}`, `/v1/transactions/${id}/receipt`]) {
      const [mine, operators, others] = await Promise.all([
        read(path),
        read(path, as(operator)),
        read(path, as(other)),
      ]);
      expect([mine.status, operators.status]).toEqual([200, 200]);
      expect(mine.body['id']).toBe(id);
      expect(others).toMatchObject({ status: 404, body: { code: 'unknown-transaction' } });
    }
    const search = '/v1/transactions?dossier=H24.11-261101-0001';
    expect((await read(search)).body['transactions']).toMatchObject([{ id, outcome: 'succeeded', final: true }]);
    expect((await read(search, as(other))).body['transactions']).toEqual([]);
    expect(await read(`${search}&client=tester`, as(other))).toMatchObject({ status: 400 });
  });

  it.each(['/v1/transactions/1', "/v1/transactions/'%20or%201=1", '/v1/transactions/..%2f..%2fetc'])(
    '%s is none',
    async (path) => {
      expect((await read(path)).body['code']).toMatch(/^unknown-(transaction|route)$/);
    },
  );

  it('are refused without a key, and with parameters that nobody knows, by name', async () => {
    expect((await read('/v1/transactions', { authorization: '' })).status).toBe(401);
    const odd = await read('/v1/transactions?outcome=lost&from=yesterday');
    const paths = (odd.body['errors'] as { path: string }[]).map(({ path }) => path);
    expect([odd.status, paths.toSorted()]).toEqual([400, ['/from', '/outcome']]);
  });
});

describe('a command that failed', () => {
  const headers = { 'idempotency-key': 'alarm-1' };
  const replay = (id: string, body: string | undefined, secret: string): Promise<Answer> => {
    const type: Record<string, string | undefined> = body === undefined ? { 'content-type': undefined } : {};
    return harness.fetch(`/v1/transactions/${id}/replay`, { method: 'POST', body }, { ...as(secret), ...type });
  };

  it('is run to its end by an operator, as the same transaction, with the body that it had and no other', async () => {
    await booked('/v1/weather/get-forecast');
    foreign.kill('SIGKILL');
    await new Promise((resolve) => foreign.once('exit', resolve));
    const id = await booked('/v1/weather/set-alarm', headers);
    const failed = await read(`/v1/transactions/${id}`);
    expect(failed.body).toMatchObject({ outcome: 'failed', final: false, code: 'connector-unavailable' });
    foreign = await startForeign(harness);
    expect(await replay(id, '{"at":"noon"}', other)).toMatchObject({ body: { code: 'operation-not-granted' } });
    const wrong = await replay(id, '{"at":"midnight"}', operator);
    expect(wrong).toMatchObject({ status: 400, body: { code: 'invalid-request', errors: [{ rule: 'same-body' }] } });
    const asked = await replay(id, undefined, operator);
    expect(asked.body).toMatchObject({ transactionId: id, outcome: 'failed', final: false });
    const done = await replay(id, '{"at":"noon"}', operator);
    expect(done).toMatchObject({ status: 200, body: { set: true } });
    expect(idOf(done)).toBe(id);
    await until(async () => (await read(`/v1/transactions/${id}`)).body['outcome'] === 'succeeded');
    const callers = await harness.post('/v1/weather/set-alarm', { at: 'noon' }, headers);
    expect(callers.headers.get('idempotency-replayed')).toBe('true');
    expect(idOf(callers)).toBe(id);
    for (const body of [undefined, '{"at":"noon"}']) {
      const late = await replay(id, body, operator);
      expect(late).toMatchObject({ status: 409, body: { code: 'wrong-state', detail: 'its outcome is final' } });
    }
    const query = await booked('/v1/weather/get-forecast');
    const ofQuery = { code: 'wrong-state', detail: expect.stringMatching(/^it is a query/) as string };
    expect(await replay(query, undefined, operator)).toMatchObject({ body: ofQuery });
    expect(await replay(newTransactionId(), undefined, operator)).toMatchObject({
      body: { code: 'unknown-transaction' },
    });
    const actions: unknown[] = [];
    const audit = await openAudit(await harness.nats.connect('auditor'));
    for await (const { data } of audit.read(auditSubject('transactions', id)))
      actions.push(JSON.parse(Buffer.from(data).toString('utf8')));
    expect(actions).toMatchObject([
      { who: 'operator', action: 'ask' },
      { who: 'operator', action: 'replay' },
      { who: 'operator', action: 'ask' },
    ]);
  }, 40_000);
});

describe('reports', () => {
  const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
  const path = `/v1/reports/transactions?from=${today}&to=${today}&groupBy=system`;

  it('count what was called: an operator sees all, a client its own', async () => {
    await booked('/v1/weather/get-forecast', as(other));
    const [all, own] = await Promise.all([read(path, as(operator)), read(path, as(other))]);
    expect(all.body['rows']).toMatchObject([{ system: 'weather' }]);
    expect((all.body['total'] as { count: number }).count).toBeGreaterThan(1);
    expect(own.body['total']).toEqual({ count: 1 });
  });

  it('come as CSV, as a workbook, and as a page for a person with a password', async () => {
    const csv = await text(`${path}&format=csv`, `ApiKey ${operator}`);
    expect(csv.body.toString('utf8')).toMatch(/^\uFEFF.*\r\n/);
    const xlsx = await text(`${path}&format=xlsx`, `ApiKey ${operator}`);
    expect(xlsx.body.subarray(0, 2).toString('latin1')).toBe('PK');
    const basic = `Basic ${Buffer.from(`operator:${operator}`).toString('base64')}`;
    const page = await text(`${path}&format=html`, basic);
    expect(page.response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.body.toString('utf8')).toContain('<svg');
    const stranger = `Basic ${Buffer.from(`tester:${operator}`).toString('base64')}`;
    const refused = await text(`${path}&format=html`, stranger);
    expect(refused.response.status).toBe(401);
    expect(refused.response.headers.get('www-authenticate')).toMatch(/Basic/);
  });

  it('name what is wrong with a question, and let only operators freeze, never by a password', async () => {
    const odd = await read('/v1/reports/transactions?from=2026-13-01&to=x&groupBy=weather', as(operator));
    expect(odd).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    const put = (authorization: string): Promise<Answer> =>
      harness.fetch(
        '/v1/reports/frozen-months/2022-01',
        { method: 'PUT' },
        { authorization, 'content-type': undefined as never },
      );
    expect((await put(`ApiKey ${other}`)).body['code']).toBe('operation-not-granted');
    const basic = `Basic ${Buffer.from(`operator:${operator}`).toString('base64')}`;
    expect((await put(basic)).status).toBe(401);
  });
});
