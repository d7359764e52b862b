import { formatDate, nowInVietnam } from '#lgsp/vietnam';
import type { SandboxClock } from '../sandbox.clock';

/** One dossier as the registry keeps it. */
export interface RegistryRecord {
  module: string;
  /** The one-stop software's code. */
  code: string;
  interAgencyCode: string;
  receivedAt: number;
  /** `completes` in the usual way, `lacks` something, or `refused`: decided by a name in the form. */
  fate: 'completes' | 'lacks' | 'refused';
  /** Given when a birth is registered. */
  personalId?: string;
}

const recordsMax = 100_000;

/** The dossiers of the registry: 1 waiting → 3 processing → 4 issued with time, or 2 (supplement), or 6 (refused). */
export class Registry {
  private readonly records = new Map<string, RegistryRecord>();
  private births = 0;

  constructor(private readonly clock: SandboxClock) {}

  /** A dossier that comes again replaces the first: the effect is counted by who calls. */
  add(record: Omit<RegistryRecord, 'receivedAt' | 'personalId'>, receivedAt = this.clock.now()): void {
    if (this.records.size >= recordsMax) this.records.delete(this.records.keys().next().value!);
    const serial = String(++this.births % 1_000_000).padStart(6, '0');
    const personalId = record.module === 'LTKS' ? `031226${serial}` : undefined;
    this.records.set(record.code, { ...record, receivedAt, personalId });
  }

  /** The example of the documentation: always there, always completed. */
  addExample(record: Omit<RegistryRecord, 'receivedAt'>): void {
    this.records.set(record.code, { ...record, receivedAt: 0 });
  }

  find(code: string, module: string): RegistryRecord | undefined {
    const record = this.records.get(code);
    return record?.module === module ? record : undefined;
  }

  /** State of the linked API after the time that has passed. */
  linkedState({ receivedAt, fate }: RegistryRecord): 1 | 2 | 3 | 4 | 6 {
    const steps = this.clock.stepsSince(receivedAt);
    if (steps < 1) return 1;
    if (fate === 'lacks') return 2;
    if (steps < 2) return 3;
    return fate === 'refused' ? 6 : 4;
  }

  /** When the record last moved, as the registry writes times. */
  movedAt(record: RegistryRecord): string {
    const steps = Math.min(2, Math.max(0, this.clock.stepsSince(record.receivedAt)));
    const iso = nowInVietnam(new Date(record.receivedAt + steps * this.clock.stepMs));
    const written = formatDate(iso, 'dd/MM/yyyy HH:mm:ss');
    return written.ok ? written.value : '';
  }
}
