import type { NewPayment, OpenedPayment, PaymentState } from './payment.messages';

/** A paid payment that the sandbox always has. All of it is invented. */
export const reference = 'dvcH241126110100015e1f0c9a7b3d2846f0aa';

export const createPaymentExample: { input: NewPayment; output: OpenedPayment; varies: string[] } = {
  input: {
    procedureName: 'Cấp bản sao trích lục hộ tịch',
    agencyName: 'Ủy ban nhân dân phường Ngô Quyền',
    payer: { name: 'Nguyễn Thị Mẫu', identityNumber: '031190000016', address: 'Số 1 đường Lạch Tray, Hải Phòng' },
    beneficiary: { accountNumber: '0310000000016', accountName: 'UBND phường Ngô Quyền', bankCode: 'MAUBANK' },
    fees: [{ kind: 'charge', name: 'Lệ phí cấp bản sao trích lục', amount: 8_000 }],
  },
  output: { reference, paymentUrl: 'http://127.0.0.1:4104/thanh-toan/dvcH241126110100015e1f0c9a7b3d2846f0aa' },
  varies: ['reference', 'paymentUrl'],
};

export const paymentStatusExample: { input: { reference: string }; output: PaymentState } = {
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
};
