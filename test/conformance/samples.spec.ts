import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ServiceProbe } from '#lgsp/bus';
import { checkConnector } from '#lgsp/conformance';
import { startProcess, type StartedProcess } from '../../apps/cli/check/started.process';
import { TestBus } from '../e2e/test.bus';

/** The samples of docs/connectors/samples: the same connector in Python without any library, and in C with Debian's. */

const folder = resolve(__dirname, '../../docs/connectors/samples');
const built = mkdtempSync(join(tmpdir(), 'lgsp-samples-'));
const samples = {
  Python: `python3 '${join(folder, 'tides.py')}'`,
  C: `'${join(built, 'tides')}'`,
};
const bus = new TestBus();
const checkMs = 120_000;

beforeAll(async () => {
  const flags = ['-O2', '-Wall', '-Wextra', '-Werror', '-o', join(built, 'tides'), join(folder, 'tides.c')];
  execFileSync('gcc', [...flags, '-lnats', '-lcjson'], { stdio: 'pipe' });
  await bus.start();
  await bus.run('gateway');
}, 90_000);
afterAll(async () => {
  await bus.stop();
  rmSync(built, { recursive: true });
});

interface Listed {
  system: string;
  status: string;
  operations: Record<string, unknown>[];
}

async function listed(): Promise<Listed | undefined> {
  const response = await fetch(`${bus.urls.get('gateway')}/v1/services`);
  return ((await response.json()) as { systems: Listed[] }).systems.find(({ system }) => system === 'tides');
}

async function listedAs(status: string): Promise<Listed> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const found = await listed();
    if (found?.status === status) return found;
    if (Date.now() > deadline) throw new Error(`the gateway does not list it as ${status}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

describe.each(Object.entries(samples))('the connector in %s', (_language, command) => {
  let started: StartedProcess;
  beforeAll(() => {
    started = startProcess(command, bus.nats.url);
  });
  afterAll(async () => {
    await started.kill();
    await listedAs('down');
  });

  it('is listed by the gateway, which was not told of it', async () => {
    const { operations, ...service } = await listedAs('up');
    expect(service).toMatchObject({ system: 'tides', version: '1.0.0', owner: 'Port authority', summary: 'Tides' });
    // Word for word the same in both languages.
    expect(operations).toMatchObject([
      {
        operation: 'get-tide',
        version: '1.0.0',
        kind: 'query',
        summaryVi: 'Tra cứu giờ và mực nước triều cường trong ngày',
        sensitivity: 'public',
        timeoutMs: 5_000,
        input: { required: ['station', 'day'], additionalProperties: false },
        example: { output: { highAt: '12:50', highCm: 380 } },
      },
      { operation: 'report-level', kind: 'command', input: { properties: { levelCm: { maximum: 1_000 } } } },
    ]);
  });

  it('is called through the gateway', async () => {
    const { status, text, headers } = await bus.call('gateway', 'tides/get-tide', {
      station: 'hon-dau',
      day: '2026-11-25',
    });
    expect({ status, answer: JSON.parse(text) as unknown }).toEqual({
      status: 200,
      answer: { station: 'hon-dau', day: '2026-11-25', highAt: '12:50', highCm: 380 },
    });
    expect(headers.get('lgsp-transaction-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('has its command take effect once, and its refusals worded by the gateway', async () => {
    const report = (levelCm: unknown) =>
      bus.call(
        'gateway',
        'tides/report-level',
        { station: 'hon-dau', levelCm },
        { 'idempotency-key': `level-${command}` },
      );
    const [first, again] = [await report(212), await report(212)];
    expect([first.status, again.status, again.text]).toEqual([200, 200, first.text]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const { status, text } = await bus.call('gateway', 'tides/get-tide', { station: 'hon-dau', day: '2026-02-30' });
    expect({ status, ...(JSON.parse(text) as object) }).toMatchObject({
      status: 400,
      code: 'invalid-request',
      errors: [{ path: '/day', rule: 'form' }],
    });
  });

  it(
    'keeps every rule of the protocol, and drains when it is stopped',
    async () => {
      const probe = new ServiceProbe(await bus.nats.connect('check'));
      const { findings, conforms, rules } = await checkConnector(probe, {
        target: 'lgsp.tides.v1',
        commands: true,
        process: started,
      });
      expect({ findings, conforms, log: started.log() }).toEqual({ findings: [], conforms: true, log: '' });
      const untried = rules.filter(({ state }) => state === 'not-tried').map(({ rule }) => rule);
      const callbacks = ['callbacks.described', 'callbacks.forged', 'callbacks.garbage']; // It has none.
      expect(untried).toEqual(['versions.compatible', 'context.required', ...callbacks, 'log.personal']);
    },
    checkMs,
  );
});
