import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp, request as httpRequest } from 'node:http';
import { createServer as createHttps, type Server as HttpsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { population } from '../../apps/population/population.connector';
import { until } from '../../apps/gateway/testing/gateway.harness';
import { TestBus, type Answered } from '../e2e/test.bus';
import { selfSigned, type TestCertificate } from './certificate';
import { msOf } from './rules';
import { freePort, TestPrometheus, type ActiveAlert } from './test.prometheus';

/** `npm run drill` takes the times of the rules as they are; `npm test` a sixtieth of each. */
const isFull = process.env['LGSP_DRILL'] === 'full';
const factor = isFull ? 1 : 1 / 60;
/** What a busy machine needs beside the times of the rules. */
const slackMs = 60_000;

export const connectors = ['population', 'payment', 'budget-code', 'land', 'vnpost'] as const;
const parts = ['gateway', 'ledger', 'courier', ...connectors];
const inTime = (time: string): string => String(Math.round(msOf(time) * factor));
/** A courier that sends again and gives up in the times of the rules. */
const courier = {
  LGSP_COURIER_RETRY_MS: inTime('5m'),
  LGSP_COURIER_RETRY_MS_MAX: inTime('10m'),
  LGSP_WEBHOOK_NETWORKS: '127.0.0.1',
  LGSP_WEBHOOK_RETRY_MS: inTime('30s'),
  LGSP_WEBHOOK_RETRY_MS_MAX: inTime('1m'),
  LGSP_WEBHOOK_GIVE_UP_MS: inTime('40m'),
};
const callbacks = { LGSP_CALLBACK_NETWORKS: '{"land":["127.0.0.1"]}' };
/** Called in the weeks before, at this time. */
const usual: Record<string, number> = { land: 50, population: 4 };

export interface Drill {
  /** The rule's own time until it fires, at its longest. */
  within: string;
  labels: Record<string, string>;
}

/** The bus as processes that can be broken, with a real Prometheus that watches them. */
export class DrillBus {
  readonly bus = new TestBus();
  readonly prometheus = new TestPrometheus();
  readonly front = new TlsFront();
  readonly issuer = new Issuer();
  /** What has fired, and was seen to. */
  readonly fired = new Set<string>();
  private readonly folder = mkdtempSync(join(tmpdir(), 'lgsp-drill-'));
  private readonly ports = new Map<string, number>();
  private working?: AbortController;
  private worker?: Promise<void>;

  async start(): Promise<void> {
    const { bus } = this;
    const jobKey = { LGSP_JOB_KEY: randomBytes(32).toString('base64url') };
    for (const part of parts) this.ports.set(part, await freePort());
    await bus.start();
    await bus.run('sandbox', 'sandbox', { LGSP_SANDBOX_PORT: '0', LGSP_SANDBOX_SECRET: 'invented for this test' });
    await this.issuer.reserve();
    // Alone, since it makes its database.
    await this.run('ledger', { LGSP_LEDGER_DIR: this.folder });
    await Promise.all([
      this.run('gateway', { ...this.issuer.settings, ...jobKey, ...callbacks }),
      this.run('courier', { ...courier, ...jobKey }),
      ...['population', 'payment', 'land'].map((system) => this.run(system)),
      // What fails there is to be sent again and again.
      this.run('vnpost', { LGSP_UPSTREAM_FAILURES_MAX: '1000' }),
    ]);
    // One that is killed before the gateway has ever seen it is missed by nobody.
    await until(() => this.hasAll(['population', 'payment', 'land', 'vnpost']), 60_000);
    await this.prometheus.start({
      targets: [...this.ports].map(([part, port]) => ({ part, address: `127.0.0.1:${port}` })),
      factor,
      every: isFull ? '15s' : '500ms',
      history: history(),
    });
  }

  private async hasAll(systems: string[]): Promise<boolean> {
    const answer = await fetch(`${this.bus.urls.get('gateway')}/v1/services`);
    const { systems: there } = (await answer.json()) as { systems: { system: string; status: string }[] };
    return systems.every((name) => there.some(({ system, status }) => system === name && status === 'up'));
  }

  async stop(): Promise<void> {
    await this.rest();
    await this.prometheus.stop();
    await Promise.all([this.front.stop(), this.issuer.stop()]);
    await this.bus.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Starts a part on its own metrics port, so that it is found again when it comes back. */
  run(part: string, env: Record<string, string> = {}): Promise<void> {
    const given = { ...this.bus.upstreams.get(part), LGSP_UPSTREAM_PAUSE_MS: '1000' };
    return this.bus.run(part, part, { ...given, LGSP_METRICS_PORT: String(this.ports.get(part)), ...env });
  }

  /** Calls an operation; a call that does not come through is what a drill is about. */
  async call(path: string, input: unknown, headers: Record<string, string> = {}): Promise<Answered | undefined> {
    const context = { 'lgsp-officer': 'canbo.mau', 'lgsp-agency': 'H24.11', 'lgsp-procedure': '1.001193' };
    const dossier = { 'lgsp-dossier': 'H24.11-261101-0001' };
    return this.bus.call('gateway', path, input, { ...context, ...dossier, ...headers }).catch(() => undefined);
  }

  /** What the land system would send in by itself, but for its proof. */
  async callBack(): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const url = `${this.bus.urls.get('gateway')}/v1/callbacks/land/completed`;
    await fetch(url, { method: 'POST', headers, body: '{"SecurityCode":"forged"}' }).catch(() => undefined);
  }

  /** One call of the population database. */
  visit = (): Promise<unknown> =>
    this.call('population/verify-citizen', population.operations.verifyCitizen.example.input);

  /** Somebody calls the population database, some times a second, until the end. */
  work(): void {
    const working = new AbortController();
    this.working = working;
    this.worker = this.repeat(working.signal, this.visit, isFull ? 1_000 : 200);
  }

  async rest(): Promise<void> {
    this.working?.abort();
    await this.worker;
  }

  async repeat(signal: AbortSignal, work: () => Promise<unknown>, everyMs: number): Promise<void> {
    while (!signal.aborted) {
      await work();
      await pause(everyMs, undefined, { signal }).catch(() => undefined); // Aborted: the loop ends.
    }
  }

  async order(system: string, fault: object): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const url = `${this.bus.urls.get('sandbox')}/faults/${system}`;
    const response = await fetch(url, { method: 'PUT', headers, body: JSON.stringify(fault) });
    if (!response.ok) throw new Error(`the sandbox refuses the fault: ${await response.text()}`);
  }

  async mend(system: string): Promise<void> {
    await fetch(`${this.bus.urls.get('sandbox')}/faults/${system}`, { method: 'DELETE' });
  }

  /** The alert fires within its time and names what it is about, in its summary too. */
  async fires(alert: string, { within, labels }: Drill): Promise<ActiveAlert> {
    const active = await this.prometheus.firing(alert, labels, msOf(within) * factor + slackMs);
    const whom = Object.values(labels)[0]!;
    const text = `${active.annotations['summary']} ${active.annotations['description']}`;
    if (!text.includes(whom)) throw new Error(`${alert} does not name ${whom}: ${text}`);
    this.fired.add(alert);
    return active;
  }

  ends(alert: string, { within, labels }: Drill): Promise<void> {
    return this.prometheus.ended(alert, labels, msOf(within) * factor + slackMs);
  }
}

/** What was called at this time in the four weeks before, by the recording rule's name. */
function history(): string {
  const weekSeconds = (msOf('1w') * factor) / 1_000;
  const [before, after, step] = isFull ? [600, 10_800, 60] : [120, 900, 10];
  const now = Math.floor(Date.now() / 1_000);
  let text = '# TYPE lgsp:requests:increase30m gauge\n';
  for (const [system, calls] of Object.entries(usual)) {
    const times = [4, 3, 2, 1].flatMap((week) => {
      const at = now - week * weekSeconds;
      return Array.from({ length: (before + after) / step }, (_, nth) => at - before + nth * step);
    });
    for (const at of times) text += `lgsp:requests:increase30m{system="${system}"} ${calls} ${at}\n`;
  }
  return text;
}

/** A front with TLS before an outside system that has none, whose certificate a drill may renew. */
export class TlsFront {
  private readonly folder = mkdtempSync(join(tmpdir(), 'lgsp-tls-'));
  /** Expires within the alert's fourteen days, and long after them. */
  readonly old = selfSigned(new Date(Date.now() + msOf('7d') * factor));
  readonly renewed = selfSigned(new Date(Date.now() + msOf('90d') * factor));
  private server?: HttpsServer;

  /** @returns what a connector must be told to go this way */
  async start(upstream: Record<string, string>): Promise<Record<string, string>> {
    const [name, url] = Object.entries(upstream).find(([variable]) => variable.endsWith('_BASE_URL'))!;
    const { hostname, port, pathname } = new URL(url);
    this.server = createHttps(this.old, (request, response) => {
      const { method, url: path, headers } = request;
      const onward = httpRequest({ hostname, port, method, path, headers }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      });
      onward.once('error', () => response.destroy());
      request.pipe(onward);
    });
    const at = await freePort();
    await new Promise<void>((resolve) => this.server!.listen(at, '127.0.0.1', resolve));
    const trusted = join(this.folder, 'trusted.pem');
    writeFileSync(trusted, this.old.cert + this.renewed.cert);
    return { [name]: `https://localhost:${at}${pathname === '/' ? '' : pathname}`, NODE_EXTRA_CA_CERTS: trusted };
  }

  renew({ cert, key }: TestCertificate): void {
    this.server!.setSecureContext({ cert, key });
    this.server!.closeAllConnections();
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => (this.server ? this.server.close(resolve) : resolve(undefined)));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** An outside issuer of tokens that is away at first. */
export class Issuer {
  private port = 0;
  private readonly server = createHttp((_request, response) => response.end('{"keys":[]}'));

  async reserve(): Promise<void> {
    this.port = await freePort();
  }

  get settings(): Record<string, string> {
    return {
      LGSP_OIDC_ISSUER: 'https://sign-on.example',
      LGSP_OIDC_AUDIENCE: 'lgsp',
      LGSP_OIDC_JWKS_URL: `http://127.0.0.1:${this.port}/keys`,
      LGSP_OIDC_REFETCH_MS: '1000',
    };
  }

  /** A token of this issuer that nobody will believe: enough to have its keys asked for. */
  get token(): string {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${part({ alg: 'EdDSA', kid: 'none' })}.${part({ iss: 'https://sign-on.example' })}.${'A'.repeat(86)}`;
  }

  async come(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
