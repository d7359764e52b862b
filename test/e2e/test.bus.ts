import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { startNats, type TestNats } from '#lgsp/bus/testing';
import { ClientStore, issueSecret, type ClientRecord } from '#lgsp/clients';
import { prepareDatabase } from '../../apps/ledger/testing/prepared.database';
import { TestRedis } from '../../apps/gateway/testing/redis';

const root = resolve(__dirname, '../..');
const readyMs = 60_000;

export interface Answered {
  status: number;
  headers: Headers;
  /** The body's bytes as text. */
  text: string;
  code?: string;
}

/** What a part says once it serves. */
interface Ready {
  url?: string;
  metricsUrl?: string;
  upstreams?: Record<string, { env: Record<string, string> }>;
}

/**
 * The parts of the bus as the processes that they are, built, on free ports, each of which a test may kill with -9 and start
 * again. Outside systems are stand-ins of the test itself.
 */
export class TestBus {
  nats!: TestNats;
  redis!: TestRedis;
  secret!: string;
  readonly urls = new Map<string, string>();
  /** What connectors must be told to reach the stand-ins of a sandbox that runs, by system. */
  readonly upstreams = new Map<string, Record<string, string>>();
  /** What the processes wrote, by name. */
  readonly logs = new Map<string, string>();
  private readonly parts = new Map<string, { child: ChildProcess; app: string; env: Record<string, string> }>();

  async start(): Promise<void> {
    [this.nats, this.redis] = await Promise.all([startNats(), TestRedis.start()]);
    this.secret = await this.register('tester');
  }

  async stop(): Promise<void> {
    await Promise.all([...this.parts.keys()].map((name) => this.kill(name)));
    await Promise.all([this.redis.stop(), this.nats.stop()]);
  }

  /** Registers a client that may call everything, and gives its secret. */
  async register(id: string, change: Partial<ClientRecord> = {}): Promise<string> {
    const { secret, record } = await issueSecret(id);
    const clients = await ClientStore.open(await this.nats.connect('operator'));
    await clients.put({
      id,
      name: id,
      agencies: ['*'],
      environment: 'production',
      role: 'caller',
      secrets: [record],
      grants: ['*'],
      state: 'active',
      limits: { perSecond: 100_000 },
      createdAt: new Date().toISOString(),
      ...change,
    });
    return secret;
  }

  /** Starts a part and waits until it serves. @param name of this process; several may run one app */
  async run(name: string, app = name, env: Record<string, string> = {}): Promise<void> {
    if (env['LGSP_LEDGER_DIR'] !== undefined) await prepareDatabase(env['LGSP_LEDGER_DIR']);
    const child = fork(join(root, 'dist/apps', app, 'main.js'), [], {
      env: {
        PATH: process.env['PATH'],
        LGSP_NATS_URL: this.nats.url,
        LGSP_REDIS_URL: this.redis.url,
        LGSP_HTTP_PORT: '0',
        LGSP_METRICS_PORT: '0',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.parts.set(name, { child, app, env });
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (text) => this.logs.set(name, `${this.logs.get(name) ?? ''}${String(text)}`));
    const late = setTimeout(() => child.kill('SIGKILL'), readyMs);
    const ready = await Promise.race([
      once(child, 'message').then(([message]) => message as Ready),
      once(child, 'exit').then(() => undefined),
    ]);
    clearTimeout(late);
    if (!ready) throw new Error(`${name} did not start: ${this.logs.get(name)?.slice(-2_000)}`);
    if (ready.url) this.urls.set(name, ready.url);
    if (ready.metricsUrl) this.urls.set(`${name}/metrics`, ready.metricsUrl);
    for (const [system, { env: told }] of Object.entries(ready.upstreams ?? {})) this.upstreams.set(system, told);
  }

  /** Starts a part that was killed again, as it was. */
  async again(name: string): Promise<void> {
    const { app, env } = this.parts.get(name)!;
    await this.run(name, app, env);
  }

  /** A part for whoever wants to see it stop by itself. */
  terminable(name: string): { stop(): void; exited: Promise<number | null> } {
    const { child } = this.parts.get(name)!;
    const exited = once(child, 'exit').then(([code]) => code as number | null);
    return { stop: () => void child.kill('SIGTERM'), exited };
  }

  /** Ends a part with -9. */
  async kill(name: string): Promise<void> {
    const { child } = this.parts.get(name)!;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** Calls an operation through a gateway. */
  async call(gateway: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answered> {
    const response = await fetch(`${this.urls.get(gateway)}/v1/${path}`, {
      method: 'POST',
      headers: { authorization: `ApiKey ${this.secret}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    const code = response.ok ? undefined : (JSON.parse(text) as { code: string }).code;
    return { status: response.status, headers: response.headers, text, code };
  }
}
