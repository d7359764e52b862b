import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { BusConnection } from '#lgsp/bus';
import { BusError } from '#lgsp/errors';
import { audited, ClientAudit, type ClientChange } from './client.audit';
import type { ClientEntry } from './client.entry';
import type { ChangeMark, ClientLimits, ClientRecord } from './client.record';
import { issueSecret, secretsMax } from './client.secret';
import { ClientStore } from './client.store';

/** Most often that a change is tried again when somebody else was faster. */
const triesMax = 5;

type Work = (client: ClientRecord) => ClientRecord;

/** Changes the registered callers; every change names who made it, and has its entry in the audit. */
export class ClientRegistry {
  /** Why entries of the audit are missing for now: the changes are made, and whoever looks next completes them. */
  readonly behind: BusError[] = [];

  private constructor(
    private readonly store: ClientStore,
    private readonly audit: ClientAudit,
    private readonly who: string,
  ) {}

  /** @param who the person that changes things: goes into the audit */
  static async open(connection: BusConnection, who: string): Promise<ClientRegistry> {
    const [store, audit] = await Promise.all([ClientStore.open(connection), ClientAudit.open(connection)]);
    return new ClientRegistry(store, audit, who);
  }

  list(): Promise<ClientRecord[]> {
    return this.store.list();
  }

  get(id: string): Promise<ClientRecord | undefined> {
    return this.store.get(id);
  }

  /**
   * @param issued a secret that was made before, so that it is safely kept before it opens anything
   * @returns the secret, which is shown once; undefined when there is a client with this id
   */
  async add(entry: ClientEntry, issued = issueSecret(entry.id)): Promise<string | undefined> {
    const { secret, record } = await issued;
    const changed = this.mark('add');
    const client: ClientRecord = { ...entry, secrets: [record], state: 'active', createdAt: changed.at, changed };
    if (!(await this.store.add(client))) return undefined;
    await this.tell(null, client);
    return secret;
  }

  /** Makes a client what an entry says; its secrets and its state stay. @returns false when it was so already */
  async replace(entry: ClientEntry): Promise<boolean> {
    let changes = false;
    await this.change(entry.id, 'import', (client) => {
      const after = { ...client, ...entry };
      changes = !isSame(after, client);
      return changes ? after : client;
    });
    return changes;
  }

  /** A further secret beside the newest one, so that the caller can change over; or at once instead of all others. */
  async rotate(id: string, { atOnce = false } = {}): Promise<string> {
    const { secret, record } = await issueSecret(id);
    const kept = atOnce ? 0 : secretsMax - 1;
    await this.change(id, atOnce ? 'rotate-at-once' : 'rotate', (client) => ({
      ...client,
      secrets: [...(kept === 0 ? [] : client.secrets.slice(-kept)), record],
    }));
    return secret;
  }

  suspend(id: string): Promise<ClientRecord> {
    return this.change(id, 'suspend', (client) => ({ ...client, state: 'suspended' }));
  }

  resume(id: string): Promise<ClientRecord> {
    return this.change(id, 'resume', (client) => ({ ...client, state: 'active' }));
  }

  grant(id: string, grants: readonly string[]): Promise<ClientRecord> {
    return this.change(id, 'grant', (client) => ({ ...client, grants: [...new Set([...client.grants, ...grants])] }));
  }

  revoke(id: string, grants: readonly string[]): Promise<ClientRecord> {
    return this.change(id, 'revoke', (client) => ({
      ...client,
      grants: client.grants.filter((grant) => !grants.includes(grant)),
    }));
  }

  /** From where it may call, instead of what was set before; from anywhere when the list is empty. */
  networks(id: string, networks: readonly string[]): Promise<ClientRecord> {
    const set = networks.length > 0 ? [...new Set(networks)] : undefined;
    return this.change(id, 'networks', (client) => ({ ...client, networks: set }));
  }

  /** Sets the limits that are named, and leaves the others; null takes one away, so that the default counts again. */
  limit(id: string, limits: { [N in keyof ClientLimits]: ClientLimits[N] | null }): Promise<ClientRecord> {
    return this.change(id, 'limit', (client) => {
      const set = Object.entries({ ...client.limits, ...limits }).filter(([, value]) => typeof value === 'number');
      return { ...client, limits: Object.fromEntries(set) };
    });
  }

  /** All changes of a client, oldest first; of all clients when none is named. */
  async *history(id?: string): AsyncGenerator<ClientChange> {
    const present = id === undefined ? await this.list() : [await this.get(id)];
    for (const client of present) if (client) await this.audit.complete(client);
    yield* this.audit.read(id);
  }

  private async change(id: string, action: string, work: Work): Promise<ClientRecord> {
    for (let tries = 0; tries < triesMax; tries++) {
      const stored = await this.store.stored(id);
      if (!stored) throw new BusError('not-found', { detail: unknownClient });
      const worked = work(stored.value);
      if (worked === stored.value) return worked;
      // What was changed before stands in the audit before this change does.
      await this.audit.complete(stored.value);
      const after = { ...worked, changed: this.mark(action) };
      if (!(await this.store.update(after, stored.revision))) continue;
      await this.tell(stored.value, after);
      return after;
    }
    throw new BusError('overloaded', { retryAfterMs: 1_000 });
  }

  private async tell(before: ClientRecord | null, after: ClientRecord): Promise<void> {
    try {
      await this.audit.add(before && audited(before), after);
    } catch (error) {
      this.behind.push(BusError.from(error));
    }
  }

  private mark(action: string): ChangeMark {
    return { id: randomUUID(), at: new Date().toISOString(), who: this.who, action };
  }
}

/** Whether two records are kept as the same, in whatever order their fields were written. */
const isSame = (one: ClientRecord, other: ClientRecord): boolean =>
  isDeepStrictEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)));

const unknownClient = { en: 'there is no such client', vi: 'không có phần mềm này' };
