import { errorCodes, outcomes, type ErrorCode, type Language, type Text } from '#lgsp/errors';
import type { PublicRoute } from './public.routes';

type Json = Record<string, unknown>;

const text = { type: 'string' } as const;
const view: Json = {
  type: 'object',
  required: ['id', 'system', 'operation', 'outcome', 'final', 'receivedAt'],
  properties: {
    id: { ...text, format: 'uuid' },
    system: text,
    operation: text,
    outcome: { ...text, enum: [...outcomes] },
    final: { type: 'boolean' },
    receivedAt: { ...text, format: 'date-time' },
  },
};
/** `archivedMonths`: those of the period (`2025-10`) that are archived, so that nothing of them can be found. */
const page: Json = {
  type: 'object',
  required: ['transactions'],
  properties: {
    transactions: { type: 'array', items: { type: 'object' } },
    cursor: text,
    archivedMonths: { type: 'array', items: text },
  },
};
const receipt: Json = {
  type: 'object',
  required: ['v', 'id', 'records', 'keys'],
  properties: {
    v: { type: 'integer', const: 1 },
    id: { ...text, format: 'uuid' },
    records: { type: 'array', items: { type: 'object' } },
    keys: { type: 'array', items: { type: 'object' } },
    seal: text,
  },
};

export const queryParameter = (
  name: string,
  description: Text,
  schema: Json = text,
): ((language: Language) => Json) => {
  return (language) => ({ name, in: 'query', description: description[language], schema });
};
const searchParameters = [
  queryParameter('dossier', { en: 'Either code of the dossier', vi: 'Một trong hai mã của hồ sơ' }),
  queryParameter('system', { en: 'System', vi: 'Hệ thống nguồn' }),
  queryParameter('operation', { en: 'Operation', vi: 'Dịch vụ' }),
  queryParameter('outcome', { en: 'Outcome', vi: 'Kết quả' }, { ...text, enum: [...outcomes] }),
  queryParameter('from', { en: 'A day in Vietnam, or a time', vi: 'Ngày theo giờ Việt Nam, hoặc thời điểm' }),
  queryParameter('to', {
    en: 'A day in Vietnam, which is in it, or a time, which is not',
    vi: 'Ngày theo giờ Việt Nam (tính cả ngày đó), hoặc thời điểm (không tính)',
  }),
  queryParameter('cursor', { en: 'As it came with the page before', vi: 'Con trỏ của trang trước' }),
  queryParameter(
    'limit',
    { en: 'Most on a page', vi: 'Số giao dịch tối đa mỗi trang' },
    { type: 'integer', minimum: 1 },
  ),
  queryParameter('client', { en: 'For operators: whose', vi: 'Dành cho cán bộ vận hành: của phần mềm nào' }),
];
export const idParameter = (language: Language): Json[] => [
  {
    name: 'id',
    in: 'path',
    required: true,
    description: { en: '`Lgsp-Transaction-Id` of the answer', vi: '`Lgsp-Transaction-Id` trong phản hồi' }[language],
    schema: { ...text, format: 'uuid' },
  },
];

/** How reading of the book may fail. */
export const readingCodes: readonly ErrorCode[] = [
  'unauthenticated',
  'token-expired',
  'address-not-allowed',
  'client-suspended',
  'overloaded',
  'bus-unavailable',
  'ledger-unavailable',
  'deadline-exceeded',
];
export const byTokenOrKey = [{ accessToken: [] }, { apiKey: [] }];

/** What a command sent again by an operator does not fail with: it has a key and is counted against no limit. */
const neverOfReplays: readonly ErrorCode[] = [
  'idempotency-key-required',
  'rate-limited',
  'quota-exhausted',
  'unknown-route',
  'method-not-allowed',
];

/** What is read from the book: a client its own transactions, an operator all. */
export const bookRoutes: readonly PublicRoute[] = [
  {
    method: 'get',
    path: '/v1/transactions',
    operationId: 'findTransactions',
    summary: { en: 'Searches transactions, the newest first', vi: 'Tra cứu giao dịch, mới nhất trước' },
    parameters: (language) => searchParameters.map((one) => one(language)),
    answer: { description: { en: 'A page', vi: 'Một trang' }, schema: page },
    codes: ['invalid-request', ...readingCodes],
    security: byTokenOrKey,
  },
  {
    method: 'get',
    path: '/v1/transactions/{id}',
    operationId: 'getTransaction',
    summary: { en: 'Where a transaction stands', vi: 'Tình trạng của một giao dịch' },
    parameters: idParameter,
    answer: { description: { en: 'The transaction', vi: 'Giao dịch' }, schema: view },
    codes: ['unknown-transaction', ...readingCodes],
    security: byTokenOrKey,
  },
  {
    method: 'get',
    path: '/v1/transactions/{id}/receipt',
    operationId: 'getReceipt',
    summary: {
      en: 'Signed evidence of a transaction, to be verified offline',
      vi: 'Chứng cứ có chữ ký của một giao dịch, kiểm tra được ngoại tuyến',
    },
    parameters: idParameter,
    answer: { description: { en: 'The receipt', vi: 'Biên nhận' }, schema: receipt },
    codes: ['unknown-transaction', ...readingCodes],
    security: byTokenOrKey,
  },
  {
    method: 'post',
    path: '/v1/transactions/{id}/replay',
    operationId: 'replayTransaction',
    summary: {
      en: 'For operators: asks what became of an open command, or sends its very body again under its key',
      vi: 'Dành cho cán bộ vận hành: hỏi kết quả của lệnh còn bỏ ngỏ, hoặc gửi lại đúng nội dung với khóa cũ',
    },
    parameters: idParameter,
    requestBody: { required: false, content: { 'application/json': { schema: {} } } },
    answer: {
      description: {
        en: 'What became of it; with a body, the answer of the operation',
        vi: 'Kết quả của lệnh; nếu có gửi nội dung thì là phản hồi của dịch vụ',
      },
      schema: { type: 'object' },
    },
    codes: [
      ...errorCodes.filter((code) => !neverOfReplays.includes(code) && !readingCodes.includes(code)),
      ...readingCodes,
    ],
    security: byTokenOrKey,
  },
];
