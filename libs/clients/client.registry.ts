import { DurableLog, type BusConnection } from '#lgsp/bus';
import { BusError } from '#lgsp/errors';
import type { ClientLimits, ClientRecord } from './client.record';
import { issueSecret } from './client.secret';
import { ClientStore } from './client.store';

/** A client as the audit shows it: its secrets by id only. */
export type AuditedClient = Omit<ClientRecord, 'secrets'> & { secrets: string[] };

/** One change of a client: who made it, when, and what it was before and after. */
export interface ClientChange {
  at: string;
  who: string;
  action: string;
  client: string;
  before: AuditedClient | null;
  after: AuditedClient;
}

/** Most secrets that are valid at a time, and most often that a change is tried again when somebody else was faster. */
const secretsMax = 2;
const triesMax = 5;

/** Changes the registered callers; each change is in the audit, or it is not made. */
export class ClientRegistry {
  private constructor(
    private readonly store: ClientStore,
    private readonly audit: DurableLog,
    private readonly who: string,
  ) {}

  /** @param who the person that changes things: goes into the audit */
  static async open(connection: BusConnection, who: string): Promise<ClientRegistry> {
    const description = 'who changed what, before and after';
    const audit = await DurableLog.open(connection, {
      stream: 'AUDIT',
      subject: 'lgsp.audit.>',
      description,
    });
    return new ClientRegistry(await ClientStore.open(connection), audit, who);
  }

  list(): Promise<ClientRecord[]> {
    return this.store.list();
  }

  /** @returns the secret, which is shown once; undefined when there is a client with this id */
  async add(client: Omit<ClientRecord, 'secrets' | 'createdAt' | 'state'>): Promise<string | undefined> {
    const { secret, record } = await issueSecret(client.id);
    const whole: ClientRecord = { ...client, secrets: [record], state: 'active', createdAt: new Date().toISOString() };
    if (!(await this.store.add(whole))) return undefined;
    await this.recorded('add', null, whole, () => this.store.remove(client.id));
    return secret;
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

  /** Sets the limits that are named, and leaves the others; null takes one away, so that the default counts again. */
  limit(id: string, limits: { [N in keyof ClientLimits]: ClientLimits[N] | null }): Promise<ClientRecord> {
    return this.change(id, 'limit', (client) => {
      const set = Object.entries({ ...client.limits, ...limits }).filter(([, value]) => typeof value === 'number');
      return { ...client, limits: Object.fromEntries(set) };
    });
  }

  /** All changes of a client, oldest first; of all clients when none is named. */
  async *history(id?: string): AsyncGenerator<ClientChange> {
    for await (const { data } of this.audit.read(`lgsp.audit.clients.${id ?? '*'}`))
      yield JSON.parse(Buffer.from(data).toString('utf8')) as ClientChange;
  }

  private async change(
    id: string,
    action: string,
    work: (client: ClientRecord) => ClientRecord,
  ): Promise<ClientRecord> {
    for (let tries = 0; tries < triesMax; tries++) {
      const stored = await this.store.stored(id);
      if (!stored) throw new BusError('not-found', { detail: unknownClient });
      const after = work(stored.value);
      if (!(await this.store.update(after, stored.revision))) continue;
      await this.recorded(action, stored.value, after, () => this.store.put(stored.value));
      return after;
    }
    throw new BusError('overloaded', { retryAfterMs: 1_000 });
  }

  /** Writes the audit; a change that cannot be recorded is taken back. */
  private async recorded(
    action: string,
    before: ClientRecord | null,
    after: ClientRecord,
    takeBack: () => Promise<void>,
  ): Promise<void> {
    const change: ClientChange = {
      at: new Date().toISOString(),
      who: this.who,
      action,
      client: after.id,
      before: before && audited(before),
      after: audited(after),
    };
    try {
      await this.audit.append(`lgsp.audit.clients.${after.id}`, Buffer.from(JSON.stringify(change)));
    } catch (error) {
      await takeBack();
      throw error;
    }
  }
}

const audited = ({ secrets, ...client }: ClientRecord): AuditedClient => ({
  ...client,
  secrets: secrets.map(({ id }) => id),
});

const unknownClient = { en: 'there is no such client', vi: 'không có phần mềm này' };
