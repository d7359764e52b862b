import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNats, type TestNats } from '#lgsp/bus/testing';
import type { ConformanceReport, RecordedSchemas } from '#lgsp/conformance';
import { root } from '../e2e/launched';

/** `lgsp check connector`, as a developer types it, against a NATS that lets a developer do what `npm start` lets them do. */

let nats: TestNats;
beforeAll(async () => {
  const configuration = await localConfiguration();
  nats = await startNats(configuration);
});
afterAll(() => nats.stop());

/** What `npm start` gives NATS. By another process: the launcher is made of modules that Jest does not load. */
function localConfiguration(): Promise<string> {
  const options = { serverName: 'test', port: 0, dataFolder: '/nowhere', systems: [], passwords: {} };
  const users = ['gateway', 'ledger', 'courier', 'cli', 'developer', 'history'];
  const passwords = Object.fromEntries(users.map((user) => [user, 'invented-password']));
  const script = `
    import { localConfiguration } from ${JSON.stringify(join(root, 'deploy/local/nats.conf.mjs'))};
    process.stdout.write(localConfiguration(${JSON.stringify({ ...options, passwords })}));`;
  return new Promise((done, fail) => {
    execFile(process.execPath, ['--input-type=module', '-e', script], (error, stdout) =>
      error ? fail(error) : done(stdout.replace(/store_dir.*\n/, '')),
    );
  });
}

interface Printed {
  code: number;
  stdout: string;
  stderr: string;
}

function check(...args: string[]): Promise<Printed> {
  const env = { PATH: process.env['PATH'], LGSP_NATS_URL: nats.url };
  const command = [join(root, 'dist/apps/cli/main.js'), 'check', 'connector', ...args];
  return new Promise((done) => {
    execFile(process.execPath, command, { env, timeout: 100_000 }, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

const connector = (file: string): string => `'${process.execPath}' '${join(__dirname, 'broken', file)}'`;
const checkMs = 120_000;

it(
  'says of a connector that keeps the protocol, rule by rule, that it conforms',
  async () => {
    const { code, stdout, stderr } = await check(
      'lgsp.tides.v1',
      '--commands',
      '--start',
      connector('tides.connector.js'),
    );
    expect({ code, stderr: stderr.replace(/^steps .*$/gm, '').trim() }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^lgsp\.tides\.v1: 1 instance, 2 operations\n/);
    expect(stdout).toMatch(/^✓ drain\.finishes +must +on SIGTERM it ends the calls that it has taken$/m);
    expect(stdout).toMatch(/^– context\.required +should +not tried: no operation that it speaks of$/m);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('✓ it conforms, as far as it was tried: 3 rules not tried');
  },
  checkMs,
);

it(
  'names what is wrong with another one: what was sent, what came, and where the rule is written',
  async () => {
    const { code, stdout } = await check('tides', '--start', connector('schema.broken.js'));
    expect(code).toBe(1);
    const finding = stdout.slice(stdout.indexOf('✗ schema.answer (must)')).split('\n');
    expect(finding.slice(0, 5)).toEqual([
      '✗ schema.answer (must) at lgsp.tides.v1.get-tide',
      '    sent      lgsp.tides.v1.get-tide {"station":"hon-dau"}',
      expect.stringMatching(/^ {4}came {6}{"station":"hon-dau","highCm":"380 cm"} after \d+ ms$/),
      '    expected  valid by the output schema: /highCm must be integer',
      '    rule      docs/protocol.md#schemas-and-examples',
    ]);
    expect(stdout).toContain('✗ it does not conform: 1 finding');
  },
  checkMs,
);

it(
  'gives programs the same, and does not call what it was not asked to',
  async () => {
    const { code, stdout } = await check(
      'lgsp.tides.v1.get-tide',
      '--json',
      '--start',
      connector('tides.connector.js'),
    );
    const { conforms, operations, rules } = JSON.parse(stdout) as ConformanceReport;
    expect({ code, conforms, operations }).toEqual({ code: 0, conforms: true, operations: ['lgsp.tides.v1.get-tide'] });
    expect(rules.find(({ rule }) => rule === 'idempotency.once')?.state).toBe('not-tried');
  },
  checkMs,
);

it(
  'records schemas, adds what was added, and refuses what breaks callers',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lgsp-record-'));
    const file = join(folder, 'tides.schemas.json');
    const checked = async (): Promise<{ code: number; rules: string[]; came?: string }> => {
      const { code, stdout } = await check(
        'tides',
        '--json',
        '--recorded',
        file,
        '--start',
        connector('tides.connector.js'),
      );
      const { findings } = JSON.parse(stdout) as ConformanceReport;
      return { code, rules: findings.map(({ rule }) => rule), came: findings[0]?.came };
    };
    expect(await checked()).toEqual({ code: 0, rules: [] });
    const record = JSON.parse(readFileSync(file, 'utf8')) as RecordedSchemas;
    expect(Object.keys(record)).toEqual(['lgsp.tides.v1.get-tide', 'lgsp.tides.v1.report-level']);

    // As if the station had not been required when it was recorded.
    const before = structuredClone(record) as Record<string, { input: { required: string[] } }>;
    before['lgsp.tides.v1.get-tide']!.input.required = [];
    writeFileSync(file, JSON.stringify(before));
    expect(await checked()).toEqual({
      code: 1,
      rules: ['versions.compatible'],
      came: 'input/station is newly required (required)',
    });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(before);
    rmSync(folder, { recursive: true });
  },
  checkMs,
);

it('says when nobody is there, and when the question is none', async () => {
  const absent = await check('lgsp.nobody', '--wait-ms', '100', '--json');
  const { conforms, findings } = JSON.parse(absent.stdout) as ConformanceReport;
  expect({ code: absent.code, conforms, rules: findings.map(({ rule }) => rule) }).toEqual({
    code: 1,
    conforms: false,
    rules: ['discovery.info'],
  });
  const wrong = await check('LGSP.>.what');
  expect(wrong).toMatchObject({ code: 2, stdout: '' });
  expect(wrong.stderr).toContain('"LGSP.>.what" is not a system');
}, 60_000);
