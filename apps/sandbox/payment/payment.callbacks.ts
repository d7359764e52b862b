import type { PaymentBook, PaymentRecord } from './payment.book';
import { bank } from './payment.book';
import { sign } from './payment.proof';

export interface CallbackTarget {
  url: string;
  partnerCode: string;
  secret: string;
  /** How often each confirmation is sent: more than once under the fault `duplicate-callbacks`. */
  copies(): number;
}

const everyMs = 200;
const timeoutMs = 5_000;
const attemptsMax = 3;
const waitingMax = 10_000;
const batchMax = 20;

/**
 * The confirmations that the platform sends by itself once a payment is settled. A few attempts, then silence: the real
 * one is as unreliable, which is why the status must be asked as well.
 */
export class PaymentCallbacks {
  private readonly waiting = new Map<PaymentRecord, number>();
  private readonly timer: NodeJS.Timeout;
  private sending = false;

  constructor(
    private readonly book: PaymentBook,
    private readonly target: CallbackTarget,
  ) {
    this.timer = setInterval(() => void this.sendSettled(), everyMs);
    this.timer.unref();
  }

  expect(record: PaymentRecord): void {
    if (this.waiting.size < waitingMax) this.waiting.set(record, 0);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async sendSettled(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    const settled = [...this.waiting.keys()].filter((record) => this.book.stateOf(record) !== '3').slice(0, batchMax);
    await Promise.all(settled.map((record) => this.confirm(record)));
    this.sending = false;
  }

  private async confirm(record: PaymentRecord): Promise<void> {
    const attempt = this.waiting.get(record)! + 1;
    const copies = Array.from({ length: this.target.copies() }, () => this.post(record));
    const arrived = (await Promise.all(copies)).some(Boolean);
    if (arrived || attempt >= attemptsMax) this.waiting.delete(record);
    else this.waiting.set(record, attempt);
  }

  /** Says whether it was taken. */
  private async post(record: PaymentRecord): Promise<boolean> {
    const { url, partnerCode, secret } = this.target;
    const message = {
      LoaiBanTin: 'CONFIRM',
      MaLoi: this.book.stateOf(record) === '1' ? '00' : '99',
      MaDoiTac: partnerCode,
      MaThamChieu: record.reference,
      SoTien: record.amount,
      MaTienTe: 'VND',
      MaGiaoDich: record.transactionNumber,
      MaNganHang: bank,
      ThoiGianGD: this.book.timeOf(record),
      ThongTinGiaoDich: record.text,
    };
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...message, MaXacThuc: sign('CONFIRM', message, secret) }),
        signal: AbortSignal.timeout(timeoutMs),
        redirect: 'error',
      });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false; // Refused, broken or too late: it counts as an attempt, and the next round tries again.
    }
  }
}
