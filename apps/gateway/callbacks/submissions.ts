import { auditSubject, KeyValueStore, type AuditEntry, type BusConnection, type DurableLog } from '#lgsp/bus';
import { BusError, type Text } from '#lgsp/errors';
import type { EventLog } from '#lgsp/events';
import type { JobSeal } from '#lgsp/jobs';
import type { Submission } from '#lgsp/kit';
import { nowInVietnam } from '#lgsp/vietnam';

/** A dossier that was handed in, as it lies on the bus. */
interface KeptSubmission {
  system: string;
  kind: string;
  dossier: string;
  client: string;
  mediaType: string;
  /** ISO 8601, +07:00. */
  at: string;
  /** The whole body, sealed (JobSeal), in base64. */
  sealed: string;
}

/** That the client was told of one; ISO 8601. */
interface Told {
  told: string;
}

export type GivenSubmission = Submission & { system: string; kind: string; mediaType: string };

export interface SubmissionParts {
  store: KeyValueStore<KeptSubmission | Told>;
  events: EventLog;
  audit: DurableLog;
  /** Without one nothing is kept. */
  seal?: JobSeal;
  /** Who works on what: client by `system/kind`. */
  clients: Readonly<Record<string, string>>;
}

/** How long a body waits to be fetched. */
const keptMs = 30 * 86_400_000;

export function openSubmissions(connection: BusConnection): Promise<SubmissionParts['store']> {
  const description =
    'dossiers that citizens handed in through another app, sealed, until their client has fetched them';
  return KeyValueStore.open(connection, { bucket: 'SUBMISSIONS', description, ttlMs: keptMs });
}

/**
 * Dossiers that an outside system hands in: sealed and durable before it is answered, since nobody sends them twice for long.
 * The client that works on them is told by an event, which holds no more than the code, and fetches the body by its id.
 */
export class Submissions {
  constructor(private readonly parts: SubmissionParts) {}

  /** Keeps one and tells its client; the same body again is the same one. @throws BusError `connector-unavailable`, `bus-unavailable` */
  async keep({ system, kind, reference, dossier, mediaType }: GivenSubmission, body: Buffer): Promise<void> {
    const { store, events, seal, clients } = this.parts;
    const client = clients[`${system}/${kind}`];
    if (!seal || !client) throw new BusError('connector-unavailable', { detail: nobody });
    const id = seal.mark(JSON.stringify([system, kind, reference]), body);
    if (await store.get(toldKey(id))) return;
    const at = nowInVietnam(new Date());
    const sealed = seal.seal(body, aboutOf(id)).toString('base64');
    await store.create(bodyKey(id), { system, kind, dossier, client, mediaType, at, sealed });
    const data = { submission: id, kind };
    await events.append({ id: `submission.${id}`, type: 'dossier.submitted', time: at, client, system, dossier, data });
    await store.create(toldKey(id), { told: at });
  }

  /** The body of one, for the client that was told of it, and in the audit before. @throws BusError `not-found` */
  async fetch(id: string, client: string): Promise<{ mediaType: string; body: Buffer }> {
    const { store, audit, seal } = this.parts;
    const kept = isId(id) ? (await store.get(bodyKey(id)))?.value : undefined;
    if (!seal || !kept || !('sealed' in kept) || kept.client !== client)
      throw new BusError('not-found', { detail: none });
    const body = seal.open(Buffer.from(kept.sealed, 'base64'), aboutOf(id));
    const entry: AuditEntry & { dossier: string } = {
      at: new Date().toISOString(),
      who: client,
      action: 'fetched a submission',
      dossier: kept.dossier,
    };
    await audit.append(auditSubject('submissions', id), Buffer.from(JSON.stringify(entry)));
    return { mediaType: kept.mediaType, body };
  }
}

const isId = (text: string): boolean => /^[0-9a-f]{32}$/.test(text);
const bodyKey = (id: string): string => `body.${id}`;
const toldKey = (id: string): string => `told.${id}`;
const aboutOf = (id: string): string => `submission ${id}`;

const nobody: Text = {
  en: 'nobody is configured to work on what is handed in here (LGSP_CALLBACK_CLIENTS, LGSP_JOB_KEY)',
  vi: 'chưa cấu hình phần mềm tiếp nhận hồ sơ gửi đến đây (LGSP_CALLBACK_CLIENTS, LGSP_JOB_KEY)',
};
const none: Text = {
  en: 'no submission of this id is kept for this client',
  vi: 'không có hồ sơ nộp nào với mã này cho phần mềm này',
};
