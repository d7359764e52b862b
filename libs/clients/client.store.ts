import { KeyValueStore, type BusConnection, type Stored } from '#lgsp/bus';
import type { ClientRecord } from './client.record';

/** The registered callers, durable on the bus and watched by every gateway, so that a change acts at once everywhere. */
export class ClientStore {
  private constructor(private readonly store: KeyValueStore<ClientRecord>) {}

  static async open(connection: BusConnection): Promise<ClientStore> {
    const description = 'registered callers of the gateway';
    return new ClientStore(
      await KeyValueStore.open<ClientRecord>(connection, { bucket: 'CLIENTS', description, history: 10 }),
    );
  }

  /** False when there is a client with this id. */
  async add(client: ClientRecord): Promise<boolean> {
    return (await this.store.create(client.id, client)) !== undefined;
  }

  async get(id: string): Promise<ClientRecord | undefined> {
    return (await this.store.get(id))?.value;
  }

  /** With the revision against which it may be updated. */
  stored(id: string): Promise<Stored<ClientRecord> | undefined> {
    return this.store.get(id);
  }

  /** False when somebody else changed the client since this revision. */
  async update(client: ClientRecord, revision: number): Promise<boolean> {
    return (await this.store.update(client.id, client, revision)) !== undefined;
  }

  /** Replaces a client; the last writer wins. */
  put(client: ClientRecord): Promise<void> {
    return this.store.put(client.id, client);
  }

  async list(): Promise<ClientRecord[]> {
    const clients = [...(await this.store.all()).values()];
    return clients.toSorted((a, b) => a.id.localeCompare(b.id));
  }

  /** Tells every client now, and every change from now on; `undefined` is a removed one. Resolves after the present ones. */
  watch(listener: (id: string, client: ClientRecord | undefined) => void): Promise<void> {
    return this.store.watch((id, stored) => listener(id, stored?.value));
  }
}
