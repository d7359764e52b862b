import { Injectable } from '@nestjs/common';
import { BusError } from '#lgsp/errors';
import { defineConnector, operation, type AdapterOf, type Call } from '#lgsp/kit';
import type { CommandProgress, FollowedCommand } from '#lgsp/progress';
import { NewPayment, OpenedPayment, PaymentQuestion, PaymentState, Receipt } from './payment.messages';
import { PaymentUpstream } from './payment.upstream';

const reference = 'dvcH241126110100015e1f0c9a7b3d2846f0aa';

export const payment = defineConnector({
  name: 'payment',
  version: '1.0.0',
  owner: 'Sở Khoa học và Công nghệ thành phố Hải Phòng',
  summary: { en: 'National payment platform', vi: 'Nền tảng thanh toán quốc gia (Cổng Dịch vụ công quốc gia)' },
  operations: {
    createPayment: operation({
      kind: 'command',
      summary: {
        en: 'Opens a payment for a dossier and gives the address where the payer pays',
        vi: 'Khởi tạo giao dịch thanh toán cho hồ sơ và trả về địa chỉ thanh toán',
      },
      input: NewPayment,
      output: OpenedPayment,
      requires: ['dossier', 'procedure', 'agency'],
      timeoutMs: 20_000,
      sensitivity: 'confidential',
      // A payer pays within minutes, or the bank knows only days later: what is pending is asked about until it is not.
      follow: { firstMs: 30_000, mostMs: 3_600_000, batchMax: 5, overdueMs: 3 * 86_400_000, ageMaxMs: 30 * 86_400_000 },
      idempotency:
        'The key, client and dossier are hashed into the reference (MaThamChieu): the same command is the same reference, ' +
        'by which the platform is asked before anything is sent again',
      example: {
        input: {
          procedureName: 'Cấp bản sao trích lục hộ tịch',
          agencyName: 'Ủy ban nhân dân phường Ngô Quyền',
          payer: { name: 'Nguyễn Thị Mẫu', identityNumber: '031190000016', address: 'Số 1 đường Lạch Tray, Hải Phòng' },
          beneficiary: { accountNumber: '0310000000016', accountName: 'UBND phường Ngô Quyền', bankCode: 'MAUBANK' },
          fees: [{ kind: 'charge', name: 'Lệ phí cấp bản sao trích lục', amount: 8_000 }],
        },
        output: { reference, paymentUrl: 'http://127.0.0.1:4104/thanh-toan/dvcH241126110100015e1f0c9a7b3d2846f0aa' },
        varies: ['reference', 'paymentUrl'],
      },
    }),
    getPaymentStatus: operation({
      kind: 'query',
      summary: { en: 'Says whether a payment is paid, pending or failed', vi: 'Tra cứu trạng thái một giao dịch' },
      input: PaymentQuestion,
      output: PaymentState,
      timeoutMs: 10_000,
      sensitivity: 'personal',
      example: {
        input: { reference },
        output: {
          reference,
          status: 'paid',
          amount: 8_000,
          currency: 'VND',
          transactionNumber: 'PP20261101000016',
          bankCode: 'MAUBANK',
          settledAt: '2026-11-01T14:05:09+07:00',
        },
      },
    }),
    getReceipt: operation({
      kind: 'query',
      summary: {
        en: 'Gives the receipt of a paid payment as a PDF',
        vi: 'Lấy biên lai (PDF) của giao dịch đã thanh toán',
      },
      input: PaymentQuestion,
      output: Receipt,
      timeoutMs: 20_000,
      sensitivity: 'confidential',
      example: {
        input: { reference },
        output: {
          reference,
          mediaType: 'application/pdf',
          content: 'JVBERi0xLjQK',
          sizeBytes: 9,
          sha256: 'e5c62df5dab5c87b6a015ef3d43597074d1eec433b15f51aec63b8582d0e4ab4',
        },
        varies: ['content', 'sizeBytes', 'sha256'],
      },
    }),
  },
});

@Injectable()
export class PaymentAdapter implements AdapterOf<typeof payment> {
  constructor(private readonly upstream: PaymentUpstream) {}

  createPayment(input: NewPayment, call: Call): Promise<OpenedPayment> {
    return this.upstream.open(input, call);
  }

  /** The platform tells a known reference again, but not the address where it is paid. */
  async createPaymentOutcome(_input: NewPayment | undefined, call: Call): Promise<OpenedPayment | undefined> {
    const state = await this.upstream.findOpened(call);
    return state && { reference: state.reference };
  }

  createPaymentProgress(commands: FollowedCommand[], call: Call): Promise<CommandProgress[]> {
    return this.upstream.progress(commands, call);
  }

  async getPaymentStatus({ reference }: PaymentQuestion, call: Call): Promise<PaymentState> {
    const state = await this.upstream.find(reference, call);
    if (!state) throw new BusError('not-found');
    return state;
  }

  async getReceipt({ reference }: PaymentQuestion, call: Call): Promise<Receipt> {
    const receipt = await this.upstream.receipt(reference, call);
    if (!receipt) throw new BusError('not-found');
    return receipt;
  }
}
