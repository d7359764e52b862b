import {
  DiscardPolicy,
  ErrorCode,
  headers as natsHeaders,
  NatsError,
  RetentionPolicy,
  StorageType,
  type JetStreamClient,
  type JetStreamManager,
  type MsgHdrs,
} from 'nats';
import { BusError } from '#lgsp/errors';
import type { HeaderPairs } from './wire.headers';
import type { BusConnection } from './bus.connection';
import { QueueReader, type QueueReaderOptions } from './queue.reader';

export interface DurableQueueOptions {
  /** Name of the stream, `JOBS`. */
  stream: string;
  /** Subjects that it keeps, `lgsp.jobs.>`. */
  subject: string;
  description: string;
  /** What takes a message out: that its reader is done with it, or only that somebody removes it. */
  until: 'done' | 'removed';
  /** Bounds. Beyond them a queue `until: 'done'` takes nothing more; one `until: 'removed'` lets the oldest go. */
  messagesMax: number;
  bytesMax: number;
  /** How long a message is kept at most, in milliseconds; for ever when left out. */
  keptMs?: number;
  /** For how long a message that is put again is known by its id, in milliseconds. */
  duplicateMs: number;
}

export interface QueuedMessage {
  /** Place in the queue: what was put earlier has a smaller one. */
  sequence: number;
  subject: string;
  data: Uint8Array;
  /** Epoch milliseconds at which the server took it. */
  at: number;
  header(name: string): string | undefined;
}

export interface PutOptions {
  /** Put again under the same id it is the same message, for as long as the server remembers. */
  id: string;
  headers?: HeaderPairs;
}

const timeoutMs = 5_000;
const nanosecondsPerMs = 1_000_000;
const storeFailed = 10_077;
/** No such place in the stream, said in two ways by the server. */
const notThere = new Set([10_043, 10_057]);

/** Messages that wait on the bus until somebody has dealt with them (a JetStream stream): durable, bounded, in order. */
export class DurableQueue {
  private constructor(
    private readonly connection: BusConnection,
    private readonly jetStream: JetStreamClient,
    private readonly manager: JetStreamManager,
    private readonly stream: string,
  ) {}

  /** Opens the stream, and makes it when it is not there. */
  static async open(connection: BusConnection, options: DurableQueueOptions): Promise<DurableQueue> {
    const { stream, subject, description, until, messagesMax, bytesMax, keptMs = 0, duplicateMs } = options;
    const manager = await connection.nats.jetstreamManager({ timeout: timeoutMs });
    const queue = new DurableQueue(connection, connection.nats.jetstream({ timeout: timeoutMs }), manager, stream);
    if (await queue.isThere()) return queue;
    await manager.streams.add({
      name: stream,
      subjects: [subject],
      description,
      num_replicas: connection.replicas,
      storage: StorageType.File,
      retention: until === 'done' ? RetentionPolicy.Workqueue : RetentionPolicy.Limits,
      discard: until === 'done' ? DiscardPolicy.New : DiscardPolicy.Old,
      max_msgs: messagesMax,
      max_bytes: bytesMax,
      max_age: keptMs * nanosecondsPerMs,
      duplicate_window: duplicateMs * nanosecondsPerMs,
    });
    return queue;
  }

  /**
   * Puts a message and gives its place once it is durable.
   * @throws BusError `overloaded` when the queue is full; `bus-unavailable`, and then it may be in the queue all the same when
   *   there is a cause
   */
  async put(subject: string, data: Uint8Array, { id, headers = {} }: PutOptions): Promise<number> {
    this.checkConnected();
    try {
      return (await this.jetStream.publish(subject, data, { msgID: id, headers: toHeaders(headers) })).seq;
    } catch (error) {
      if (isFull(error)) throw new BusError('overloaded', { retryAfterMs: 10_000, detail: full, cause: error });
      if (error instanceof NatsError && error.code === (ErrorCode.MaxPayloadExceeded as string))
        throw new BusError('body-too-large', { cause: error });
      throw new BusError('bus-unavailable', { retryAfterMs: 1_000, cause: error });
    }
  }

  /** The oldest message whose subject matches, from a place on. @throws BusError `bus-unavailable` */
  oldest(subject: string, from = 1): Promise<QueuedMessage | undefined> {
    return this.find({ seq: from, next_by_subj: subject });
  }

  /** The message at a place; undefined when it is no longer there. @throws BusError `bus-unavailable` */
  at(sequence: number): Promise<QueuedMessage | undefined> {
    return this.find({ seq: sequence });
  }

  /**
   * Takes a message out; whether it was there. Of several with one subject only the oldest may be taken out: nats-server 2.9 does
   * not find those between any more when the newest goes first.
   * @throws BusError `bus-unavailable`
   */
  async remove(sequence: number): Promise<boolean> {
    this.checkConnected();
    try {
      return await this.manager.streams.deleteMessage(this.stream, sequence, false);
    } catch (error) {
      if (isMissing(error)) return false;
      throw new BusError('bus-unavailable', { cause: error });
    }
  }

  /** How many messages are there now. @throws BusError `bus-unavailable` */
  async size(): Promise<number> {
    try {
      return (await this.manager.streams.info(this.stream)).state.messages;
    } catch (error) {
      throw new BusError('bus-unavailable', { cause: error });
    }
  }

  /** How many messages there are of each subject. @throws BusError `bus-unavailable` */
  async sizes(): Promise<Map<string, number>> {
    try {
      const { state } = await this.manager.streams.info(this.stream, { subjects_filter: '>' });
      return new Map(Object.entries(state.subjects ?? {}));
    } catch (error) {
      throw new BusError('bus-unavailable', { cause: error });
    }
  }

  /** Reads the messages of a subject one by one, each until it is done. Whoever opens a reader of the same name shares them. */
  reader(options: QueueReaderOptions): Promise<QueueReader> {
    return QueueReader.open(this.connection, this.manager, this.stream, options);
  }

  /** The client library's type leaves `next_by_subj` out; it sends it all the same. */
  private async find(query: { seq: number; next_by_subj?: string }): Promise<QueuedMessage | undefined> {
    this.checkConnected();
    try {
      const stored = await this.manager.streams.getMessage(this.stream, query);
      const { seq, subject, data, time, header } = stored;
      return { sequence: seq, subject, data, at: time.getTime(), header: (name) => header.get(name) || undefined };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw new BusError('bus-unavailable', { cause: error });
    }
  }

  private async isThere(): Promise<boolean> {
    try {
      await this.manager.streams.info(this.stream);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  private checkConnected(): void {
    if (!this.connection.connected) throw new BusError('bus-unavailable', { retryAfterMs: 1_000 });
  }
}

function toHeaders(pairs: HeaderPairs): MsgHdrs {
  const result = natsHeaders();
  for (const [name, value] of Object.entries(pairs)) if (value !== undefined) result.set(name, value);
  return result;
}

const full = {
  en: 'too many asynchronous calls wait to be sent',
  vi: 'quá nhiều lệnh không đồng bộ đang chờ gửi',
};

const apiErrorOf = (error: unknown): NatsError['api_error'] =>
  error instanceof NatsError ? error.api_error : undefined;

function isFull(error: unknown): boolean {
  const failed = apiErrorOf(error);
  return failed?.err_code === storeFailed && /maximum/.test(failed.description);
}

/** No such message, or no such stream. */
function isMissing(error: unknown): boolean {
  if (error instanceof NatsError && error.code === (ErrorCode.JetStream404NoMessages as string)) return true;
  return notThere.has(apiErrorOf(error)?.err_code ?? 0);
}
