import type { Callback } from '../callback.sender';
import type { PaymentBook, PaymentRecord } from './payment.book';
import { bank } from './payment.book';
import { sign } from './payment.proof';

export interface ConfirmationTarget {
  url: string;
  partnerCode: string;
  secret: string;
}

/** The confirmation that the platform sends by itself once a payment is settled. */
export function confirmationOf(record: PaymentRecord, book: PaymentBook, target: ConfirmationTarget): Callback {
  const { url, partnerCode, secret } = target;
  return {
    key: record.reference,
    url,
    isDue: () => book.stateOf(record) !== '3',
    body: () => {
      const message = {
        LoaiBanTin: 'CONFIRM',
        MaLoi: book.stateOf(record) === '1' ? '00' : '99',
        MaDoiTac: partnerCode,
        MaThamChieu: record.reference,
        SoTien: record.amount,
        MaTienTe: 'VND',
        MaGiaoDich: record.transactionNumber,
        MaNganHang: bank,
        ThoiGianGD: book.timeOf(record),
        ThongTinGiaoDich: record.text,
      };
      return { ...message, MaXacThuc: sign('CONFIRM', message, secret) };
    },
  };
}
