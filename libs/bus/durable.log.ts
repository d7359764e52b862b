import {
  ErrorCode,
  NatsError,
  RetentionPolicy,
  StorageType,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
  type MsgRequest,
  type StoredMsg,
  type StreamInfo,
} from 'nats';
import { BusError } from '#lgsp/errors';
import type { BusConnection } from './bus.connection';
import { LogFollower } from './log.follower';
import { RequestInbox } from './request.inbox';
import { wireHeaders } from './wire.headers';

export interface DurableLogOptions {
  /** Name of the stream, `AUDIT`. */
  stream: string;
  /** Subjects that it keeps, `lgsp.audit.>`. */
  subject: string;
  description: string;
  /** How long an entry is kept, in milliseconds; for ever when left out. */
  keptMs?: number;
  /** Most bytes, beyond which the oldest entries go; without a bound when left out. */
  bytesMax?: number;
  /** For how long an entry that is appended again is known by its id, in milliseconds. */
  duplicateMs?: number;
}

export interface LogEntry {
  /** Position in the log, from 1, without gaps. */
  sequence: number;
  subject: string;
  data: Uint8Array;
  /** Epoch milliseconds at which the server took it. */
  at: number;
}

export interface AppendOptions {
  /** Appended again under the same id it is the same entry, for as long as the server remembers (two minutes, or `duplicateMs`). */
  id?: string;
  /** Only when the newest entry of this subject is this one (0 when there is none), so that nobody comes in between. */
  after?: number;
}

/** What of the log was appended, in all. */
export interface LogState {
  /** Position of the newest entry, 0 when there is none. */
  last: number;
  bytes: number;
  /** Which stream it is: another one of the same name was made at another time. ISO 8601. */
  createdAt: string;
}

const timeoutMs = 5_000;
const aheadBytesDefault = 16_777_216;
const nanosecondsPerMs = 1_000_000;
const wrongLastSequence = 10_071;
const idHeader = 'Nats-Msg-Id';
const afterHeader = 'Nats-Expected-Last-Subject-Sequence';
const never = new AbortController().signal;

/** How the stream answers an entry (JetStream's API, `PubAck`). */
interface Acknowledgement {
  seq?: number;
  error?: { err_code: number; description: string };
}

/** A log on the bus to which entries are only ever added (a JetStream stream); nothing in it is changed or taken out. */
export class DurableLog {
  private readonly follower: LogFollower;
  private readonly inbox: RequestInbox;

  private constructor(
    private readonly connection: BusConnection,
    jetStream: JetStreamClient,
    private readonly manager: JetStreamManager,
    private readonly stream: string,
  ) {
    this.inbox = new RequestInbox(connection);
    this.follower = new LogFollower(connection, jetStream, manager, stream);
  }

  /** Opens the stream, and makes it when it is not there. */
  static async open(connection: BusConnection, options: DurableLogOptions): Promise<DurableLog> {
    const { stream, subject, description, keptMs = 0, bytesMax = -1, duplicateMs } = options;
    const manager = await connection.nats.jetstreamManager({ timeout: timeoutMs });
    const log = new DurableLog(connection, connection.nats.jetstream({ timeout: timeoutMs }), manager, stream);
    if (await log.info()) return log;
    await manager.streams.add({
      name: stream,
      subjects: [subject],
      description,
      num_replicas: connection.replicas,
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      max_age: keptMs * nanosecondsPerMs,
      max_bytes: bytesMax,
      duplicate_window: duplicateMs && duplicateMs * nanosecondsPerMs,
      deny_delete: true,
      deny_purge: true,
    });
    return log;
  }

  /**
   * Adds an entry and gives its position once it is durable.
   * @throws BusError `bus-unavailable`; `internal` when another entry stands where `after` said there was none
   */
  async append(subject: string, data: Uint8Array, { id, after }: AppendOptions = {}): Promise<number> {
    if (!this.connection.connected) throw new BusError('bus-unavailable', { retryAfterMs: 1_000 });
    const { seq, error } = await this.publish(subject, data, { id, after });
    // A refusal has a position as well: 0.
    if (error === undefined && seq !== undefined) return seq;
    const cause = new Error(`the stream refused an entry: ${error?.description ?? 'no reason is given'}`);
    if (error?.err_code !== wrongLastSequence) throw new BusError('bus-unavailable', { cause });
    // Perhaps it was stored long ago, and only its acknowledgement was lost.
    const newest = id === undefined ? undefined : await this.newest(subject);
    if (newest?.header.get(idHeader) === id && newest) return newest.seq;
    throw new BusError('internal', { cause });
  }

  /** The stream's acknowledgement: the client library's own publish makes an error with a stack trace for each entry. */
  private async publish(subject: string, data: Uint8Array, { id, after }: AppendOptions): Promise<Acknowledgement> {
    const expected = wireHeaders({ [idHeader]: id, [afterHeader]: after?.toString() });
    try {
      const answer = await this.inbox.request(subject, data, timeoutMs, expected);
      return answer.json<Acknowledgement>();
    } catch (cause) {
      throw new BusError('bus-unavailable', { cause });
    }
  }

  /** Where the log stands. @throws BusError `bus-unavailable` */
  async state(): Promise<LogState> {
    try {
      const { state, created } = await this.manager.streams.info(this.stream);
      return { last: state.last_seq, bytes: state.bytes, createdAt: new Date(created).toISOString() };
    } catch (error) {
      throw new BusError('bus-unavailable', { cause: error });
    }
  }

  /** The entry at a position; undefined when there is none. @throws BusError `bus-unavailable` */
  async entry(sequence: number): Promise<LogEntry | undefined> {
    return storedEntry(await this.find({ seq: sequence }));
  }

  /** The newest entry whose subject matches; undefined when there is none. @throws BusError `bus-unavailable` */
  async latest(subject: string): Promise<LogEntry | undefined> {
    return storedEntry(await this.newest(subject));
  }

  /** The present entries whose subject matches, oldest first, from after a position on. */
  async *read(subject: string, after = 0): AsyncGenerator<LogEntry> {
    const newest = (await this.newest(subject))?.seq ?? 0;
    if (newest <= after) return;
    for await (const entry of this.follow(subject, after, never)) {
      yield entry;
      if (entry.sequence >= newest) return;
    }
  }

  /**
   * Every entry from after a position on, oldest first and without a gap, and then whatever is added, until the signal
   * aborts. Survives the server's restart; ends with an error when the server has lost the stream.
   * @param aheadBytes most bytes that are fetched before they are asked for, when entries are as large as those before them
   */
  async *follow(
    subject: string,
    after: number,
    signal: AbortSignal,
    aheadBytes = aheadBytesDefault,
  ): AsyncGenerator<LogEntry> {
    for await (const message of this.follower.follow(subject, after, signal, aheadBytes)) yield entryOf(message);
  }

  /** The newest entry whose subject matches. */
  private newest(subject: string): Promise<StoredMsg | undefined> {
    return this.find({ last_by_subj: subject });
  }

  private async find(query: MsgRequest): Promise<StoredMsg | undefined> {
    try {
      return await this.manager.streams.getMessage(this.stream, query);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw new BusError('bus-unavailable', { cause: error });
    }
  }

  private async info(): Promise<StreamInfo | undefined> {
    try {
      return await this.manager.streams.info(this.stream);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }
}

const storedEntry = (found: StoredMsg | undefined): LogEntry | undefined =>
  found && { sequence: found.seq, subject: found.subject, data: found.data, at: found.time.getTime() };

function entryOf({ seq, subject, data, info }: JsMsg): LogEntry {
  return { sequence: seq, subject, data, at: Math.floor(info.timestampNanos / nanosecondsPerMs) };
}

const isMissing = (error: unknown): boolean =>
  error instanceof NatsError && error.code === (ErrorCode.JetStream404NoMessages as string);
