import { nowInVietnam } from '#lgsp/vietnam';
import type { SandboxClock } from '../sandbox.clock';

/** 1 received, 2 in process, 3 waits for papers, 4 waits for a tax, 5 ended, 6 its result was returned. */
export type LandState = 1 | 2 | 3 | 4 | 5 | 6;

/** `completes` in the usual way, `lacks` papers, or is `taxed` on the way: decided by a name in the form. */
export type Fate = 'completes' | 'lacks' | 'taxed';

interface HistoryEntry {
  at: number;
  state: LandState;
  note: string;
}

export interface LandRecord {
  receiptNumber: string;
  applicant: string;
  fate: Fate;
  /** When the way began that it is on now: handed in, supplemented or sent back. */
  since: number;
  /** It has been supplemented or sent back. */
  again: boolean;
  returned: boolean;
  /** A dossier of the documentation that stays where it is. */
  always?: LandState;
  history: HistoryEntry[];
}

const recordsMax = 20_000;
const historyMax = 100;
/** After so many steps a dossier stands where its fate leads; one that is taxed pays itself a step later. */
const steps = { processing: 1, decided: 2, paid: 3, again: 1 };

/** The dossiers of the documentation: always there. */
const examples: readonly Pick<LandRecord, 'receiptNumber' | 'always'>[] = [
  { receiptNumber: 'H24.11-261101-0031', always: 3 },
  { receiptNumber: 'H24.11-261101-0032' },
  { receiptNumber: 'H24.11-261101-0033', always: 5 },
];

/** What an action did: `wrong-state` when the dossier does not stand where it makes sense. */
export type Acted = 'done' | 'unknown' | 'wrong-state' | 'already';

/** The land office's dossiers; they move on with the sandbox's time. */
export class LandOffice {
  private readonly records = new Map<string, LandRecord>();

  constructor(private readonly clock: SandboxClock) {
    for (const example of examples) {
      this.records.set(example.receiptNumber, {
        ...this.fresh(example.receiptNumber, 'Nguyễn Thị Mẫu'),
        ...example,
        since: 0,
      });
    }
  }

  /** The number is unique: a dossier that comes again is refused, and the first one stays. */
  receive(receiptNumber: string, applicant: string): LandRecord | undefined {
    if (this.records.has(receiptNumber)) return undefined;
    if (this.records.size >= recordsMax) this.forgetOldest();
    const record = this.fresh(receiptNumber, applicant);
    this.records.set(receiptNumber, record);
    this.write(record, 'Tiếp nhận hồ sơ');
    return record;
  }

  find(receiptNumber: string): LandRecord | undefined {
    return this.records.get(receiptNumber);
  }

  supplement(receiptNumber: string, note: string): Acted {
    return this.restart(receiptNumber, 3, note);
  }

  returnFaulty(receiptNumber: string, reason: string): Acted {
    return this.restart(receiptNumber, 5, reason);
  }

  reportReturned(receiptNumber: string, at: string): Acted {
    const record = this.records.get(receiptNumber);
    if (!record) return 'unknown';
    if (record.returned) return 'already';
    if (this.stateOf(record) !== 5) return 'wrong-state';
    record.returned = true;
    this.write(record, `Đã trả kết quả ${at}`);
    return 'done';
  }

  stateOf({ always, returned, again, fate, since }: LandRecord): LandState {
    if (always) return always;
    if (returned) return 6;
    const passed = this.clock.stepsSince(since);
    if (again) return passed < steps.again ? 2 : 5;
    if (passed < steps.processing) return 1;
    if (passed < steps.decided) return 2;
    if (fate === 'lacks') return 3;
    return fate === 'taxed' && passed < steps.paid ? 4 : 5;
  }

  private restart(receiptNumber: string, from: LandState, note: string): Acted {
    const record = this.records.get(receiptNumber);
    if (!record) return 'unknown';
    if (this.stateOf(record) !== from) return 'wrong-state';
    record.since = this.clock.now();
    record.again = true;
    this.write(record, note);
    return 'done';
  }

  private fresh(receiptNumber: string, applicant: string): LandRecord {
    const since = this.clock.now();
    return { receiptNumber, applicant, fate: fateOf(applicant), since, again: false, returned: false, history: [] };
  }

  private write(record: LandRecord, note: string): void {
    record.history.push({ at: this.clock.now(), state: this.stateOf(record), note });
    if (record.history.length > historyMax) record.history.shift();
  }

  private forgetOldest(): void {
    const oldest = [...this.records.keys()].find((key) => !examples.some(({ receiptNumber }) => receiptNumber === key));
    if (oldest !== undefined) this.records.delete(oldest);
  }
}

/** By the given name: `Thiếu` lacks papers, `Thuế` has a tax to pay. */
function fateOf(applicant: string): Fate {
  if (applicant.endsWith('Thiếu')) return 'lacks';
  return applicant.endsWith('Thuế') ? 'taxed' : 'completes';
}

/** `2026-11-24T14:05:09`: a Vietnamese wall, without offset. */
export const wallTime = (at: number): string => nowInVietnam(new Date(at)).slice(0, 19);
