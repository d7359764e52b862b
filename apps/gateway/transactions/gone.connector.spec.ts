import type { ChildProcess } from 'node:child_process';
import { startForeign } from '../testing/foreign';
import { GatewayHarness, until } from '../testing/gateway.harness';

const harness = new GatewayHarness();
let foreign: ChildProcess;

beforeAll(async () => {
  await harness.start();
  foreign = await startForeign(harness);
  await until(async () => (await harness.post('/v1/weather/get-forecast')).status === 200);
});
afterAll(async () => {
  foreign.kill('SIGKILL');
  await harness.stop();
});

const outcomeOf = async (path: string, headers: Record<string, string> = {}) => {
  const { status, body } = await harness.post(`/v1/weather/${path}`, {}, { 'lgsp-deadline-ms': '300', ...headers });
  return { status, code: body['code'], fault: body['fault'] };
};

it('a query that a frozen connector keeps is no fault of the outside system, once it is known that nobody answers', async () => {
  expect(await outcomeOf('hang')).toEqual({ status: 504, code: 'deadline-exceeded', fault: 'upstream' });
  foreign.kill('SIGSTOP');
  const gone = { status: 503, code: 'connector-unavailable', fault: 'bus' };
  await until(async () => (await outcomeOf('get-forecast')).code === gone.code);
  expect(await outcomeOf('get-forecast')).toEqual(gone);
  // A command may lie there and be taken up later.
  expect(await outcomeOf('set-alarm', { 'idempotency-key': 'frozen-1' })).toMatchObject({ code: 'outcome-unknown' });
  foreign.kill('SIGCONT');
  await until(async () => (await outcomeOf('get-forecast')).status === 200);
}, 60_000);
