import { readingCodes, byTokenOrKey, idParameter } from './book.routes';
import type { PublicRoute } from './public.routes';

/** What can be done about a command that was accepted and waits. */
export const jobRoutes: readonly PublicRoute[] = [
  {
    method: 'post',
    path: '/v1/transactions/{id}/cancel',
    operationId: 'cancelTransaction',
    summary: {
      en: 'Takes an accepted command back before it is sent; it is rejected then, as `cancelled`',
      vi: 'Hủy lệnh đã tiếp nhận trước khi gửi đi; giao dịch có kết quả từ chối với mã `cancelled`',
    },
    parameters: idParameter,
    answer: { description: { en: 'How the job ended', vi: 'Tình trạng của lệnh' }, schema: { type: 'object' } },
    codes: ['unknown-transaction', 'wrong-state', ...readingCodes.filter((code) => code !== 'overloaded')],
    security: byTokenOrKey,
  },
];
