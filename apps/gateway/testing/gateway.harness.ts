import { connect as connectSocket } from 'node:net';
import { startNats, type TestNats } from '#lgsp/bus/testing';
import { ClientStore, issueSecret, type ClientRecord } from '#lgsp/clients';
import { loadConfig } from '#lgsp/config';
import { createLogger } from '#lgsp/telemetry';
import { startGateway, type Gateway } from '../gateway';
import { GatewayConfig } from '../gateway.config';

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
  ms: number;
}

/** A gateway in this process before a real NATS, with one client that may call everything. */
export class GatewayHarness {
  nats!: TestNats;
  gateway!: Gateway;
  clients!: ClientStore;
  secret!: string;
  readonly logLines: string[] = [];

  /** @param settings environment of the gateway */
  async start(settings: Record<string, string> = {}): Promise<void> {
    this.nats = await startNats();
    this.clients = await ClientStore.open(await this.nats.connect('operator'));
    this.secret = await this.register('tester');
    await this.startGateway(settings);
  }

  async startGateway(settings: Record<string, string> = {}): Promise<void> {
    const config = loadConfig(GatewayConfig, {
      LGSP_NATS_URL: this.nats.url,
      LGSP_HTTP_PORT: '0',
      LGSP_CLIENT_PER_SECOND: '100000',
      LGSP_CLIENT_BURST: '100000',
      ...settings,
    });
    const destination = { write: (line: string) => void this.logLines.push(line) };
    this.gateway = await startGateway(config, createLogger({ app: 'gateway', level: 'debug', destination }));
  }

  async stop(): Promise<void> {
    await this.gateway.stop();
    await this.nats.stop();
  }

  /** Registers a client and gives its secret, once the gateway, if it runs, knows it. */
  async register(id: string, change: Partial<ClientRecord> = {}): Promise<string> {
    const { secret, record } = await issueSecret(id);
    await this.clients.put({
      id,
      name: id,
      agencies: ['*'],
      environment: 'production',
      role: 'caller',
      secrets: [record],
      grants: ['*'],
      state: 'active',
      createdAt: new Date().toISOString(),
      ...change,
    });
    const known = () => this.fetch('/v1/transactions/none', {}, { authorization: `ApiKey ${secret}` });
    if (this.gateway && !change.secrets) await until(async () => (await known()).status !== 401);
    return secret;
  }

  post(path: string, body: unknown = {}, headers: Record<string, string | undefined> = {}): Promise<Answer> {
    return this.fetch(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }, headers);
  }

  async fetch(path: string, init: RequestInit = {}, headers: Record<string, string | undefined> = {}): Promise<Answer> {
    const all = { 'content-type': 'application/json', authorization: `ApiKey ${this.secret}`, ...headers };
    const given = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined);
    const startedAt = performance.now();
    const response = await fetch(this.gateway.url + path, { ...init, headers: Object.fromEntries(given) });
    const text = await response.text();
    const ms = performance.now() - startedAt;
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    return { status: response.status, headers: response.headers, body, ms };
  }

  /** Sends bytes as they are, and gives what comes back until the connection is closed. */
  raw(bytes: string, withinMs = 3_000): Promise<string> {
    const { hostname, port } = new URL(this.gateway.url);
    return new Promise((resolve, reject) => {
      const socket = connectSocket(Number(port), hostname);
      let received = '';
      const timer = setTimeout(() => socket.destroy(), withinMs);
      socket.on('data', (chunk) => (received += chunk.toString()));
      socket.on('error', reject);
      socket.on('close', () => {
        clearTimeout(timer);
        resolve(received);
      });
      socket.write(bytes);
    });
  }
}

/** Waits until it is so. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`it did not happen within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
