import { auditSubject, openAudit, type BusConnection, type DurableLog, type LogEntry } from '#lgsp/bus';
import type { ChangeMark, ClientRecord } from './client.record';

/** A client as the audit shows it: its secrets by id only. */
export type AuditedClient = Omit<ClientRecord, 'secrets' | 'changed'> & { secrets: string[] };

/** One change of a client: who made it, when, and what it was before and after. */
export interface ClientChange extends ChangeMark {
  client: string;
  before: AuditedClient | null;
  after: AuditedClient;
}

const subjectOf = (clientId: string): string => auditSubject('clients', clientId);

/**
 * The audit of registered callers: a log from which nothing can be taken out. A change is written into the client's record
 * together with who made it, and then here; so whoever looks next completes an entry whose writer was killed in between.
 */
export class ClientAudit {
  private constructor(private readonly log: DurableLog) {}

  static async open(connection: BusConnection): Promise<ClientAudit> {
    return new ClientAudit(await openAudit(connection));
  }

  /** Adds the change that made this record, once. @throws BusError `bus-unavailable` */
  async add(before: AuditedClient | null, record: ClientRecord): Promise<ClientChange | undefined> {
    if (!record.changed) return undefined;
    const change: ClientChange = { ...record.changed, client: record.id, before, after: audited(record) };
    await this.log.append(subjectOf(record.id), Buffer.from(JSON.stringify(change)), { id: change.id });
    return change;
  }

  /** Adds the change that made this record if it is missing. @throws BusError `bus-unavailable` */
  async complete(record: ClientRecord): Promise<void> {
    if (!record.changed) return;
    const newest = await this.log.latest(subjectOf(record.id));
    const last = newest && changeOf(newest);
    if (last?.id !== record.changed.id) await this.add(last?.after ?? null, record);
  }

  /** All changes of a client, oldest first; of all clients when none is named. */
  async *read(clientId = '*'): AsyncGenerator<ClientChange> {
    for await (const entry of this.log.read(subjectOf(clientId))) yield changeOf(entry);
  }
}

export const audited = ({ secrets, changed: _mark, ...client }: ClientRecord): AuditedClient => ({
  ...client,
  secrets: secrets.map(({ id }) => id),
});

const changeOf = ({ data }: LogEntry): ClientChange => JSON.parse(Buffer.from(data).toString('utf8')) as ClientChange;
