import type { BusConnection } from './bus.connection';
import { DurableLog } from './durable.log';

/** Who did something that others answer for, and when: an entry of the audit, with whatever else belongs to its kind. */
export interface AuditEntry {
  /** ISO 8601. */
  at: string;
  who: string;
  action: string;
}

/** Opens the audit: a log from which nothing can be taken out, one subject per kind of thing and thing. */
export function openAudit(connection: BusConnection): Promise<DurableLog> {
  const description = 'who did what: changes of clients, replays, and whatever else operators do';
  return DurableLog.open(connection, { stream: 'AUDIT', subject: 'lgsp.audit.>', description });
}

/** `clients`, `one-stop` → `lgsp.audit.clients.one-stop`. @param thing a token of a subject: no dot and no space */
export function auditSubject(
  kind: 'clients' | 'transactions' | 'reports' | 'jobs' | 'submissions' | 'procedures',
  thing: string,
): string {
  return `lgsp.audit.${kind}.${thing}`;
}
