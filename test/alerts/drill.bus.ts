import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BusClient } from '#lgsp/bus';
import { freePort } from '#lgsp/bus/testing';
import { population } from '../../apps/population/population.connector';
import { until } from '../../apps/gateway/testing/gateway.harness';
import { TestPostgres } from '../../apps/ledger/testing/postgres';
import { TestBus, type Answered } from '../e2e/test.bus';
import { Issuer, TlsFront } from './outside.servers';
import { drillsAll, factor, isFull, msOf } from './rules';
import { SlowLine } from './slow.line';
import { TestPrometheus, type ActiveAlert } from './test.prometheus';

/** What a busy machine needs beside the times of the rules. */
const slackMs = 60_000;
const askMs = 30_000;

/** What is started at the beginning, beside the one that a drill starts itself. */
const began = ['population', 'land', 'vnpost', 'civil-registry', ...(drillsAll ? ['payment'] : [])];
export const connectors = [...began, 'budget-code'];
/** Only looks at a NATS of its own. */
export const overTls = 'over-tls';
const parts = ['gateway', 'ledger', 'courier', 'linked-procedures', ...connectors, ...(drillsAll ? [overTls] : [])];
const inTime = (time: string): string => String(Math.round(msOf(time) * factor));
/** A courier that sends again and gives up in the times of the rules, and follows one dossier at a time of each system. */
const courier = {
  LGSP_COURIER_FOLLOWED_MAX: '1',
  LGSP_COURIER_RETRY_MS: inTime('5m'),
  LGSP_COURIER_RETRY_MS_MAX: inTime('10m'),
  LGSP_COURIER_POLL_MS_MAX: '2000',
  LGSP_WEBHOOK_NETWORKS: '127.0.0.1',
  LGSP_WEBHOOK_RETRY_MS: inTime('30s'),
  LGSP_WEBHOOK_RETRY_MS_MAX: inTime('1m'),
  LGSP_WEBHOOK_GIVE_UP_MS: inTime('40m'),
};
const callbacks = { LGSP_CALLBACK_NETWORKS: '{"land":["127.0.0.1"],"vnpost":["127.0.0.1"]}' };
/** Procedures that stop at the second failure, and ask again soon. */
const procedures = {
  LGSP_PROCEDURES_ATTEMPTS_MAX: '2',
  LGSP_PROCEDURES_RETRY_MS: '200',
  LGSP_PROCEDURES_ASK_MS: '500',
  LGSP_PROCEDURES_ASK_MS_MAX: '2000',
};
/** What fails there is to be sent again and again. */
const patient = { LGSP_UPSTREAM_FAILURES_MAX: '1000' };
/** Called in the weeks before, at this time. */
const usual: Record<string, number> = { land: 50, population: 4 };

export interface Drill {
  /** The rule's own time until it fires, at its longest. */
  within: string;
  labels: Record<string, string>;
}

/** Drills by what they say, beginning with the alerts that they are about. */
export type Drills = Record<string, () => Promise<unknown>>;
/** Drills that do not touch each other, unless one waits for the other. */
export interface DrillSet {
  /** By every `npm test` too. */
  always: Drills;
  /** By `npm run drill` alone. */
  others: Drills;
}

/** The bus as processes that can be broken, with a real Prometheus that watches them. */
export class DrillBus {
  readonly bus = new TestBus();
  readonly prometheus = new TestPrometheus();
  readonly front = new TlsFront();
  readonly issuer = new Issuer();
  /** Between the gateway and NATS. */
  readonly line = new SlowLine();
  /** Where the book is. */
  databaseUrl = '';
  readonly jobKey = randomBytes(32).toString('base64url');
  /** What has fired, and was seen to. */
  readonly fired = new Set<string>();
  private readonly folder = mkdtempSync(join(tmpdir(), 'lgsp-drill-'));
  private readonly ports = new Map<string, number>();
  private postgres?: TestPostgres;
  private working?: AbortController;
  private worker?: Promise<void>;

  async start(): Promise<void> {
    const { bus } = this;
    const jobKey = { LGSP_JOB_KEY: this.jobKey };
    for (const part of parts) this.ports.set(part, await freePort());
    await bus.start();
    await bus.run('sandbox', 'sandbox', { LGSP_SANDBOX_PORT: '0', LGSP_SANDBOX_SECRET: 'invented for this test' });
    await this.issuer.reserve();
    // Alone, since it makes its database.
    await this.run('ledger', await this.book());
    const bySlowLine = { LGSP_NATS_URL: await this.line.start(bus.nats.url) };
    await Promise.all([
      this.run('gateway', { ...this.issuer.settings, ...jobKey, ...callbacks, ...bySlowLine }),
      this.run('courier', { ...courier, ...jobKey }),
      this.run('linked-procedures', { ...procedures, ...jobKey }),
      ...began.map((system) => this.run(system, ['vnpost', 'civil-registry'].includes(system) ? patient : {})),
    ]);
    // One that is killed before the gateway has ever seen it is missed by nobody.
    await until(() => this.hasAll([...began, 'linked-procedures']), 60_000);
    await this.prometheus.start({
      targets: [...this.ports].map(([part, port]) => ({ part, address: `127.0.0.1:${port}` })),
      factor,
      every: isFull ? '15s' : '1s',
      history: history(),
    });
  }

  /** Only PostgreSQL has somebody else hold a lock on the book; the embedded database is there sooner. */
  private async book(): Promise<Record<string, string>> {
    if (!drillsAll) return { LGSP_LEDGER_DIR: this.folder };
    this.postgres = await TestPostgres.start();
    this.databaseUrl = await this.postgres.database();
    return { LGSP_DATABASE_URL: this.databaseUrl };
  }

  private async hasAll(systems: string[]): Promise<boolean> {
    const answer = await fetch(`${this.bus.urls.get('gateway')}/v1/services`);
    const { systems: there } = (await answer.json()) as { systems: { system: string; status: string }[] };
    return systems.every((name) => there.some(({ system, status }) => system === name && status === 'up'));
  }

  async stop(): Promise<void> {
    await this.rest();
    await this.prometheus.stop();
    await Promise.all([this.front.stop(), this.issuer.stop(), this.line.stop()]);
    await this.bus.stop();
    await this.postgres?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Starts a part on its own metrics port, so that it is found again when it comes back. */
  run(part: string, env: Record<string, string> = {}, app = part): Promise<void> {
    const given = { ...this.bus.upstreams.get(app), LGSP_UPSTREAM_PAUSE_MS: '1000' };
    return this.bus.run(part, app, { ...given, LGSP_METRICS_PORT: String(this.ports.get(part)), ...env });
  }

  /** Calls an operation; a call that does not come through is what a drill is about. */
  async call(path: string, input: unknown, headers: Record<string, string> = {}): Promise<Answered | undefined> {
    const context = { 'lgsp-officer': 'canbo.mau', 'lgsp-agency': 'H24.11', 'lgsp-procedure': '1.001193' };
    const dossier = { 'lgsp-dossier': 'H24.11-261101-0001' };
    return this.bus.call('gateway', path, input, { ...context, ...dossier, ...headers }).catch(() => undefined);
  }

  /** What an outside system would send in by itself, but for its proof. @param callback `land/completed` */
  async callBack(callback: string): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const url = `${this.bus.urls.get('gateway')}/v1/callbacks/${callback}`;
    // While the gateway is away nobody hears it: that it came is seen by the alert.
    await fetch(url, { method: 'POST', headers, body: '{"SecurityCode":"forged"}' }).catch(() => undefined);
  }

  /** Asks a process as an operator does. */
  async ask<T>(subject: string, question: object): Promise<T> {
    const client = new BusClient(await this.bus.nats.connect('operator'));
    return client.call<T>(subject, question, Date.now() + askMs);
  }

  /** One call of the population database. */
  visit = (): Promise<unknown> =>
    this.call('population/verify-citizen', population.operations.verifyCitizen.example.input);

  /** Somebody calls the population database, some times a second, until the end. */
  work(): void {
    if (this.working) return;
    const working = new AbortController();
    this.working = working;
    this.worker = this.repeat(working.signal, this.visit, isFull ? 1_000 : 200);
  }

  async rest(): Promise<void> {
    this.working?.abort();
    await this.worker;
  }

  private async repeat(signal: AbortSignal, work: () => Promise<unknown>, everyMs: number): Promise<void> {
    while (!signal.aborted) {
      await work();
      await pause(everyMs, undefined, { signal }).catch(() => undefined); // Aborted: the loop ends.
    }
  }

  /** Does something again and again until something else has happened. */
  async whilst(work: () => Promise<unknown>, everyMs: number, happens: Promise<unknown>): Promise<void> {
    const done = new AbortController();
    const working = this.repeat(done.signal, work, everyMs);
    await happens.finally(() => done.abort());
    await working;
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

  /** The alert fires within its time and names what it is about, in its summary or description too. */
  async fires(alert: string, { within, labels }: Drill): Promise<ActiveAlert> {
    const active = await this.prometheus.firing(alert, labels, msOf(within) * factor + slackMs);
    const whom = Object.values(labels)[0]!;
    const text = `${active.annotations['summary']} ${active.annotations['description']}`;
    if (!text.toLowerCase().includes(whom)) throw new Error(`${alert} does not name ${whom}: ${text}`);
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
