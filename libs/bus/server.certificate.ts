import { once } from 'node:events';
import { connect, isIP } from 'node:net';
import { connect as secure } from 'node:tls';
import type { Logger, Metrics } from '#lgsp/telemetry';

/** How often a server is looked at, and how long one look may take, in milliseconds. */
const lookEveryMs = 3_600_000;
const lookMs = 10_000;
const portDefault = 4_222;
/** Most characters of what NATS says of itself before it goes on encrypted. */
const greetingMax = 65_536;

/**
 * When the certificates of the NATS servers expire, looked at now and then by a connection of its own: the one that a process
 * keeps was made with the certificate of weeks ago, and a server takes up a new one without ending it.
 */
export class ServerCertificates {
  private readonly expiries = new Map<string, number>();
  private timer?: NodeJS.Timeout;

  /** @param servers `tls://host:port` each */
  constructor(
    private readonly servers: readonly string[],
    private readonly log: Logger,
  ) {}

  /** Looks now, and then again and again; shows the one that expires first. */
  measure(metrics: Metrics): void {
    metrics.onScrape(() => {
      const first = Math.min(...this.expiries.values());
      if (Number.isFinite(first)) metrics.gauge('lgsp_bus_certificate_expiry_timestamp_seconds', {}).set(first / 1_000);
    });
    void this.look();
    this.timer = setInterval(() => void this.look(), lookEveryMs).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    for (const server of this.servers) {
      try {
        this.expiries.set(server, await certificateExpiry(server, AbortSignal.timeout(lookMs)));
      } catch (error) {
        // What was seen before stands: a certificate that has expired is not trusted any more, and must not be forgotten.
        this.log.warn({ err: error, server }, 'the certificate of NATS cannot be looked at');
      }
    }
  }
}

/**
 * When the certificate that a NATS server shows now expires, in epoch milliseconds. No credentials are sent.
 * @throws when the server cannot be reached before the signal aborts, or is not trusted
 */
async function certificateExpiry(server: string, signal: AbortSignal): Promise<number> {
  const { hostname, port } = new URL(server);
  const host = hostname.replaceAll(/[[\]]/g, '');
  const plain = connect(Number(port || portDefault), host).on('error', toldByWaiting);
  try {
    await greeting(plain, signal);
    const socket = secure({ socket: plain, host, servername: isIP(host) ? '' : host }).on('error', toldByWaiting);
    await once(socket, 'secureConnect', { signal });
    return Date.parse(socket.getPeerCertificate().valid_to);
  } finally {
    plain.destroy();
  }
}

/** An error is thrown where something is waited for; one that comes when nothing is any more must not end the process. */
const toldByWaiting = (): void => undefined;

/** Reads the line with which NATS begins in the clear. */
async function greeting(socket: ReturnType<typeof connect>, signal: AbortSignal): Promise<void> {
  for (let text = ''; !text.endsWith('\n') && text.length < greetingMax;) {
    const [chunk] = (await once(socket, 'data', { signal })) as [Buffer];
    text += chunk.toString('latin1');
  }
}
