import { daysAfter, nowInVietnam } from '#lgsp/vietnam';
import type { SandboxClock } from '../sandbox.clock';

/** 1 received, 2 processing, 3 issued, 4 lacks something, 5 refused, 6 cancelled. */
export interface CardRecord {
  reference: string;
  state: 1 | 2 | 3 | 4 | 5 | 6;
  insuranceNumber?: string;
  cardNumber?: string;
  /** ISO dates. */
  validFrom?: string;
  validTo?: string;
  /** ISO 8601. */
  changedAt: string;
  note: string;
}

interface Request {
  /** ISO date. */
  birthDate: string;
  guardian: string;
  placedAt: number;
  /** Kept for it from the beginning, so that no number is ever given twice. */
  serial: number;
  cancelledAt?: number;
}

const issuedExample = 'H24.11-261101-0016-0EXAMPLE11';
const cancelledExample = 'H24.11-261101-0016-0EXAMPLE12';
const requestsMax = 100_000;
const childYears = 6;

/** Requests for cards of children: received, processed after one step of the clock, issued after two. */
export class Cards {
  private readonly requests = new Map<string, Request>();
  private serial = 20;

  constructor(private readonly clock: SandboxClock) {}

  /** The first request of a reference stays as it is: there is no second card for it. */
  place(reference: string, form: Pick<Request, 'birthDate' | 'guardian'>): void {
    if (this.requests.has(reference)) return;
    if (this.requests.size >= requestsMax) this.requests.delete(this.requests.keys().next().value!);
    this.requests.set(reference, { ...form, placedAt: this.clock.now(), serial: ++this.serial });
  }

  /** What became of the cancellation: whether it was one, was one already, or there is nothing to cancel. */
  cancel(reference: string): 'done' | 'before' | 'none' {
    if (reference === cancelledExample) return 'before';
    const request = this.requests.get(reference);
    if (!request) return 'none';
    if (request.cancelledAt !== undefined) return 'before';
    request.cancelledAt = this.clock.now();
    return 'done';
  }

  find(reference: string): CardRecord | undefined {
    if (reference === issuedExample)
      return { ...issued('2026-11-20', 16), reference, changedAt: '2026-11-25T10:30:00+07:00' };
    if (reference === cancelledExample)
      return { reference, state: 6, changedAt: '2026-11-25T10:30:00+07:00', note: 'Đã hủy' };
    const request = this.requests.get(reference);
    if (!request) return undefined;
    const steps = Math.min(2, this.clock.stepsSince(request.placedAt));
    const movedAt = request.cancelledAt ?? request.placedAt + steps * this.clock.stepMs;
    return { reference, changedAt: nowInVietnam(new Date(movedAt)), ...stateOf(request, steps) };
  }
}

type State = Omit<CardRecord, 'reference' | 'changedAt'>;

/** By the name of the guardian: `Thiếu` lacks something, `Sai` is refused. The child's own name decides at the civil registry. */
function stateOf({ guardian, birthDate, serial, cancelledAt }: Request, steps: number): State {
  if (cancelledAt !== undefined) return { state: 6, note: 'Đã hủy' };
  if (steps === 0) return { state: 1, note: 'Đã tiếp nhận' };
  if (steps === 1) return { state: 2, note: 'Đang xử lý' };
  if (guardian.endsWith('Thiếu')) return { state: 4, note: 'Đề nghị bổ sung giấy tờ của người giám hộ' };
  if (guardian.endsWith('Sai')) return { state: 5, note: 'Người giám hộ không đúng' };
  return issued(birthDate, serial);
}

/** A child's card is of the kind TE1, and good until the end of the month in which the child is six. */
function issued(birthDate: string, serial: number): State {
  const insuranceNumber = `3126${String(serial).padStart(6, '0')}`;
  const [year, month] = birthDate.split('-').map(Number) as [number, number];
  const next = month === 12 ? `${year + childYears + 1}-01-01` : `${year + childYears}-${two(month + 1)}-01`;
  const valid = { validFrom: birthDate, validTo: daysAfter(next, -1) };
  return { state: 3, insuranceNumber, cardNumber: `TE131${insuranceNumber}`, ...valid, note: 'Đã cấp thẻ' };
}

const two = (number: number): string => String(number).padStart(2, '0');
