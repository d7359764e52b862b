import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceProbe } from '#lgsp/bus';
import { checkConnector, type CheckedProcess, type RecordedSchemas } from '#lgsp/conformance';
import { TestBus } from '../e2e/test.bus';
import { readSystems } from '../parts';

/** Every connector of the house, as the process that it is, before the sandbox. */

/** What callers rely on, as it lies beside the connector: it must be what the wire tells. */
const recordOf = (system: string): RecordedSchemas =>
  JSON.parse(readFileSync(join(__dirname, `../../apps/${system}/${system}.schemas.json`), 'utf8')) as RecordedSchemas;

const bus = new TestBus();
const checkMs = 240_000;

beforeAll(async () => {
  await bus.start();
  await bus.run('sandbox', 'sandbox', { LGSP_SANDBOX_PORT: '0', LGSP_SANDBOX_SECRET: randomBytes(16).toString('hex') });
}, 60_000);
afterAll(() => bus.stop());

it.each(readSystems())(
  '%s keeps every rule of the protocol',
  async (system) => {
    const sealing = { LGSP_JOB_KEY: randomBytes(32).toString('base64url') };
    await bus.run(system, system, { ...bus.upstreams.get(system), ...sealing, LGSP_LOG_LEVEL: 'debug' });
    const process: CheckedProcess = { ...bus.terminable(system), log: () => bus.logs.get(system) ?? '' };
    const probe = new ServiceProbe(await bus.nats.connect('check'));
    const recorded = recordOf(system);
    const report = await checkConnector(probe, { target: system, commands: true, graceMs: 4_000, process, recorded });
    expect(report.schemas).toEqual(recorded);
    expect(report.findings).toEqual([]);
    expect(report.conforms).toBe(true);
    expect(report.operations.length).toBeGreaterThan(0);
    // Nothing was left out but what no operation of it speaks of: no context, no command, nothing personal.
    const untried = report.rules.filter(({ state }) => state === 'not-tried').map(({ why }) => why);
    expect(untried.filter((why) => !/^(no operation that it speaks of|nothing of it is personal)$/.test(why!))).toEqual(
      [],
    );
  },
  checkMs,
);
