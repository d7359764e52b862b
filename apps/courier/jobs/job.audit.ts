import { auditSubject, type AuditEntry, type DurableLog } from '#lgsp/bus';

/** Writes down who did what with a job, or with the jobs of a system, before it is done. @throws BusError `bus-unavailable` */
export async function auditJob(
  audit: DurableLog,
  thing: string,
  who: string,
  action: string,
  reason?: string,
): Promise<void> {
  const entry: AuditEntry & { thing: string; reason?: string } = {
    at: new Date().toISOString(),
    who,
    action,
    thing,
    reason,
  };
  await audit.append(auditSubject('jobs', thing), Buffer.from(JSON.stringify(entry)));
}
