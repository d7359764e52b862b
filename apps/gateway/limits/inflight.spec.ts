import type { ChildProcess } from 'node:child_process';
import { startForeign } from '../testing/foreign';
import { GatewayHarness, until, type Answer } from '../testing/gateway.harness';
import { Inflight } from './inflight';

describe('Inflight', () => {
  it('refuses queries from 80 % of a system on, and commands from all of it', () => {
    const inflight = new Inflight({ total: 100, perSystem: 10 });
    for (let nth = 0; nth < 8; nth++) inflight.enter('land', 'query');
    expect(() => inflight.enter('land', 'query')).toThrow(expect.objectContaining({ code: 'overloaded' }));
    inflight.enter('land', 'command');
    inflight.enter('land', 'command');
    expect(() => inflight.enter('land', 'command')).toThrow(expect.objectContaining({ code: 'overloaded' }));
    inflight.leave('land');
    inflight.enter('land', 'command');
  });

  it('bounds all systems together', () => {
    const inflight = new Inflight({ total: 5, perSystem: 10 });
    for (const system of ['a', 'b', 'c', 'd']) inflight.enter(system, 'query');
    expect(() => inflight.enter('e', 'query')).toThrow(expect.objectContaining({ code: 'overloaded' }));
    inflight.enter('e', 'command');
    expect(() => inflight.enter('f', 'command')).toThrow(expect.objectContaining({ code: 'overloaded' }));
  });
});

describe('a gateway with all hands full', () => {
  const harness = new GatewayHarness();
  let foreign: ChildProcess;
  beforeAll(async () => {
    await harness.start({ LGSP_SYSTEM_INFLIGHT_MAX: '10' });
    foreign = await startForeign(harness);
    await until(async () => (await harness.post('/v1/weather/get-forecast')).status === 200);
  });
  afterAll(async () => {
    foreign.kill('SIGKILL');
    await harness.stop();
  });

  it('refuses further calls at once, queries before commands, and serves again when hands are free', async () => {
    const hang = (path: string, key?: string): Promise<Answer> =>
      harness.post(`/v1/weather/${path}`, {}, { 'lgsp-deadline-ms': '1000', 'idempotency-key': key });
    const hanging = Array.from({ length: 8 }, () => hang('hang'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const query = await harness.post('/v1/weather/get-forecast');
    expect({ status: query.status, code: query.body['code'] }).toEqual({ status: 503, code: 'overloaded' });
    expect(query.headers.get('retry-after')).toBe('1');
    expect(query.headers.get('lgsp-transaction-id')).toBeNull();
    expect(query.ms).toBeLessThan(500);
    const commands = Array.from({ length: 4 }, (_, nth) => hang('hang-command', `overload-${nth}`));
    const codes = (await Promise.all(commands)).map(({ body }) => body['code']);
    expect(codes.toSorted()).toEqual(['outcome-unknown', 'outcome-unknown', 'overloaded', 'overloaded']);
    expect((await Promise.all(hanging)).every(({ body }) => body['code'] === 'deadline-exceeded')).toBe(true);
    expect((await harness.post('/v1/weather/get-forecast')).status).toBe(200);
  });
});
