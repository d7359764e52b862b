import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { tmpdir } from 'node:os';
import type { DeadPage, JobView, SystemView } from '#lgsp/jobs';
import { until } from '../../apps/gateway/testing/gateway.harness';
import { CourierHarness, idOf } from './courier.harness';

const cli = resolve(__dirname, '../../dist/apps/cli/main.js');
const harness = new CourierHarness();
let keys = 0;

beforeAll(() => harness.startAll({ LGSP_COURIER_REPLAYS_PER_SECOND: '50' }, { attemptsMax: '1' }), 60_000);
afterAll(() => harness.stop());

/** One command as an operator types it; what it wrote, and how it ended. */
async function lgsp(...args: string[]): Promise<{ out: string; error: string; code: number }> {
  const env = { PATH: process.env['PATH'], LGSP_NATS_URL: harness.nats.url };
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [cli, ...args], { env, timeout: 60_000 });
    return { out: stdout, error: stderr, code: 0 };
  } catch (failure) {
    const { stdout, stderr, code } = failure as { stdout: string; stderr: string; code: number };
    return { out: stdout, error: stderr, code };
  }
}
const json = async <T>(...args: string[]): Promise<T> => JSON.parse((await lgsp(...args, '--json')).out) as T;
const send = async (body: object = { to: 'nobody' }): Promise<string> =>
  idOf(await harness.send(`cli-${++keys}`, { body, 'lgsp-dossier': `H24.11-261101-${String(keys).padStart(4, '0')}` }));

it('pauses a system, shows what waits, takes one back, and lets the rest go on', async () => {
  expect((await lgsp('jobs', 'pause', 'parcels', '--reason', 'a look')).code).toBe(0);
  const [one, other] = [await send(), await send()];
  const listed = await lgsp('jobs', 'list', '--system', 'parcels');
  expect(listed.out).toContain(one);
  expect(listed.out).toContain('parcels.send-parcel');
  const systems = await json<SystemView[]>('jobs', 'systems');
  expect(systems).toEqual([
    expect.objectContaining({
      system: 'parcels',
      pending: 2,
      held: expect.objectContaining({ why: 'paused', reason: 'a look' }),
    }),
  ]);
  expect(await json<JobView>('jobs', 'cancel', one)).toMatchObject({ state: 'ended', reason: 'cancelled' });
  const twice = await lgsp('jobs', 'cancel', one);
  expect(twice.code).toBe(1);
  expect(twice.error).toContain('has ended');
  expect((await lgsp('jobs', 'resume', 'parcels')).code).toBe(0);
  await until(async () => (await json<JobView>('jobs', 'show', other)).state === 'ended', 30_000);
  expect((await lgsp('jobs', 'list')).out).toContain('nothing waits');
}, 120_000);

it('lists dead letters, shows one masked, sends one put right, replays the rest, and gives one up', async () => {
  harness.connector.decide = () => 'upstream-unreachable';
  const ids = [await send({ to: 'Nguyễn Thị Bí Mật' }), await send(), await send()];
  const letters = async (): Promise<string[]> =>
    (await json<DeadPage>('dead', 'list')).letters.map(({ transactionId }) => transactionId);
  await until(async () => (await letters()).length === 3, 60_000);
  const [fixed, given] = ids as [string, string, string];
  const shown = await lgsp('dead-letters', 'show', fixed);
  expect(shown.out).toContain('attempts-used-up');
  expect(shown.out).not.toContain('Bí Mật');
  expect((await lgsp('dead', 'give-up', given, '--reason', 'withdrawn by the citizen')).code).toBe(0);
  harness.connector.decide = () => 'ok';
  const fresh = await json<JobView>('dead', 'fix', fixed, '--set', '/to=somebody');
  expect(fresh.replaces).toBe(fixed);
  // One that died this moment may still be being told of: then it is left, and replayed with the next call.
  await until(async () => {
    expect((await lgsp('jobs', 'replay', '--all', '--system', 'parcels')).out).toContain('are sent again');
    return (await letters()).length === 0;
  }, 60_000);
  await until(() => harness.connector.effects.length >= 3, 30_000);
  expect(harness.connector.sent.some(({ body }) => (body as { to: string }).to === 'somebody')).toBe(true);
}, 180_000);

it('says what is wrong, and that no courier runs', async () => {
  expect((await lgsp('dead', 'replay')).code).toBe(2);
  expect((await lgsp('jobs', 'show', 'nosuch')).error).toMatch(/\n {2}\/id must be a UUID/);
  expect((await lgsp('dead', 'list', '--limit', '500')).error).toMatch(/\n {2}\/limit must be at most 200/);
  expect((await lgsp('jobs', 'pause', 'parcels', '--until', 'tomorrow')).error).toContain('a time with its offset');
  const file = join(tmpdir(), `lgsp-input-${process.pid}.json`);
  writeFileSync(file, '{}');
  const unknown = await lgsp('dead', 'fix', '01980000-0000-7000-8000-000000000000', '--input', file);
  expect(unknown).toMatchObject({ code: 1 });
  rmSync(file);
  await harness.courier!.stop();
  harness.courier = undefined;
  expect((await lgsp('jobs', 'systems')).error).toContain('no courier is running');
}, 60_000);
