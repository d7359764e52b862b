import { formatDate, nowInVietnam, valueOrThrow } from '#lgsp/vietnam';
import type { SandboxClock } from '../sandbox.clock';

export interface PaymentRecord {
  reference: string;
  amount: number;
  /** `ThongTinGiaoDich`. */
  text: string;
  payer: string;
  /** Time of the sandbox at which it was opened, in epoch milliseconds. */
  openedAt: number;
  transactionNumber: string;
}

/** `TrangThaiGD`: 1 success, 3 the platform does not know yet, 4 failed. */
export type State = '1' | '3' | '4';

const recordsMax = 50_000;
export const bank = 'MAUBANK';

/** The example of the documentation: always there and paid, whatever the clock says. */
const exampleRecord: PaymentRecord = {
  reference: 'dvcH241126110100015e1f0c9a7b3d2846f0aa',
  amount: 8_000,
  text: 'THANH TOAN HO SO H24.11-261101-0001',
  payer: 'Nguyễn Thị Mẫu',
  openedAt: 0,
  transactionNumber: 'PP20261101000016',
};
const examplePaidAt = '20261101140509';

/**
 * The payments of the stand-in. The payer pays by himself: after one step of the sandbox's clock a payment is paid. The
 * last digit of the amount asks for something else: 3 stays pending for ever, 4 fails.
 */
export class PaymentBook {
  private readonly records = new Map([[exampleRecord.reference, exampleRecord]]);
  private serial = 0;

  constructor(private readonly clock: SandboxClock) {}

  find(reference: string): PaymentRecord | undefined {
    return this.records.get(reference);
  }

  /** A reference that is there already keeps its record. */
  open(opened: Pick<PaymentRecord, 'reference' | 'amount' | 'text' | 'payer'>): PaymentRecord {
    const known = this.records.get(opened.reference);
    if (known) return known;
    const openedAt = this.clock.now();
    const serial = String(++this.serial).padStart(6, '0');
    const record = { ...opened, openedAt, transactionNumber: `PP${stamp(openedAt).slice(0, 8)}${serial}` };
    this.forgetOldest();
    this.records.set(record.reference, record);
    return record;
  }

  stateOf({ amount, openedAt }: PaymentRecord): State {
    if (amount % 10 === 3 || this.clock.stepsSince(openedAt) < 1) return '3';
    return amount % 10 === 4 ? '4' : '1';
  }

  /** `ThoiGianGD`: when it was settled, or opened as long as it is not. */
  timeOf(record: PaymentRecord): string {
    if (record === exampleRecord) return examplePaidAt;
    return stamp(record.openedAt + (this.stateOf(record) === '3' ? 0 : this.clock.stepMs));
  }

  private forgetOldest(): void {
    if (this.records.size < recordsMax) return;
    const oldest = [...this.records.keys()].find((reference) => reference !== exampleRecord.reference);
    if (oldest) this.records.delete(oldest);
  }
}

const stamp = (ms: number): string =>
  valueOrThrow(formatDate(nowInVietnam(new Date(ms)), 'yyyyMMddHHmmss'), 'internal');
