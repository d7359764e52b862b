import { comparableText, nowInVietnam } from '#lgsp/vietnam';
import type { SandboxClock } from '../sandbox.clock';

/** One unit of the register; days are `yyyy-MM-dd`. */
export interface RegisteredUnit {
  code: string;
  name: string;
  kind: string;
  chapter: string;
  parent: string;
  address: string;
  issuedOn: string;
  closedOn?: string;
  successor?: string;
}

/** What a request asks for, as much of it as decides. */
export interface UnitForm {
  name: string;
  kind: string;
  chapter: string;
  parent: string;
  address: string;
}

/** 1 received, 2 verifying, 3 issued, 4 lacks something, 5 refused. */
export interface RequestRecord {
  reference: string;
  state: 1 | 2 | 3 | 4 | 5;
  code?: string;
  /** ISO 8601. */
  changedAt: string;
  note: string;
}

interface Request {
  form: UnitForm;
  placedAt: number;
  /** Kept for it from the beginning, so that no code is ever given twice, also when it is refused. */
  code: string;
}

const ward = (code: string, name: string, closed?: { on: string; successor?: string }): RegisteredUnit => ({
  code,
  name: `${name} (mẫu)`,
  kind: '1',
  chapter: '805',
  parent: '',
  address: '',
  issuedOn: '2012-06-01',
  closedOn: closed?.on,
  successor: closed?.successor,
});

/** The examples of the documentation, and registers as they go wrong: closed for good, in a circle, into nothing. */
const units: readonly RegisteredUnit[] = [
  {
    ...ward('1095001', 'Ủy ban nhân dân phường Ngô Quyền'),
    address: 'Số 19 đường Đà Nẵng, phường Ngô Quyền, Hải Phòng',
  },
  ward('1095002', 'Ủy ban nhân dân phường Máy Chai', { on: '2025-07-01', successor: '1095001' }),
  ward('1095003', 'Ủy ban nhân dân phường Lạc Viên', { on: '2025-01-01', successor: '1095002' }),
  ward('1095004', 'Ban quản lý dự án Thử Nghiệm', { on: '2023-12-31' }),
  ward('1095005', 'Trung tâm Vòng Tròn A', { on: '2024-01-01', successor: '1095006' }),
  ward('1095006', 'Trung tâm Vòng Tròn B', { on: '2024-01-01', successor: '1095005' }),
  ward('1095007', 'Trạm Không Nơi Đến', { on: '2024-01-01', successor: '1999999' }),
  ward('1095008', 'Ủy ban nhân dân phường Gia Viên'),
  ward('1095009', 'Phòng Văn hóa - Xã hội phường Ngô Quyền'),
];
const exampleReference = 'H24.11-261101-0016-0EXAMPLE11';
const requestsMax = 50_000;
const firstSerial = 1_200_000;

/** The register: one unit, one code, for life. */
export class BudgetRegister {
  private readonly requests = new Map<string, Request>();
  private serial = firstSerial;

  constructor(private readonly clock: SandboxClock) {}

  unit(code: string): RegisteredUnit | undefined {
    return this.units().find((unit) => unit.code === code);
  }

  /** Units whose name holds the text. */
  named(text: string): RegisteredUnit[] {
    const wanted = comparableText(text);
    return this.units().filter((unit) => comparableText(unit.name).includes(wanted));
  }

  /** A reference that is known already is taken once more: nothing in the real register is known to prevent it. */
  place(reference: string, form: UnitForm): void {
    if (this.requests.has(reference)) return;
    if (this.requests.size >= requestsMax) this.requests.delete(this.requests.keys().next().value!);
    this.requests.set(reference, { form, placedAt: this.clock.now(), code: String(++this.serial) });
  }

  find(reference: string): RequestRecord | undefined {
    if (reference === exampleReference) {
      return { reference, state: 3, code: '1131016', changedAt: '2026-11-04T10:30:00+07:00', note: 'Đã cấp mã số' };
    }
    const request = this.requests.get(reference);
    if (!request) return undefined;
    const steps = Math.min(2, this.clock.stepsSince(request.placedAt));
    const changedAt = nowInVietnam(new Date(request.placedAt + steps * this.clock.stepMs));
    const outcome = steps === 0 ? waiting : steps === 1 ? verifying : this.outcomeOf(request);
    return { reference, changedAt, ...outcome };
  }

  /** By its name: `Thiếu` lacks something, `Sai` is refused; and whoever has a code gets no second one. */
  private outcomeOf(request: Request): Pick<RequestRecord, 'state' | 'code' | 'note'> {
    const { form, code } = request;
    if (form.name.endsWith('Thiếu')) return { state: 4, note: 'Đề nghị bổ sung quyết định thành lập' };
    if (form.name.endsWith('Sai')) return { state: 5, note: 'Quyết định thành lập không hợp lệ' };
    const known = this.activeNamed(form.name, request);
    return known ? { state: 5, note: `Đơn vị đã có mã số ${known.code}` } : { state: 3, code, note: 'Đã cấp mã số' };
  }

  /** An active unit with this name that has its code without the given request. */
  private activeNamed(name: string, besides: Request): RegisteredUnit | undefined {
    const wanted = comparableText(name);
    const earlier = [...this.requests.values()].filter(
      ({ placedAt, code }) => placedAt < besides.placedAt || (placedAt === besides.placedAt && code < besides.code),
    );
    const issued = earlier.find(({ form }) => comparableText(form.name) === wanted && !/(Thiếu|Sai)$/.test(form.name));
    if (issued) return issuedUnit(issued, this.clock);
    return units.find((unit) => !unit.closedOn && comparableText(unit.name) === wanted);
  }

  private units(): RegisteredUnit[] {
    const issued = [...this.requests.values()].filter((request) => {
      return this.clock.stepsSince(request.placedAt) >= 2 && this.outcomeOf(request).state === 3;
    });
    return [...units, ...issued.map((request) => issuedUnit(request, this.clock))];
  }
}

const waiting = { state: 1, note: 'Đã tiếp nhận đề nghị' } as const;
const verifying = { state: 2, note: 'Đang thẩm định' } as const;

function issuedUnit({ form, code, placedAt }: Request, { stepMs }: SandboxClock): RegisteredUnit {
  return { ...form, code, issuedOn: nowInVietnam(new Date(placedAt + 2 * stepMs)).slice(0, 10) };
}
