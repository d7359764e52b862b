import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  id: string;
  /** Whether its signature is the one of the secret. */
  signed: boolean;
  body: { type: string; transactionId?: string; cursor?: string };
  at: number;
}

/** Somebody who takes webhooks, and does with each what the test decides: a status, `hang`, or a redirect. */
export class Receiver {
  readonly received: Received[] = [];
  /** Those that were answered with success. */
  readonly taken: Received[] = [];
  secret = '';
  decide: (nth: number) => number | 'hang' = () => 204;
  private readonly server: Server = createServer((request, response) => void this.take(request, response));

  async start(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    return this;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/events`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const id = String(request.headers['webhook-id']);
    const signature = String(request.headers['webhook-signature']);
    const timestamp = String(request.headers['webhook-timestamp']);
    const received: Received = {
      id,
      signed: this.isSigned(`${id}.${timestamp}.${text}`, signature),
      body: JSON.parse(text) as Received['body'],
      at: Date.now(),
    };
    this.received.push(received);
    const answer = this.decide(this.received.length);
    if (answer === 'hang') return;
    if (answer >= 200 && answer < 300) this.taken.push(received);
    response.writeHead(answer, answer === 302 ? { location: `${this.url}/elsewhere` } : {}).end();
  }

  private isSigned(content: string, signature: string): boolean {
    const key = Buffer.from(this.secret.replace(/^whsec_/, ''), 'base64');
    const own = Buffer.from(`v1,${createHmac('sha256', key).update(content).digest('base64')}`);
    const theirs = Buffer.from(signature);
    return own.length === theirs.length && timingSafeEqual(own, theirs);
  }
}
