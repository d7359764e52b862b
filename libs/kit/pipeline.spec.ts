import { busHeaders } from '#lgsp/bus';
import { BusContext } from '#lgsp/bus/server';
import { BusError, type ErrorCode } from '#lgsp/errors';
import { createLogger, Metrics } from '#lgsp/telemetry';
import { Pipeline } from './pipeline';
import { sampleCommand } from './testing/sample.operation';

const said = sampleCommand.example.input;

describe('a command that was sent before', () => {
  let performed = 0;
  beforeEach(() => (performed = 0));

  /** The code of the answer, when asking what became of it ends so. */
  async function answered(recheck: string | undefined, found: object | undefined | ErrorCode): Promise<string> {
    const pipeline = new Pipeline({
      system: 'test',
      verb: 'say',
      operation: sampleCommand,
      log: createLogger({ app: 'test', level: 'silent' }),
      metrics: new Metrics(false),
      perform: async () => {
        performed++;
        return said;
      },
      findOutcome: async () => {
        if (typeof found === 'string') throw new BusError(found);
        return found;
      },
    });
    const headers = new Map<string, string>([[busHeaders.idempotencyKey, 'key']]);
    if (recheck) headers.set(busHeaders.recheck, recheck);
    const context = new BusContext([{ headers }] as unknown as BusContext['args']);
    return pipeline.run(Buffer.from(JSON.stringify(said)), context).then(
      () => 'ok',
      (error: unknown) => BusError.from(error).code,
    );
  }

  it.each(['true', 'failed'])('is asked about first (%s), and sent only when it had no effect', async (recheck) => {
    expect(await answered(recheck, said)).toBe('ok');
    expect(performed).toBe(0);
    expect(await answered(recheck, undefined)).toBe('ok');
    expect(performed).toBe(1);
  });

  it('is not asked about when it was not', async () => {
    expect(await answered(undefined, 'upstream-timeout')).toBe('ok');
    expect(performed).toBe(1);
  });

  it.each([
    ['true', 'upstream-unreachable', 'outcome-unknown'],
    ['true', 'upstream-timeout', 'outcome-unknown'],
    ['true', 'internal', 'outcome-unknown'],
    ['true', 'invalid-request', 'invalid-request'],
    ['failed', 'upstream-unreachable', 'upstream-unreachable'],
    ['failed', 'upstream-fault', 'upstream-fault'],
    ['failed', 'upstream-timeout', 'upstream-unreachable'],
    ['failed', 'outcome-unknown', 'upstream-unreachable'],
    ['failed', 'internal', 'upstream-unreachable'],
    ['failed', 'invalid-request', 'invalid-request'],
  ] as const)('known as %s is as open or as failed as before when asking ends with %s', async (recheck, why, code) => {
    expect(await answered(recheck, why)).toBe(code);
    expect(performed).toBe(0);
  });
});
