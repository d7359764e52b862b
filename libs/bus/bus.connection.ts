import { connect, Events, NatsError, type NatsConnection } from 'nats';
import { BusError } from '#lgsp/errors';
import { ServerCertificates } from './server.certificate';
import { within } from './within';
import type { Logger, Metrics } from '#lgsp/telemetry';

/** Longest wait for a server to take what is pending when a process stops, in milliseconds. */
const closeTimeoutMs = 2_000;
/** What a server carries that was told nothing else. */
const messageBytesDefault = 1_048_576;

export interface BusConnectionOptions {
  /** One or several addresses, separated by commas; `tls://` takes no connection that is not encrypted. */
  url: string;
  user?: string;
  password?: string;
  /** Name of the process, shown in NATS' monitoring; also the prefix of its private inbox. */
  name: string;
  log: Logger;
  /** How many servers of the cluster keep what is stored, 1 to 5; for streams and buckets that this connection makes. */
  replicas?: number;
  /** Longest wait for the first connection. */
  connectTimeoutMs?: number;
}

/**
 * The one connection of a process to NATS. It reconnects for ever; while it is away `connected` is false and calls are
 * refused with `bus-unavailable` at once instead of being queued in memory without a bound.
 */
export class BusConnection {
  connected = true;
  private readonly listeners: ((connected: boolean) => void)[] = [];
  /** Absent where the bus is not encrypted. */
  private certificates?: ServerCertificates;

  private constructor(
    /** The raw client: for the bus library itself, which is the only importer of `nats`. */
    readonly nats: NatsConnection,
    /** Answers to this process arrive below this subject; nobody else's credentials may listen there. */
    readonly inboxPrefix: string,
    /** Copies of each stream and bucket that is made. */
    readonly replicas: number,
    private readonly log: Logger,
  ) {}

  /** @throws BusError `bus-unavailable` when NATS does not answer in time or refuses the credentials */
  static async open(options: BusConnectionOptions): Promise<BusConnection> {
    const { url, user, password, name, log, replicas = 1, connectTimeoutMs = 10_000 } = options;
    const servers = url.split(',').map((server) => server.trim());
    const isEncrypted = servers.every((server) => server.startsWith('tls://'));
    const inboxPrefix = `_INBOX_${name.replace(/[^A-Za-z0-9_-]/g, '_')}`;
    const deadline = Date.now() + connectTimeoutMs;
    for (;;) {
      try {
        const nats = await connect({
          servers,
          user,
          pass: password,
          name,
          inboxPrefix,
          maxReconnectAttempts: -1,
          reconnectTimeWait: 250,
          pingInterval: 10_000,
          maxPingOut: 2,
          timeout: 5_000,
          tls: isEncrypted ? {} : undefined,
          ignoreAuthErrorAbort: true,
          noAsyncTraces: true, // A stack trace per request would be the dearest part of it.
        });
        const connection = new BusConnection(nats, inboxPrefix, replicas, log);
        if (isEncrypted) connection.certificates = new ServerCertificates(servers, log);
        void connection.follow();
        return connection;
      } catch (error) {
        const refused = error instanceof NatsError && /AUTH/i.test(error.code);
        if (refused || Date.now() >= deadline) {
          const why = refused ? 'refused the credentials' : 'does not answer';
          throw new BusError('bus-unavailable', {
            detail: {
              en: `NATS at ${servers.join(', ')} ${why}`,
              vi: `NATS tại ${servers.join(', ')} không kết nối được`,
            },
            cause: error,
          });
        }
        log.warn({ servers }, 'waiting for NATS');
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }
  }

  /** Most bytes of one message, as the server says: 1,048,576 where nobody told it otherwise. */
  get messageBytesMax(): number {
    return this.nats.info?.max_payload ?? messageBytesDefault;
  }

  /** Calls back on every change of `connected`. */
  onChange(listener: (connected: boolean) => void): void {
    this.listeners.push(listener);
  }

  /** Shows in the metrics of the process whether it is connected, and until when the servers' certificates serve. */
  measure(metrics: Metrics): void {
    const gauge = metrics.gauge('lgsp_bus_connected', {});
    metrics.onScrape(() => gauge.set(this.connected ? 1 : 0));
    this.certificates?.measure(metrics);
  }

  /** Sends what is pending, then closes; a server that does not hear it is not waited for. */
  async close(): Promise<void> {
    this.certificates?.stop();
    if (this.nats.isClosed()) return;
    if (this.connected) await within(closeTimeoutMs, this.nats.drain());
    if (!this.nats.isClosed()) await within(closeTimeoutMs, this.nats.close());
  }

  private async follow(): Promise<void> {
    for await (const { type } of this.nats.status()) {
      if (type === Events.Disconnect) this.change(false);
      else if (type === Events.Reconnect) this.change(true);
    }
  }

  private change(connected: boolean): void {
    if (this.connected === connected) return;
    this.connected = connected;
    if (connected) this.log.info('connected to NATS again');
    else if (!this.nats.isClosed() && !this.nats.isDraining()) this.log.warn('the connection to NATS is lost');
    for (const listener of this.listeners) listener(connected);
  }
}
