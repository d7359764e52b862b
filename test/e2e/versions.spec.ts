import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './launched';
import { TestBus } from './test.bus';

/** Two versions of an operation from the command line to the book, in processes of their own. */

const bus = new TestBus();
const folder = mkdtempSync(join(tmpdir(), 'lgsp-versions-'));

beforeAll(async () => {
  await bus.start();
  await bus.run('ledger', 'ledger', { LGSP_LEDGER_DIR: folder });
  await bus.run('gateway');
  const { nats } = await bus.nats.connect('forms');
  const service = await nats.services.add({ name: 'forms', version: '2.4.0', queue: 'forms' });
  for (const [major, dates] of [
    ['v1', { deprecatedSince: '2026-06-01', sunsetOn: '2999-01-01' }],
    ['v2', {}],
  ] as const) {
    service.addEndpoint(`get-form-${major}`, {
      subject: `lgsp.forms.${major}.get-form`,
      metadata: {
        version: `${major.slice(1)}.4.0`,
        summary: 'Gives a form',
        example: `{"input":{"asked":"${major}"},"output":{}}`,
        ...dates,
      },
      handler: (_error, message) => void message.respond(JSON.stringify({ answeredBy: major, asked: message.json() })),
    });
  }
  await nats.flush();
}, 150_000);
afterAll(async () => {
  await bus.stop();
  rmSync(folder, { recursive: true, force: true });
});

function lgsp(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: process.env['PATH'], LGSP_URL: bus.urls.get('gateway'), LGSP_CLIENT_SECRET: bus.secret };
  return new Promise((done) => {
    execFile(process.execPath, [join(root, 'dist/apps/cli/main.js'), ...args], { env }, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

async function eventually<T>(read: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const found = await read();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error('it did not happen within 20 s');
    await new Promise((done) => setTimeout(done, 100));
  }
}

it('are told apart by lgsp services, and called by lgsp call with the example of each', async () => {
  const listed = await eventually(async () => {
    const { stdout } = await lgsp('services');
    return stdout.includes('forms.v2.get-form') ? stdout : undefined;
  });
  expect(listed).toMatch(
    /^forms\.get-form .* 1\.4\.0 .*Gives a form \(deprecated since 2026-06-01, until 2999-01-01\)$/m,
  );
  expect(listed).toMatch(/^forms\.v2\.get-form .* 2\.4\.0 .*Gives a form$/m);
  for (const [name, version] of [
    ['forms.get-form', 'v1'],
    ['forms.v1.get-form', 'v1'],
    ['forms.v2.get-form', 'v2'],
  ] as const) {
    const { code, stdout } = await lgsp('call', name);
    expect({ code, ...(JSON.parse(stdout) as object) }).toEqual({
      code: 0,
      answeredBy: version,
      asked: { asked: version },
    });
  }
  expect(await lgsp('call', 'forms.2.get-form')).toMatchObject({ code: 2, stdout: '' });
}, 150_000);

it('are told apart in the book', async () => {
  const { stderr } = await lgsp('call', 'forms.v2.get-form');
  const id = /transaction (\S+)/.exec(stderr)![1]!;
  const found = await eventually(async () => {
    const url = `${bus.urls.get('gateway')}/v1/transactions/${id}`;
    const response = await fetch(url, { headers: { authorization: `ApiKey ${bus.secret}` } });
    return response.ok ? ((await response.json()) as object) : undefined;
  });
  expect(found).toMatchObject({ system: 'forms', operation: 'get-form', version: '2.4.0', outcome: 'succeeded' });
}, 150_000);
