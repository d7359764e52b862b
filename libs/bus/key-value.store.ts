import { ErrorCode, JSONCodec, NatsError, StorageType, type KV, type KvEntry } from 'nats';
import { BusError } from '#lgsp/errors';
import type { BusConnection } from './bus.connection';

export interface KeyValueOptions {
  bucket: string;
  description: string;
  /** How many earlier values of a key are kept, 1 to 64. */
  history?: number;
  /** How long a value lives, in milliseconds; for ever when left out. */
  ttlMs?: number;
}

export interface Stored<T> {
  value: T;
  /** Grows with every change of the key; `update` succeeds only against the current one. */
  revision: number;
}

/** A durable map of JSON values on the bus (JetStream key-value), shared and watched by every process that opens it. */
export class KeyValueStore<T> {
  private readonly codec = JSONCodec<T>();

  private constructor(
    private readonly bucketView: KV,
    private readonly connection: BusConnection,
  ) {}

  /** Opens the bucket, and makes it when it is not there. */
  static async open<T>(connection: BusConnection, options: KeyValueOptions): Promise<KeyValueStore<T>> {
    const { bucket, description, history = 1, ttlMs = 0 } = options;
    const { replicas } = connection;
    const settings = { description, history, ttl: ttlMs, replicas, storage: StorageType.File };
    const view = await connection.nats.jetstream({ timeout: 5_000 }).views.kv(bucket, settings);
    return new KeyValueStore<T>(view, connection);
  }

  /** @throws BusError `bus-unavailable` */
  async get(key: string): Promise<Stored<T> | undefined> {
    try {
      return this.read(await this.kv().get(key));
    } catch (error) {
      throw asUnavailable(error);
    }
  }

  /** Writes only when the key has no value yet, and gives the revision; undefined when it has one. */
  async create(key: string, value: T): Promise<number | undefined> {
    try {
      return await this.kv().create(key, this.codec.encode(value));
    } catch (error) {
      if (isWrongRevision(error)) return undefined;
      throw asUnavailable(error);
    }
  }

  /** Writes only when the key still has this revision, and gives the new one; undefined when somebody else was faster. */
  async update(key: string, value: T, revision: number): Promise<number | undefined> {
    try {
      return await this.kv().update(key, this.codec.encode(value), revision);
    } catch (error) {
      if (isWrongRevision(error)) return undefined;
      throw asUnavailable(error);
    }
  }

  async put(key: string, value: T): Promise<void> {
    try {
      await this.kv().put(key, this.codec.encode(value));
    } catch (error) {
      throw asUnavailable(error);
    }
  }

  async delete(key: string): Promise<void> {
    await this.kv().delete(key);
  }

  /**
   * Calls back for every present value, then for every change (`undefined` when deleted), for as long as the connection
   * lives. Resolves once all present values were told.
   */
  async watch(listener: (key: string, stored: Stored<T> | undefined) => void): Promise<void> {
    let ready: () => void = () => undefined;
    const isReady = new Promise<void>((resolve) => (ready = resolve));
    const watcher = await this.kv().watch({ initializedFn: ready });
    void (async () => {
      for await (const entry of watcher) listener(entry.key, this.read(entry));
    })();
    await isReady;
  }

  /** Every present value. @param keys of these only: a key, or a pattern such as `land.*` */
  async all(keys = everyKey): Promise<Map<string, T>> {
    const values = new Map<string, T>();
    let end: () => void = () => undefined;
    const isRead = new Promise<void>((resolve) => (end = resolve));
    const watcher = await this.kv().watch({ key: keys, initializedFn: end });
    void isRead.then(() => watcher.stop());
    for await (const entry of watcher) {
      const stored = this.read(entry);
      if (stored) values.set(entry.key, stored.value);
    }
    return values;
  }

  /** While the bus is away nothing is queued in memory. @throws BusError `bus-unavailable` */
  private kv(): KV {
    if (!this.connection.connected) throw new BusError('bus-unavailable', { retryAfterMs: 1_000 });
    return this.bucketView;
  }

  private read(entry: KvEntry | null): Stored<T> | undefined {
    if (!entry || entry.operation !== 'PUT') return undefined;
    return { value: this.codec.decode(entry.value), revision: entry.revision };
  }
}

const everyKey = '>';

function isWrongRevision(error: unknown): boolean {
  return error instanceof NatsError && error.api_error?.err_code === 10_071;
}

function asUnavailable(error: unknown): BusError {
  if (error instanceof BusError) return error;
  const code = error instanceof NatsError ? error.code : undefined;
  return new BusError(code === (ErrorCode.MaxPayloadExceeded as string) ? 'body-too-large' : 'bus-unavailable', {
    cause: error,
  });
}
