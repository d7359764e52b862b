import { hash } from 'node:crypto';
import { BusError } from '#lgsp/errors';
import { clientIdOf, ClientStore, verifySecret, type ClientRecord } from '#lgsp/clients';

/** Most keys that are remembered as verified, and most verifications at once and waiting: each costs 120 ms and 64 MiB. */
const rememberedMax = 10_000;
const verifyingMax = 2;
const waitingMax = 64;

/**
 * Who presents a key. A key is verified once with the memory-hard hash and then remembered by its SHA-256, until its client
 * changes; callers of one key share one verification.
 */
export class ApiKeys {
  private readonly clients = new Map<string, ClientRecord>();
  /** SHA-256 of a verified key → the client's id and the record that it was verified against. */
  private readonly remembered = new Map<string, ClientRecord>();
  private readonly verifying = new Map<string, Promise<boolean>>();
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  /** Follows the store; resolves when all present clients are known. */
  async start(store: ClientStore): Promise<void> {
    await store.watch((id, client) => {
      if (client) this.clients.set(id, client);
      else this.clients.delete(id);
    });
  }

  /** The client as it is registered now. */
  client(id: string): ClientRecord | undefined {
    return this.clients.get(id);
  }

  /** All clients as they are registered now. */
  get registered(): Iterable<ClientRecord> {
    return this.clients.values();
  }

  /** The client whose key this is; undefined for any other. At once for a key that was seen before. @throws BusError `overloaded` */
  identify(key: string): ClientRecord | undefined | Promise<ClientRecord | undefined> {
    const digest = hash('sha256', key, 'base64');
    const known = this.remembered.get(digest);
    if (known && this.clients.get(known.id) === known) return known;
    this.remembered.delete(digest);
    return this.verify(key, digest);
  }

  private async verify(key: string, digest: string): Promise<ClientRecord | undefined> {
    const id = clientIdOf(key);
    if (!id) return undefined;
    const client = this.clients.get(id);
    let verification = this.verifying.get(digest);
    if (!verification) {
      verification = this.inTurn(() => verifySecret(client, key)).finally(() => this.verifying.delete(digest));
      this.verifying.set(digest, verification);
    }
    if (!(await verification) || !client || this.clients.get(id) !== client) return undefined;
    if (this.remembered.size >= rememberedMax) this.remembered.delete(this.remembered.keys().next().value!);
    this.remembered.set(digest, client);
    return client;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= verifyingMax) {
      if (this.waiting.length >= waitingMax) throw new BusError('overloaded', { retryAfterMs: 1_000 });
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.running++;
    try {
      return await work();
    } finally {
      this.running--;
      this.waiting.shift()?.();
    }
  }
}
