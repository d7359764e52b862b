import { AckPolicy, createInbox, DeliverPolicy, nanos, type JetStreamManager, type Msg, type Subscription } from 'nats';
import { BusError } from '#lgsp/errors';
import type { BusConnection } from './bus.connection';

export interface QueueReaderOptions {
  /** Of the reader, on the server: letters, digits, `-` and `_`. It remembers what was handed out, for all who open it. */
  name: string;
  /** What it reads. No message may match the subjects of two readers. */
  subject: string;
  /** After so long without a word a message is handed out again, in milliseconds. */
  redeliverMs: number;
  /** Most messages that were handed out and are not done, those that come back later included; beyond it none is handed out. */
  pendingMax: number;
}

/** How much is there to read. */
export interface Backlog {
  /** Not handed out yet. */
  waiting: number;
  /** Handed out and not done. */
  pending: number;
}

interface Asking {
  resolve(delivery: Delivery | undefined): void;
  timer: NodeJS.Timeout;
}

/** How much longer than the server the reader itself waits, in milliseconds. */
const graceMs = 2_000;
const noResponders = 503;
const conflict = 409;

/** Reads a durable queue by asking for one message at a time: what nobody asks for stays on the server. */
export class QueueReader {
  private readonly inbox: string;
  private readonly subscription: Subscription;
  private asking?: Asking;
  private gone = false;

  private constructor(
    private readonly connection: BusConnection,
    private readonly manager: JetStreamManager,
    private readonly stream: string,
    private readonly options: QueueReaderOptions,
  ) {
    this.inbox = createInbox(connection.inboxPrefix);
    this.subscription = connection.nats.subscribe(this.inbox, { callback: (_error, message) => this.take(message) });
    connection.onChange((connected) => {
      if (!connected) this.end()?.resolve(undefined);
    });
  }

  /** For the queue's `reader` only. Makes the reader on the server when it is not there. */
  static async open(
    connection: BusConnection,
    manager: JetStreamManager,
    stream: string,
    options: QueueReaderOptions,
  ): Promise<QueueReader> {
    const reader = new QueueReader(connection, manager, stream, options);
    await reader.make();
    return reader;
  }

  /**
   * The next message; undefined when none came in time. Only one may be asked for at a time.
   * @throws BusError `bus-unavailable`
   */
  async next(waitMs: number): Promise<Delivery | undefined> {
    if (this.asking) throw new BusError('internal', { cause: new Error('a message is being asked for already') });
    if (!this.connection.connected) throw new BusError('bus-unavailable', { retryAfterMs: 1_000 });
    if (this.gone) await this.make();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.end()?.resolve(undefined), waitMs + graceMs);
      this.asking = { resolve, timer };
      const question = JSON.stringify({ batch: 1, expires: nanos(waitMs) });
      const subject = `$JS.API.CONSUMER.MSG.NEXT.${this.stream}.${this.options.name}`;
      this.connection.nats.publish(subject, Buffer.from(question), { reply: this.inbox });
    });
  }

  /** Asks for nothing more; what the server hands out all the same comes back to whoever reads next. */
  close(): void {
    this.end()?.resolve(undefined);
    this.subscription.unsubscribe();
  }

  /** @throws BusError `bus-unavailable` */
  async backlog(): Promise<Backlog> {
    try {
      const { num_pending, num_ack_pending } = await this.manager.consumers.info(this.stream, this.options.name);
      return { waiting: num_pending, pending: num_ack_pending };
    } catch (error) {
      throw new BusError('bus-unavailable', { cause: error });
    }
  }

  private async make(): Promise<void> {
    const { name, subject, redeliverMs, pendingMax } = this.options;
    try {
      await this.manager.consumers.add(this.stream, {
        durable_name: name,
        filter_subject: subject,
        ack_policy: AckPolicy.Explicit,
        deliver_policy: DeliverPolicy.All,
        ack_wait: nanos(redeliverMs),
        max_ack_pending: pendingMax,
        max_deliver: -1,
      });
      this.gone = false;
    } catch (error) {
      throw new BusError('bus-unavailable', { retryAfterMs: 1_000, cause: error });
    }
  }

  private take(message: Msg): void {
    const asking = this.end();
    // A status of the server comes on the inbox itself, a message under its own subject.
    if (message.subject === this.inbox) {
      const code = message.headers?.code ?? 0;
      if (code === noResponders || (code === conflict && /deleted/i.test(message.headers?.description ?? '')))
        this.gone = true;
      asking?.resolve(undefined);
      return;
    }
    const delivery = new Delivery(message, this.connection);
    if (asking) asking.resolve(delivery);
    else delivery.later(0); // It came too late for whoever asked.
  }

  private end(): Asking | undefined {
    const { asking } = this;
    this.asking = undefined;
    clearTimeout(asking?.timer);
    return asking;
  }
}

/** A message in the hands of a reader, until it says what became of it. */
export class Delivery {
  readonly sequence: number;
  /** Epoch milliseconds at which the server took it. */
  readonly at: number;
  /** With which pause it was put back last, in milliseconds; undefined when it was not. */
  laterMs?: number;
  private keeping?: NodeJS.Timeout;

  constructor(
    private readonly message: Msg,
    private readonly connection: BusConnection,
  ) {
    // $JS.ACK.<stream>.<reader>.<deliveries>.<sequence>.<…>.<nanoseconds>.<…>, with two further tokens after ACK in later servers.
    const tokens = message.reply!.split('.');
    const first = tokens.length > 9 ? 6 : 4;
    this.sequence = Number(tokens[first + 1]);
    this.at = Math.floor(Number(tokens[first + 3]) / 1_000_000);
  }

  get subject(): string {
    return this.message.subject;
  }

  get data(): Uint8Array {
    return this.message.data;
  }

  header(name: string): string | undefined {
    return this.message.headers?.get(name) || undefined;
  }

  /** Says again and again that it is being worked on, until it is done or put back. */
  keep(everyMs: number): void {
    clearInterval(this.keeping);
    this.keeping = setInterval(() => this.working(), everyMs).unref();
  }

  /** Nobody needs it any more: it leaves the queue. */
  done(): void {
    clearInterval(this.keeping);
    this.respond('+ACK');
  }

  /** It comes back after a while. */
  later(ms: number): void {
    this.laterMs = ms;
    clearInterval(this.keeping);
    this.respond(`-NAK ${JSON.stringify({ delay: nanos(Math.max(1, Math.round(ms))) })}`);
  }

  /** It is still being worked on: the time until it is handed out again begins anew. */
  working(): void {
    this.respond('+WPI');
  }

  /** Lets go of it without a word: it is handed out again once its time is over. */
  leave(): void {
    clearInterval(this.keeping);
  }

  /** While the bus is away nothing is said: the message comes back, and whoever takes it finds out how far it came. */
  private respond(word: string): void {
    if (!this.connection.connected) return;
    this.message.respond(Buffer.from(word));
  }
}
