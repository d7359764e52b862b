import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { parse } from 'yaml';
import { freePort } from '#lgsp/bus/testing';
import { readParts } from '../parts';

interface Service {
  command?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  networks?: string[];
  ports?: string[];
}

const root = resolve(__dirname, '../..');
const site = mkdtempSync(join(tmpdir(), 'lgsp-site-'));
const text = readFileSync(join(root, 'deploy/compose/compose.yaml'), 'utf8');
const { services } = parse(text, { merge: true }) as { services: Record<string, Service> };
const started: ChildProcess[] = [];
const prepare = (): string =>
  execFileSync(process.execPath, ['deploy/compose/prepare.mjs', site], { cwd: root, encoding: 'utf8' });
const read = (...names: string[]): string => readFileSync(join(site, ...names), 'utf8');

beforeAll(prepare, 120_000);
afterAll(async () => {
  for (const child of started.toReversed()) {
    if (child.exitCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  rmSync(site, { recursive: true });
});

it('is what the list of parts says, and has every part once', () => {
  execFileSync(process.execPath, ['deploy/compose/write.mjs', '--check'], { cwd: root, stdio: 'pipe' });
  const parts = readParts().filter(({ kind }) => kind !== 'sandbox' && kind !== 'tool');
  expect(Object.keys(services)).toEqual(expect.arrayContaining(parts.map(({ name }) => name)));
  for (const { name } of parts) expect(existsSync(join(root, 'dist', `apps/${name}/main.js`))).toBe(true);
});

it('publishes the door and nothing else', () => {
  expect(Object.keys(services).filter((name) => services[name]!.ports)).toEqual(['gateway']);
});

it('holds no secret, and finds every file of the site that it names', () => {
  const secrets = Object.values(services).flatMap(({ environment = {} }) =>
    Object.keys(environment).filter((name) => /(PASSWORD|SECRET|KEY)$/.test(name)),
  );
  expect(secrets).toEqual([]);
  const paths = [...text.matchAll(/\$\{LGSP_SITE\}\/([\w./-]+)/g)].map(([, path]) => path!);
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter((path) => !existsSync(join(site, path)))).toEqual([]);
});

it('is prepared with secrets that only their owner reads, and the same ones again', () => {
  const before = read('parts', 'gateway', 'nats-password');
  const hashes = read('nats', 'passwords.env');
  prepare();
  expect(read('parts', 'gateway', 'nats-password')).toBe(before);
  expect(read('nats', 'passwords.env')).toBe(hashes);
  expect(hashes).not.toContain(before.trim());
  expect(statSync(join(site, 'parts/gateway/nats-password')).mode & 0o077).toBe(0);
});

it('lets parts find each other, each with its own password, encrypted, and shows until when the certificate of NATS serves', async () => {
  const natsPort = await startNats();
  const [gatewayPort, metricsPort] = [await freePort(), await freePort()];
  run('population', natsPort, {
    LGSP_METRICS_PORT: '0',
    LGSP_POPULATION_BASE_URL: 'http://127.0.0.1:9/',
    LGSP_POPULATION_USER: 'invented',
    LGSP_POPULATION_SECRET_KEY: 'invented-secret',
    LGSP_POPULATION_API_KEY: 'invented-key',
  });
  const gateway = run('gateway', natsPort, {
    LGSP_HTTP_HOST: '127.0.0.1',
    LGSP_HTTP_PORT: String(gatewayPort),
    LGSP_METRICS_PORT: String(metricsPort),
  });
  const deadline = Date.now() + 60_000;
  for (;;) {
    const ready = await fetch(`http://127.0.0.1:${gatewayPort}/readyz`).then(
      (answer) => answer.text(),
      () => '',
    );
    if (ready.includes('population')) break;
    if (Date.now() > deadline) throw new Error(`no population at the gateway: ${gateway.told.join('').slice(-1_500)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const expiresAt = Date.parse(new X509Certificate(read('nats', 'tls', 'server.crt')).validTo);
  const shown = `lgsp_bus_certificate_expiry_timestamp_seconds ${expiresAt / 1_000}\n`;
  while (!(await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()).includes(shown)) {
    if (Date.now() > deadline) throw new Error(`no certificate of NATS: ${gateway.told.join('').slice(-1_500)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}, 90_000);

/** The server with the production configuration, as far as the server of Debian 12 knows it. */
async function startNats(): Promise<number> {
  const port = await freePort();
  const configuration = readFileSync(join(root, 'deploy/nats/nats.conf'), 'utf8')
    .replace(/ *sync_interval: .*\n/, '')
    .replace('0.0.0.0:4222', `127.0.0.1:${port}`)
    .replace('/var/lib/nats', join(site, 'nats/data'))
    .replaceAll('/etc/nats/tls', join(site, 'nats/tls'));
  const file = join(site, 'nats.conf');
  writeFileSync(file, configuration);
  const env = { ...process.env, ...parseEnv(read('nats', 'passwords.env')), LGSP_NATS_SERVER_NAME: 'nats' };
  started.push(spawn('nats-server', ['-c', file], { env, stdio: 'ignore' }));
  return port;
}

/** A part as its service starts it: the same variables, with what a container would give it another place for. */
function run(name: string, natsPort: number, settings: Record<string, string>): { told: string[] } {
  const { command = [], environment = {} } = services[name]!;
  const place = (value: string): string =>
    value.replace('/run/lgsp', join(site, 'parts', name)).replace('nats:4222', `127.0.0.1:${natsPort}`);
  const given = Object.entries(environment).map(([variable, value]) => [variable, place(value)]);
  const env = { PATH: process.env['PATH'], ...Object.fromEntries(given), ...settings };
  const child = spawn(process.execPath, command, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const told: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => told.push(chunk.toString()));
  started.push(child);
  return { told };
}
