import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { BusConnection, KeyValueStore } from '#lgsp/bus';
import { createLogger } from '#lgsp/telemetry';
import { Launched, readyTimeoutMs, type Terminal } from './launched';

/** A whole run with every part at its most talkative, and then a search for everything that is secret. */

const bus = new Launched({ LGSP_LOG_LEVEL: 'debug' });
/** Everything that was answered to a caller who had no right to a secret, and what the metrics said. */
const heard: string[] = [];
/** What must be found nowhere, by what it is. */
const secrets = new Map<string, string>();
let launcher: Terminal;

/** The command line of every process of this machine, looked at again and again: also of those that live for a moment. */
class ProcessList {
  readonly lines = new Set<string>();
  private readonly timer = setInterval(() => this.look(), 20);

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        this.lines.add(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
      } catch {
        // It has ended between the two.
      }
    }
  }
}

const read = (...path: string[]): string => readFileSync(join(bus.folder, ...path), 'utf8');

async function hear(url: string, init: RequestInit = {}): Promise<{ status: number; text: string }> {
  const response = await fetch(url, init);
  const text = await response.text();
  heard.push(`${JSON.stringify(Object.fromEntries(response.headers))}\n${text}`);
  return { status: response.status, text };
}

/** Every setting of every part that the configuration page calls secret. */
function noteSettings(): void {
  const page = readFileSync(join(__dirname, '../../docs/configuration.md'), 'utf8');
  const names = [...page.matchAll(/^\| `(LGSP_[A-Z_]+)` \|.*secret/gm)].map(([, name]) => name!);
  expect(names.length).toBeGreaterThan(5);
  for (const file of readdirSync(join(bus.folder, 'env'))) {
    const settings = parseEnv(read('env', file));
    for (const name of names) if (settings[name]) secrets.set(`${file} ${name}`, settings[name]);
  }
  const { LGSP_CLIENT_SECRET: client, LGSP_OPERATOR_SECRET: operator } = bus.demo();
  secrets.set('key of the client', client!.split('.')[1]!);
  secrets.set('key of the operator', operator!.split('.')[1]!);
}

/** The private halves of the keys that sign access tokens, which only the gateway may read. */
async function noteSigningKeys(): Promise<void> {
  const {
    LGSP_NATS_URL: url,
    LGSP_NATS_USER: user,
    LGSP_NATS_PASSWORD: password,
  } = parseEnv(read('env', 'gateway.env'));
  const log = createLogger({ app: 'test', level: 'silent' });
  const connection = await BusConnection.open({ url: url!, user, password, name: 'gateway', log });
  const store = await KeyValueStore.open<{ privateJwk: { d: string } }>(connection, {
    bucket: 'KEYS',
    description: '',
  });
  const kept = [...(await store.all())];
  expect(kept.length).toBeGreaterThan(0);
  for (const [kid, { privateJwk }] of kept) secrets.set(`signing key ${kid}`, privateJwk.d);
  await connection.close();
}

/** What every part tells its Prometheus. */
async function hearMetrics(): Promise<void> {
  for (const file of readdirSync(join(bus.folder, 'env'))) {
    const { LGSP_METRICS_PORT: port } = parseEnv(read('env', file));
    if (!port) continue;
    const { status, text } = await hear(`http://127.0.0.1:${port}/metrics`);
    expect({ file, status, tells: text.includes('process_cpu_seconds_total') }).toEqual({
      file,
      status: 200,
      tells: true,
    });
  }
}

/** Operators' commands that have to do with secrets. */
async function manage(): Promise<void> {
  heard.push(await bus.lgsp('clients', 'list', '--json'), await bus.lgsp('clients', 'show', 'demo-one-stop', '--json'));
  const rotated = await bus.lgsp('clients', 'rotate', 'demo-operator', '--json');
  secrets.set('rotated key', (JSON.parse(rotated) as { secret: string }).secret.split('.')[1]!);
  const [file, kept] = ['wards.yaml', 'wards.secrets'].map((name) => join(bus.folder, name)) as [string, string];
  writeFileSync(file, 'clients: [{id: ward-01, agencies: [H24.11], grants: ["population.*"]}]');
  heard.push(
    await bus.lgsp('clients', 'import', file, '--secrets', kept),
    await bus.lgsp('clients', 'history', '--json'),
  );
  expect(statSync(kept).mode & 0o777).toBe(0o600);
  secrets.set('imported key', readFileSync(kept, 'utf8').trim().split('.')[1]!);
}

/** Calls of every kind, also with credentials in wrong places. */
async function callAll(): Promise<void> {
  const { LGSP_URL: url, LGSP_CLIENT_ID: id, LGSP_CLIENT_SECRET: secret } = bus.demo();
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const asked = await fetch(`${url}/oauth2/token`, {
    method: 'POST',
    headers: { ...form, authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: 'grant_type=client_credentials',
  });
  const { access_token: token } = (await asked.json()) as { access_token: string };
  secrets.set('access token', token.split('.')[2]!);
  secrets.set('key and id', Buffer.from(`${id}:${secret}`).toString('base64'));
  const operation = `${url}/v1/population/verify-citizen`;
  const json = { 'content-type': 'application/json' };
  const wrong: Record<string, string>[] = [
    { authorization: `ApiKey ${secret}x` },
    { authorization: `Bearer ${token}x` },
    { authorization: `Basic ${secret}` },
    { authorization: `ApiKey ${secret}`, 'lgsp-officer': 'canbo.mau', 'lgsp-dossier': 'H24.11-261124-0002' },
    { authorization: `Bearer ${token}` },
    { 'x-api-key': secret! },
  ];
  for (const headers of wrong) await hear(operation, { method: 'POST', headers: { ...json, ...headers }, body: '{}' });
  await hear(`${operation}?api_key=${secret}`, { method: 'POST', headers: json, body: '{}' });
  await hear(`${url}/token?client_secret=${secret}`, { method: 'POST', headers: form, body: '' });
  await hear(`${url}/oauth2/token`, { method: 'POST', headers: form, body: `client_id=x&client_secret=${secret}` });
  await hear(`${url}/${secret}`);
  const open = ['/v1/services', '/healthz', '/readyz', '/.well-known/jwks.json', '/openapi.json', '/docs'];
  for (const path of open) await hear(url + path);
}

const processes = new ProcessList();

beforeAll(async () => {
  launcher = bus.terminal('start.mjs');
  await launcher.says('Ctrl-C stops everything.');
  noteSettings();
  await noteSigningKeys();
}, readyTimeoutMs + 5_000);
afterAll(async () => {
  processes.stop();
  launcher.child.kill('SIGINT');
  await launcher.exited;
  bus.remove();
});

it('no secret, token or key is in any log, answer, metric or command line', async () => {
  await callAll();
  heard.push(await bus.lgsp('demo', '--visits', '40'));
  await manage();
  await hearMetrics();
  launcher.child.kill('SIGINT');
  await launcher.exited;
  const logs = readdirSync(join(bus.folder, 'log')).map((file) => read('log', file));
  expect(logs.join('')).toContain('"level":"debug"');
  const listed = [...processes.lines];
  // It has seen them all: parts, servers, and commands that were over at once.
  for (const name of ['gateway/main.js', 'payment/main.js', 'nats-server', 'redis-server', 'cli/main.js'])
    expect({ name, seen: listed.some((line) => line.includes(name)) }).toEqual({ name, seen: true });
  const everything = [...logs, ...heard, ...listed, launcher.output];
  const found = [...secrets].filter(([, secret]) => everything.some((text) => text.includes(secret)));
  expect(found.map(([name]) => name)).toEqual([]);
  expect(secrets.size).toBeGreaterThan(15);
}, 90_000);
