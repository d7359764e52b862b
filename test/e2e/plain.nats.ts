import { connect as openSocket, type Socket } from 'node:net';

const waitMs = 5_000;

/** NATS' text protocol over a socket, as any program can speak it: enough to ask, to publish and to be refused. */
export class NatsConnection {
  private received = '';
  private sid = 0;

  /** @param credentials user and password; without them whoever connects is nobody */
  constructor(
    private readonly socket: Socket,
    credentials: { user?: string; pass?: string } = {},
  ) {
    socket.setEncoding('utf8').on('data', (text: string) => {
      this.received += text;
      if (text.includes('PING\r\n')) socket.write('PONG\r\n');
    });
    const options = { verbose: false, pedantic: false, headers: true, no_responders: true, ...credentials };
    socket.write(`CONNECT ${JSON.stringify(options)}\r\n`);
  }

  /** The raw reply: `MSG …` or `HMSG …`, header and body as they came. */
  async request(subject: string, body: string): Promise<string> {
    const inbox = `_INBOX.${Math.random().toString(36).slice(2)}`;
    this.subscribe(inbox);
    this.socket.write(`PUB ${subject} ${inbox} ${Buffer.byteLength(body)}\r\n${body}\r\n`);
    return this.until(() => new RegExp(`H?MSG ${inbox.replaceAll('.', '\\.')} [^]*\\r\\n`).exec(this.received)?.[0]);
  }

  publish(subject: string, body: string): void {
    this.received = '';
    this.socket.write(`PUB ${subject} ${Buffer.byteLength(body)}\r\n${body}\r\n`);
  }

  subscribe(subject: string): void {
    if (!subject.startsWith('_INBOX.')) this.received = '';
    this.socket.write(`SUB ${subject} ${++this.sid}\r\n`);
  }

  nextError(): Promise<string> {
    return this.until(() => /-ERR '(.*)'/.exec(this.received)?.[1]);
  }

  close(): void {
    this.socket.destroy();
  }

  private async until(read: () => string | undefined): Promise<string> {
    const deadline = Date.now() + waitMs;
    for (let found = read(); ; found = read()) {
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`NATS did not say it; it said: ${this.received.slice(-500)}`);
      await new Promise((done) => setTimeout(done, 10));
    }
  }
}

export async function connect(
  host: string,
  port: number,
  credentials?: { user?: string; pass?: string },
): Promise<NatsConnection> {
  const socket = openSocket(port, host);
  await new Promise<void>((done, fail) => socket.once('connect', done).once('error', fail));
  return new NatsConnection(socket, credentials);
}
