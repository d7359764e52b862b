import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNats, type TestNats } from '#lgsp/bus/testing';
import { ClientStore, verifySecret } from '#lgsp/clients';
import { root } from './launched';

/** `lgsp clients`, as an operator types it, against a real NATS. */

let nats: TestNats;
let store: ClientStore;
let folder: string;

beforeAll(async () => {
  nats = await startNats();
  store = await ClientStore.open(await nats.connect());
  folder = mkdtempSync(join(tmpdir(), 'lgsp-clients-'));
});
afterAll(async () => {
  await nats.stop();
  rmSync(folder, { recursive: true });
});

interface Printed {
  code: number;
  stdout: string;
  stderr: string;
}

function clients(...args: string[]): Promise<Printed> {
  const env = { PATH: process.env['PATH'], LGSP_NATS_URL: nats.url };
  return new Promise((done) => {
    execFile(
      process.execPath,
      [join(root, 'dist/apps/cli/main.js'), 'clients', ...args],
      { env },
      (error, stdout, stderr) => done({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

it('tells the whole life of a client: registered, changed in every way, and all of it in the audit', async () => {
  const added = await clients(
    'add',
    'one-stop',
    '--agency',
    'H24.11',
    '--grant',
    'payment.*',
    '--network',
    '10.20.0.0/16',
  );
  const secret = /shown only now: (\S+)/.exec(added.stdout)![1]!;
  expect(await verifySecret(await store.get('one-stop'), secret)).toBe(true);
  const changes = [
    ['grant', 'one-stop', 'population.*'],
    ['revoke', 'one-stop', 'payment.*'],
    ['limit', 'one-stop', '--per-second', '5', '--per-day', '100'],
    ['limit', 'one-stop', '--per-second', 'default'],
    ['networks', 'one-stop', '192.0.2.7', '2001:db8::/32'],
    ['networks', 'one-stop'],
    ['suspend', 'one-stop'],
    ['resume', 'one-stop', '--json'],
    ['rotate', 'one-stop', '--at-once'],
  ];
  for (const change of changes) {
    const { code, stdout, stderr } = await clients(...change);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    if (change.includes('--json')) expect(JSON.parse(stdout)).toMatchObject({ id: 'one-stop', state: 'active' });
  }
  const lines = (await clients('history', 'one-stop')).stdout.trim().split('\n').slice(2);
  const who = '\\S+@\\S+ +one-stop +';
  const told = [
    'add +name none → one-stop; agencies \\+ H24.11; .*networks \\+ 10.20.0.0/16; .*secrets \\+ [0-9a-f]{12}',
    'grant +grants \\+ population.\\*',
    'revoke +grants − payment.\\*',
    'limit +limits.perSecond none → 5; limits.perDay none → 100',
    'limit +limits.perSecond 5 → none',
    'networks +networks \\+ 192.0.2.7 \\+ 2001:db8::/32 − 10.20.0.0/16',
    'networks +networks − 192.0.2.7 − 2001:db8::/32',
    'suspend +state active → suspended',
    'resume +state suspended → active',
    'rotate-at-once +secrets \\+ [0-9a-f]{12} − [0-9a-f]{12}',
  ];
  expect(lines).toHaveLength(told.length);
  for (const [nth, pattern] of told.entries()) expect(lines[nth]).toMatch(new RegExp(`^20\\S+Z +${who}${pattern}`));
  const shown = JSON.parse((await clients('show', 'one-stop', '--json')).stdout) as {
    client: object;
    changes: object[];
  };
  expect(shown.client).toMatchObject({ id: 'one-stop', grants: ['population.*'], limits: { perDay: 100 } });
  expect(shown.changes).toHaveLength(told.length);
  expect(JSON.stringify(shown)).not.toMatch(/"(hash|salt)"/);
}, 60_000);

it.each<[string, string[], RegExp]>([
  ['an agency that is none', ['add', 'ward', '--agency', 'H24,11', '--grant', '*'], /agencies 0 must be/],
  ['a grant that is none', ['grant', 'one-stop', 'payment'], /grant must be .* not "payment"/],
  ['a network that is none', ['networks', 'one-stop', '10.0.0.0/64'], /network must be .* not "10.0.0.0\/64"/],
  ['a client that is not there', ['show', 'nobody'], /there is no client "nobody"/],
  ['a limit of nothing', ['limit', 'one-stop'], /no limit is named/],
])('refuses %s', async (_name, args, says) => {
  const { code, stderr } = await clients(...args);
  expect(code).toBe(2);
  expect(stderr).toMatch(says);
});

const wards = `
clients:
  - id: ward-01
    name: Phường số 1
    agencies: [H24.11]
    grants: [population.verify-citizen, payment.*]
    networks: [10.20.1.0/24]
    limits: {perSecond: 20, perDay: 5000}
  - id: ward-02
    agencies: [H24.12]
    grants: ['*']
    environment: sandbox
`;

describe('import', () => {
  it('names every fault of the file with its line, and changes nothing', async () => {
    const path = file(
      'faulty.yaml',
      `clients:
  - id: good-one
    agencies: [H24.11]
    grants: ['*']
  - id: Bad
    agencies: H24.11
    grants: [payment.*, payment]
    limits: {perDay: 0}
  - id: good-one
    agencies: ['*']
    grants: ['*']
    role: boss
  - name: nameless
    agencies: ['*']
    grants: ['*']
extra: 1
`,
    );
    const { code, stderr } = await clients('import', path);
    expect(code).toBe(2);
    expect(stderr.split('\n').slice(1, -1)).toEqual([
      '  line 16: extra is not known here; there is only "clients"',
      '  line 5: clients[1].id must be 3 to 40 of a-z, 0-9 and -, beginning with a letter, not "Bad"',
      '  line 6: clients[1].agencies must be a list, not "H24.11"',
      '  line 7: clients[1].grants[1] must be <system>.<operation>, <system>.* or *, not "payment"',
      '  line 8: clients[1].limits.perDay must be a whole number above 0, not 0',
      '  line 12: clients[2].role must be caller or operator, not "boss"',
      '  line 9: clients[2].id is that of clients[0] already',
      '  line 13: clients[3].id is required',
    ]);
    expect(stderr).toContain('has 8 faults; nothing was changed');
    expect(await store.get('good-one')).toBeUndefined();
  });

  it.each([
    ['no YAML', 'clients: [', /line 1: /],
    ['a name twice', 'clients: []\nclients: []', /line 2: Map keys must be unique/],
    ['no list', 'clients: 5', /clients must be a list/],
    ['nothing', '', /clients must be a list/],
    [
      'a bomb of aliases',
      `a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [${'*a, '.repeat(9)}]\nc: &c [${'*b, '.repeat(9)}]\nclients: [${'*c, '.repeat(9)}]`,
      /[Aa]lias/,
    ],
  ])('refuses %s', async (_name, text, says) => {
    const { code, stderr } = await clients('import', file('wrong.yaml', text));
    expect({ code, says: says.test(stderr) || stderr }).toEqual({ code: 2, says: true });
  });

  it('says what it would do, and does nothing', async () => {
    const { code, stdout } = await clients('import', file('wards.yaml', wards), '--dry-run');
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^ward-01 would be added: name none → Phường số 1;/),
    });
    expect(stdout).not.toContain('secret');
    expect(await store.get('ward-01')).toBeUndefined();
  });

  it('registers who is new, with secrets that only the owner of the file can read', async () => {
    const secrets = join(folder, 'secrets.yaml');
    const { code, stdout, stderr } = await clients('import', file('wards.yaml', wards), '--secrets', secrets);
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('2/2') });
    expect(stdout).toContain('ward-02 added');
    expect(statSync(secrets).mode & 0o777).toBe(0o600);
    const kept = new Map(
      readFileSync(secrets, 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split(': ') as [string, string]),
    );
    for (const id of ['ward-01', 'ward-02']) {
      expect(await verifySecret(await store.get(id), kept.get(id)!)).toBe(true);
      expect(stdout).not.toContain(kept.get(id));
    }
    expect(await store.get('ward-01')).toMatchObject({
      name: 'Phường số 1',
      networks: ['10.20.1.0/24'],
      limits: { perSecond: 20, perDay: 5_000 },
      state: 'active',
    });
    const again = await clients('import', file('wards.yaml', wards), '--secrets', secrets);
    expect(again).toMatchObject({ code: 0, stdout: 'ward-01 unchanged\nward-02 unchanged\n' });
    expect((await clients('history', 'ward-01', '--json')).stdout.trim().split('\n')).toHaveLength(1);
  }, 60_000);

  it('changes only what differs, keeps secrets and state, and leaves others alone', async () => {
    await clients('suspend', 'ward-01');
    const path = file('wards.yaml', wards.replace('perDay: 5000', 'perDay: 9000').replace(', payment.*', ''));
    const { stdout } = await clients('import', path);
    expect(stdout).toBe('ward-01 changed: grants − payment.*; limits.perDay 5000 → 9000\nward-02 unchanged\n');
    expect(await store.get('ward-01')).toMatchObject({ state: 'suspended', limits: { perDay: 9_000 } });
    expect((await store.get('ward-01'))!.secrets).toHaveLength(1);
    expect((await store.get('one-stop'))!.state).toBe('active');
    const last = JSON.parse(
      (await clients('history', 'ward-01', '--json')).stdout.trim().split('\n').at(-1)!,
    ) as object;
    expect(last).toMatchObject({
      action: 'import',
      who: expect.stringMatching(/@/),
      before: { grants: ['population.verify-citizen', 'payment.*'] },
    });
  }, 60_000);

  it('shows the secret of a new client once when no file is named, and writes over no file', async () => {
    const further = `${wards}  - id: ward-03\n    agencies: ['*']\n    grants: []\n`;
    const refused = await clients('import', file('wards.yaml', further), '--secrets', join(folder, 'secrets.yaml'));
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/nothing was changed/) });
    expect(await store.get('ward-03')).toBeUndefined();
    const { stdout } = await clients('import', join(folder, 'wards.yaml'));
    const secret = /ward-03 added: .*shown only now: (\S+)/.exec(stdout)![1]!;
    expect(await verifySecret(await store.get('ward-03'), secret)).toBe(true);
  }, 60_000);
});
