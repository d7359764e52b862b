import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import ts from 'typescript';
import { startStandIn } from '../../apps/sandbox/start.stand-in';
import { paymentStandIn } from '../../apps/sandbox/payment/payment.stand-in';
import { populationStandIn } from '../../apps/sandbox/population/population.stand-in';
import type { StandIn } from '../../apps/sandbox/stand-in';
import { root } from './launched';
import { TestBus } from './test.bus';

/** The programs of docs/calling.md, taken from the page and run as they stand there. */

jest.setTimeout(120_000);

const page = readFileSync(join(root, 'docs/calling.md'), 'utf8');
/** By name: the files and programs of the page. Each stands after a line that begins with its name. */
const files = new Map(
  [...page.matchAll(/^`([\w-]+\.\w+)`.*\n\n```\w+\n([^]*?)^```$/gm)].map(([, name, text]) => [name!, text!]),
);

interface Way {
  /** Programs, or files, that must be on the machine. */
  needs: string[];
  /** Command lines, one after the other; the last one is the program itself. */
  run: string[][];
}

const monoLibraries = ['System.Net.Http', 'System.Runtime.Serialization'].map((name) => `/usr/lib/mono/gac/${name}`);

const ways: Record<string, Way> = {
  'first-call.sh': { needs: ['sh', 'curl'], run: [['sh', 'first-call.sh']] },
  'first-call.ts': { needs: ['node'], run: [['node', 'first-call.mjs']] },
  'FirstCall.java': { needs: ['java'], run: [['java', 'FirstCall.java']] },
  'first-call.php': { needs: ['php'], run: [['php', 'first-call.php']] },
  'FirstCall.cs': {
    needs: ['mcs', 'mono', ...monoLibraries],
    run: [
      ['mcs', '-r:System.Net.Http.dll', '-r:System.Runtime.Serialization.dll', '-out:first-call.exe', 'FirstCall.cs'],
      ['mono', 'first-call.exe'],
    ],
  },
};

const isThere = (program: string): boolean =>
  (program.startsWith('/') && existsSync(program)) ||
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));

const bus = new TestBus();
let folder: string;
let population: StandIn;
let payment: StandIn;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lgsp-calling-'));
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  const compiled = ts.transpileModule(files.get('first-call.ts')!, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  });
  writeFileSync(join(folder, 'first-call.mjs'), compiled.outputText);
  await bus.start();
  [population, payment] = await Promise.all([startStandIn(populationStandIn), startStandIn(paymentStandIn)]);
  await Promise.all([bus.run('population', 'population', population.env), bus.run('payment', 'payment', payment.env)]);
  await bus.run('gateway');
  // A first call in good health, so that the connector has its token and a fault meets the command itself.
  const context = { 'lgsp-agency': 'H24.11', 'lgsp-dossier': 'H24.11-261101-0009', 'lgsp-procedure': '2.000635' };
  const body: unknown = JSON.parse(files.get('payment.json')!);
  const first = await bus.call('gateway', 'payment/create-payment', body, { ...context, 'idempotency-key': 'first' });
  expect(first.status).toBe(200);
});
afterAll(async () => {
  await bus.stop();
  await Promise.all([population.stop(), payment.stop()]);
  rmSync(folder, { recursive: true });
});
beforeEach(() => payment.effects.clear());

const effects = (): number => payment.effects.list().reduce((sum, { count }) => sum + count, 0);

function run(
  [program, ...args]: string[],
  secret = bus.secret,
): Promise<{ code: number; lines: string[]; stderr: string }> {
  const env = {
    PATH: process.env['PATH'],
    LGSP_URL: bus.urls.get('gateway'),
    LGSP_CLIENT_ID: 'tester',
    LGSP_CLIENT_SECRET: secret,
  };
  return new Promise((done) => {
    execFile(program!, args, { cwd: folder, env, timeout: 100_000 }, (error, stdout, stderr) =>
      done({ code: error ? 1 : 0, lines: stdout.trim().split('\n'), stderr }),
    );
  });
}

it('the page has a program in each of the five languages, and what they send', () => {
  expect([...files.keys()].toSorted()).toEqual([...Object.keys(ways), 'citizen.json', 'payment.json'].toSorted());
});

it('the program in TypeScript has the types that it says it has', () => {
  const path = join(folder, 'first-call.ts');
  const program = ts.createProgram([path], {
    strict: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
  });
  expect(ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText)).toEqual([]);
});

for (const [name, { needs, run: commands }] of Object.entries(ways)) {
  const missing = needs.filter((program) => !isThere(program));
  // Curl and Node are everywhere; a language that is not on this machine is reported as not tried.
  if (missing.length > 0 && name !== 'first-call.sh') {
    it.todo(`${name} is not tried: ${missing.join(' and ')} not on this machine`);
    continue;
  }
  describe(name, () => {
    beforeAll(async () => {
      for (const command of commands.slice(0, -1)) expect(await run(command)).toMatchObject({ code: 0 });
    });

    it('verifies a citizen and opens one payment, though the answer to the command is lost once', async () => {
      await payment.setFault({ kind: 'lost-reply', times: 1 });
      const { code, lines, stderr } = await run(commands.at(-1)!);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(lines).toHaveLength(2);
      expect(JSON.parse(lines[0]!)).toEqual({ verified: true });
      expect(JSON.parse(lines[1]!)).toMatchObject({ reference: expect.stringMatching(/^dvcH2411261101/) });
      expect(effects()).toBe(1);
    });

    it('waits and sends again while the outside system is down, and then there is one payment', async () => {
      await payment.setFault({ kind: 'error-500', times: 2 });
      const { code, lines } = await run(commands.at(-1)!);
      expect({ code, payment: JSON.parse(lines[1]!) as unknown }).toEqual({
        code: 0,
        payment: { reference: expect.any(String), paymentUrl: expect.any(String) },
      });
      expect(effects()).toBe(1);
    });

    it('gives up without a token, and sends nothing', async () => {
      const { code, stderr } = await run(commands.at(-1)!, 'tester.wrong');
      expect({ code, says: /no token/.test(stderr) || stderr }).toEqual({ code: 1, says: true });
      expect(effects()).toBe(0);
    });
  });
}
