import {
  AckPolicy,
  ErrorCode,
  JSONCodec,
  NatsError,
  StorageType,
  type JetStreamClient,
  type JetStreamManager,
} from 'nats';
import { BusError } from '#lgsp/errors';
import type { BusConnection } from './bus.connection';

export interface DurableLogOptions {
  /** Name of the stream, `AUDIT`. */
  stream: string;
  /** Subjects that it keeps, `lgsp.audit.>`. */
  subject: string;
  description: string;
  /** Copies in a cluster, 1 to 5. */
  replicas?: number;
}

export interface LogEntry<T> {
  /** Position in the log, from 1, without gaps. */
  sequence: number;
  subject: string;
  value: T;
}

const timeoutMs = 5_000;

/** A log on the bus to which entries are only ever added (a JetStream stream); nothing in it is changed or taken out. */
export class DurableLog<T> {
  private readonly codec = JSONCodec<T>();

  private constructor(
    private readonly jetStream: JetStreamClient,
    private readonly manager: JetStreamManager,
    private readonly stream: string,
  ) {}

  /** Opens the stream, and makes it when it is not there. */
  static async open<T>(connection: BusConnection, options: DurableLogOptions): Promise<DurableLog<T>> {
    const { stream, subject, description, replicas = 1 } = options;
    const manager = await connection.nats.jetstreamManager({ timeout: timeoutMs });
    try {
      await manager.streams.info(stream);
    } catch (error) {
      if (!isMissing(error)) throw error;
      const settings = {
        description,
        num_replicas: replicas,
        storage: StorageType.File,
        deny_delete: true,
        deny_purge: true,
      };
      await manager.streams.add({ name: stream, subjects: [subject], ...settings });
    }
    return new DurableLog<T>(connection.nats.jetstream({ timeout: timeoutMs }), manager, stream);
  }

  /** Adds an entry and gives its position once it is durable. @throws BusError `bus-unavailable` */
  async append(subject: string, value: T): Promise<number> {
    try {
      return (await this.jetStream.publish(subject, this.codec.encode(value))).seq;
    } catch (error) {
      throw new BusError('bus-unavailable', { cause: error });
    }
  }

  /** The entries whose subject matches, oldest first. */
  async *read(subject: string): AsyncGenerator<LogEntry<T>> {
    const { name } = await this.manager.consumers.add(this.stream, {
      filter_subject: subject,
      ack_policy: AckPolicy.None,
      inactive_threshold: 10_000_000_000, // nanoseconds: the server forgets it ten seconds after the last reading
    });
    const consumer = await this.jetStream.consumers.get(this.stream, name);
    let left = (await consumer.info()).num_pending;
    if (left === 0) return;
    for await (const message of await consumer.consume()) {
      yield { sequence: message.seq, subject: message.subject, value: this.codec.decode(message.data) };
      if (--left === 0) return;
    }
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof NatsError && error.code === (ErrorCode.JetStream404NoMessages as string);
