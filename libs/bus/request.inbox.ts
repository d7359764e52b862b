import { createInbox, type Msg, type MsgHdrs } from 'nats';
import { BusError } from '#lgsp/errors';
import type { BusConnection } from './bus.connection';

interface Waiting {
  resolve(message: Msg): void;
  reject(error: unknown): void;
  timer: NodeJS.Timeout;
}

const noResponders = 503;

/**
 * Where the answers to this process's requests arrive: one subscription for all, each request with a reply subject of its own.
 * In place of the client library's request, which makes an error with a stack trace for each one, also when it succeeds; and
 * unlike it this ends what waits as soon as the connection is lost, instead of at the deadline.
 */
export class RequestInbox {
  private readonly prefix: string;
  private readonly waiting = new Map<string, Waiting>();
  private asked = 0;

  constructor(private readonly connection: BusConnection) {
    this.prefix = `${createInbox(connection.inboxPrefix)}.`;
    connection.nats.subscribe(`${this.prefix}*`, { callback: (_error, message) => this.take(message) });
    connection.onChange((connected) => {
      if (!connected) this.rejectAll();
    });
    // Nobody answers then, and what waits would keep the process from ending.
    void connection.nats.closed().then(() => this.rejectAll());
  }

  /** @throws BusError `connector-unavailable`, `deadline-exceeded`, `bus-unavailable`; what the client library throws */
  request(subject: string, body: Uint8Array, timeoutMs: number, headers: MsgHdrs): Promise<Msg> {
    const token = (++this.asked).toString(36);
    return new Promise((resolve, reject) => {
      // A process that was held up for so long reads first what has come meanwhile: perhaps it is the answer.
      const late = (): void => void (this.waiting.delete(token) && reject(new BusError('deadline-exceeded')));
      const timer = setTimeout(() => setImmediate(late), timeoutMs);
      this.waiting.set(token, { resolve, reject, timer });
      try {
        this.connection.nats.publish(subject, body, { reply: this.prefix + token, headers });
      } catch (error) {
        this.end(token);
        reject(error);
      }
    });
  }

  private take(message: Msg): void {
    const waiting = this.end(message.subject.slice(this.prefix.length));
    if (!waiting) return; // Too late: its deadline has passed.
    if (message.data.length === 0 && message.headers?.code === noResponders)
      waiting.reject(new BusError('connector-unavailable', { retryAfterMs: 1_000 }));
    else waiting.resolve(message);
  }

  private end(token: string): Waiting | undefined {
    const waiting = this.waiting.get(token);
    if (!waiting) return undefined;
    this.waiting.delete(token);
    clearTimeout(waiting.timer);
    return waiting;
  }

  private rejectAll(): void {
    for (const token of this.waiting.keys()) {
      const cause = new Error('the connection to NATS was lost before the answer came');
      this.end(token)!.reject(new BusError('bus-unavailable', { retryAfterMs: 1_000, cause }));
    }
  }
}
