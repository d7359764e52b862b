import type { ErrorCode, Language, Text } from '#lgsp/errors';
import { reportFormats } from '../reports/report.request';
import { byTokenOrKey, queryParameter, readingCodes } from './book.routes';
import type { PublicRoute } from './public.routes';

type Json = Record<string, unknown>;

const text = { type: 'string' } as const;
const environments = { ...text, enum: ['production', 'sandbox'] } as const;
const monthSchema: Json = { ...text, pattern: '^[0-9]{4}-(0[1-9]|1[0-2])$' };
const frozenMonth: Json = {
  type: 'object',
  required: ['month', 'environment', 'frozen', 'now'],
  properties: { month: monthSchema, environment: environments, frozen: { type: 'object' }, now: { type: 'object' } },
};

const environment = queryParameter(
  'environment',
  { en: 'For operators: which', vi: 'Dành cho cán bộ vận hành: môi trường nào' },
  environments,
);
const day: Json = { ...text, format: 'date' };
const reportParameters = [
  queryParameter('from', { en: 'First day, in Vietnam', vi: 'Ngày đầu kỳ, giờ Việt Nam' }, day),
  queryParameter('to', { en: 'Last day, in Vietnam', vi: 'Ngày cuối kỳ, giờ Việt Nam' }, day),
  queryParameter('groupBy', {
    en: 'Names separated by commas: system, operation, client, agency, procedure, month, outcome',
    vi: 'Các tiêu chí, cách nhau bằng dấu phẩy: system, operation, client, agency, procedure, month, outcome',
  }),
  queryParameter(
    'compare',
    { en: 'With the same period of the year before', vi: 'So với cùng kỳ năm trước' },
    {
      ...text,
      enum: ['previous-year'],
    },
  ),
  queryParameter('format', { en: 'Form of the answer', vi: 'Dạng của báo cáo' }, { ...text, enum: [...reportFormats] }),
  environment,
];

const monthParameter = (language: Language): Json[] => {
  const description: Text = { en: 'The month, yyyy-MM', vi: 'Tháng, yyyy-MM' };
  return [{ name: 'month', in: 'path', required: true, description: description[language], schema: monthSchema }];
};
const codes: readonly ErrorCode[] = ['invalid-request', 'operation-not-granted', ...readingCodes];

/** The report of transactions, and the months whose figures change no more. */
export const reportRoutes: readonly PublicRoute[] = [
  {
    method: 'get',
    path: '/v1/reports/transactions',
    operationId: 'reportTransactions',
    summary: {
      en: 'Counts transactions of a period: a client its own, an operator all',
      vi: 'Báo cáo số lượng giao dịch trong kỳ: phần mềm xem của mình, cán bộ vận hành xem tất cả',
    },
    parameters: (language) => reportParameters.map((one) => one(language)),
    answer: {
      description: { en: 'The report, in the form asked for', vi: 'Báo cáo theo dạng đã chọn' },
      schema: { type: 'object', required: ['period', 'total', 'rows'] },
    },
    codes,
    // A person with a browser has nothing else.
    security: [...byTokenOrKey, { clientSecret: [] }],
  },
  {
    method: 'get',
    path: '/v1/reports/frozen-months',
    operationId: 'listFrozenMonths',
    summary: { en: 'For operators: months that are frozen', vi: 'Dành cho cán bộ vận hành: các tháng đã chốt số liệu' },
    parameters: (language) => [environment(language)],
    answer: {
      description: { en: 'The months', vi: 'Các tháng' },
      schema: {
        type: 'object',
        required: ['months'],
        properties: { months: { type: 'array', items: frozenMonth } },
      },
    },
    codes,
    security: [...byTokenOrKey, { clientSecret: [] }],
  },
  {
    method: 'put',
    path: '/v1/reports/frozen-months/{month}',
    operationId: 'freezeMonth',
    summary: {
      en: 'For operators: freezes a closed month, whose figures then change no more',
      vi: 'Dành cho cán bộ vận hành: chốt số liệu một tháng đã kết thúc',
    },
    parameters: monthParameter,
    answer: { description: { en: 'The month', vi: 'Tháng đã chốt' }, schema: frozenMonth },
    codes,
    security: byTokenOrKey,
  },
];
