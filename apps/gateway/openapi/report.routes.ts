import type { ErrorCode, Language, Text } from '#lgsp/errors';
import { reportGroups } from '#lgsp/records';
import type { PublicRoute } from './public.routes';

type Json = Record<string, unknown>;

const text = { type: 'string' } as const;
const object = { type: 'object' } as const;
const query = (
  name: string,
  description: Text,
  schema: Json = text,
  required = false,
): ((language: Language) => Json) => {
  return (language) => ({ name, in: 'query', required, description: description[language], schema });
};
const day = { ...text, format: 'date' };
const reportParameters = [
  query('from', { en: 'First day, in Vietnam', vi: 'Ngày đầu kỳ, giờ Việt Nam' }, day, true),
  query('to', { en: 'Last day, in Vietnam', vi: 'Ngày cuối kỳ, giờ Việt Nam' }, day, true),
  query('groupBy', {
    en: `Any of ${reportGroups.join(', ')}, separated by commas`,
    vi: `Tiêu chí phân nhóm, cách nhau bằng dấu phẩy: ${reportGroups.join(', ')}`,
  }),
  query('compare', { en: 'With the same period', vi: 'So với cùng kỳ' }, { ...text, enum: ['previous-year'] }),
  query(
    'format',
    { en: 'JSON when left out', vi: 'Mặc định là JSON' },
    { ...text, enum: ['json', 'csv', 'xlsx', 'html'] },
  ),
];
const path = (name: string, description: Text): ((language: Language) => Json) => {
  return (language) => ({ name, in: 'path', required: true, description: description[language], schema: text });
};

const codes: readonly ErrorCode[] = [
  'unauthenticated',
  'token-expired',
  'address-not-allowed',
  'client-suspended',
  'overloaded',
  'bus-unavailable',
  'ledger-unavailable',
  'deadline-exceeded',
];
const security = [{ accessToken: [] }, { apiKey: [] }];

/** Reports, the months that are frozen for them, and what operators do with a transaction. */
export const reportRoutes: readonly PublicRoute[] = [
  {
    method: 'get',
    path: '/v1/reports/transactions',
    operationId: 'reportTransactions',
    summary: { en: 'How many transactions a period had', vi: 'Số lượng giao dịch trong kỳ' },
    parameters: (language) => reportParameters.map((one) => one(language)),
    answer: { description: { en: 'The report', vi: 'Báo cáo' }, schema: object },
    codes: ['invalid-request', ...codes],
    security,
  },
  {
    method: 'get',
    path: '/v1/reports/frozen-months',
    operationId: 'listFrozenMonths',
    summary: { en: 'Months whose figures are frozen', vi: 'Các tháng đã chốt số liệu' },
    answer: { description: { en: 'The months', vi: 'Các tháng' }, schema: object },
    codes: ['invalid-request', 'operation-not-granted', ...codes],
    security,
  },
  {
    method: 'put',
    path: '/v1/reports/frozen-months/{month}',
    operationId: 'freezeMonth',
    summary: { en: 'Freezes the figures of a month that is over', vi: 'Chốt số liệu của một tháng đã kết thúc' },
    parameters: (language) => [path('month', { en: 'yyyy-MM', vi: 'yyyy-MM' })(language)],
    answer: { description: { en: 'The frozen month', vi: 'Tháng đã chốt' }, schema: object },
    codes: ['invalid-request', 'operation-not-granted', ...codes],
    security,
  },
  {
    method: 'post',
    path: '/v1/transactions/{id}/replay',
    operationId: 'replayTransaction',
    summary: {
      en: 'For operators: finds out what became of a command, or sends it again under its key with the body it had',
      vi: 'Dành cho cán bộ vận hành: hỏi lại kết quả của lệnh, hoặc gửi lại theo khóa cũ với đúng nội dung đã gửi',
    },
    parameters: (language) => [path('id', { en: 'Its id', vi: 'Mã giao dịch' })(language)],
    answer: { description: { en: 'What came of it', vi: 'Kết quả' }, schema: object },
    codes: ['invalid-request', 'unknown-transaction', 'operation-not-granted', 'outcome-unknown', ...codes],
    security,
  },
];
