import { createHash, randomBytes } from 'node:crypto';
import type { SandboxClock } from '../sandbox.clock';

/** One application; of the declaration itself nothing is kept. */
export interface CertificateRecord {
  id: string;
  /** The receipt number of the one-stop software, or of the appointment slip. */
  number: string;
  /** Only of an application that was handed in directly. */
  identifyNo?: string;
  receivedAt: number;
  /** A record of the documentation: it stands where it stands. */
  finished?: { approvedOn: string; issuedOn: string };
  /** The state that was last handed out in the changed list, and the one last marked as fetched. */
  listed: number;
  acknowledged: number;
}

export const received = 3;
const ready = 5;
/** Oldest records are forgotten beyond this. */
const recordsMax = 50_000;
/** Most changes that one answer lists. */
const listMax = 1_000;

/** The examples of the documentation: always there. */
const examples: readonly Pick<CertificateRecord, 'id' | 'number' | 'identifyNo'>[] = [
  { id: '4C4C54502D4D41552D30303136CCEF4A', number: 'H24.11-260105-0016' },
  { id: sealed('4C4C54502D4D41552D30303137'), number: 'PH-260105-0017', identifyNo: '031190000016' },
];

/** The dossiers of the judicial-records system: each moves 3 → 4 → 5 with the sandbox's clock. */
export class CertificateArchive {
  private readonly records = new Map<string, CertificateRecord>();
  private readonly byId = new Map<string, CertificateRecord>();

  constructor(private readonly clock: SandboxClock) {
    for (const example of examples) {
      const finished = { approvedOn: '2026-01-12', issuedOn: '2026-01-13' };
      this.add({ ...example, receivedAt: clock.now(), finished, listed: received, acknowledged: received });
    }
  }

  /** A number that is known already keeps its record: the second declaration only replaces the first. */
  register(number: string): CertificateRecord {
    const known = this.find(number);
    if (known) return known;
    const id = sealed(randomBytes(13).toString('hex').toUpperCase());
    return this.add({ id, number, receivedAt: this.clock.now(), listed: received, acknowledged: received });
  }

  /** @param identifyNo the applicant's document, which an application that was handed in directly is asked with */
  find(number: string, identifyNo?: string): CertificateRecord | undefined {
    const record = this.records.get(number);
    return record?.identifyNo === identifyNo ? record : undefined;
  }

  statusOf(record: CertificateRecord): number {
    return record.finished ? ready : Math.min(ready, received + this.clock.stepsSince(record.receivedAt));
  }

  /** When it was approved and issued, once it is ready. Epoch milliseconds. */
  readyAt({ receivedAt }: CertificateRecord): number {
    return receivedAt + (ready - received) * this.clock.stepMs;
  }

  /** Those whose state changed since it was marked as fetched, oldest first; what is handed out is remembered. */
  changed(direct: boolean): CertificateRecord[] {
    const list: CertificateRecord[] = [];
    for (const record of this.records.values()) {
      if ((record.identifyNo !== undefined) !== direct || this.statusOf(record) === record.acknowledged) continue;
      record.listed = this.statusOf(record);
      list.push(record);
      if (list.length === listMax) break;
    }
    return list;
  }

  /** Marks the states that were handed out. Says which records it changed. */
  acknowledge(ids: readonly string[]): CertificateRecord[] {
    const records = ids.map((id) => this.byId.get(id)).filter((record) => record !== undefined);
    const marked = records.filter(({ acknowledged, listed }) => acknowledged !== listed);
    for (const record of marked) record.acknowledged = record.listed;
    return marked;
  }

  private add(record: CertificateRecord): CertificateRecord {
    this.records.set(record.number, record);
    this.byId.set(record.id, record);
    if (this.records.size > recordsMax) this.forgetOldest();
    return record;
  }

  private forgetOldest(): void {
    for (const record of this.records.values()) {
      if (record.finished) continue;
      this.records.delete(record.number);
      this.byId.delete(record.id);
      return;
    }
  }
}

/** Whether this system gave out such an id (its ids are encrypted: an invented one does not decode). */
export function isRecordId(id: string): boolean {
  return /^[0-9A-F]{32}$/.test(id) && sealed(id.slice(0, 26)) === id;
}

/** 26 hexadecimal digits and a check of six. */
function sealed(body: string): string {
  return body + createHash('sha256').update(body).digest('hex').slice(0, 6).toUpperCase();
}
