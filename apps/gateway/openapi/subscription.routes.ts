import type { ErrorCode, Language } from '#lgsp/errors';
import { jsonSchemaOf } from '#lgsp/kit';
import { RedeliveryInput, SubscriptionInput } from '../subscriptions/subscription.input';
import { byTokenOrKey, readingCodes } from './book.routes';
import type { PublicRoute } from './public.routes';

type Json = Record<string, unknown>;

const text = { type: 'string' } as const;
const nameParameter = (language: Language): Json[] => [
  {
    name: 'name',
    in: 'path',
    required: true,
    description: { en: 'The client’s own name for it', vi: 'Tên do phần mềm tự đặt' }[language],
    schema: { ...text, pattern: '^[a-z][a-z0-9-]{0,39}$' },
  },
];
const view: Json = {
  type: 'object',
  required: ['name', 'url', 'state', 'cursor', 'failures'],
  properties: {
    name: text,
    url: text,
    types: { type: 'array', items: text },
    systems: { type: 'array', items: text },
    state: { ...text, enum: ['active', 'disabled'] },
    reason: text,
    cursor: text,
    failures: { type: 'integer' },
    lastResult: text,
    deliveredAt: { ...text, format: 'date-time' },
    nextTryAt: { ...text, format: 'date-time' },
    secret: { ...text, format: 'password' },
  },
};
const codes: readonly ErrorCode[] = readingCodes.filter((code) => code !== 'ledger-unavailable');
const bodyOf = (message: new () => object): Json => ({
  required: true,
  content: { 'application/json': { schema: jsonSchemaOf(message, { closed: true }) } },
});
const bodyCodes: readonly ErrorCode[] = [
  'malformed-json',
  'invalid-request',
  'body-too-large',
  'unsupported-media-type',
];
const shared = { security: byTokenOrKey, parameters: nameParameter } as const;
const one = { description: { en: 'The subscription', vi: 'Đăng ký' }, schema: view } as const;

/** Webhooks. */
export const subscriptionRoutes: readonly PublicRoute[] = [
  {
    method: 'get',
    path: '/v1/subscriptions',
    operationId: 'listSubscriptions',
    summary: { en: 'Where events are sent', vi: 'Các địa chỉ nhận sự kiện' },
    answer: {
      description: { en: 'All of the client', vi: 'Tất cả của phần mềm' },
      schema: {
        type: 'object',
        required: ['subscriptions'],
        properties: { subscriptions: { type: 'array', items: view } },
      },
    },
    codes,
    security: byTokenOrKey,
  },
  {
    ...shared,
    method: 'get',
    path: '/v1/subscriptions/{name}',
    operationId: 'getSubscription',
    summary: { en: 'One, and how far it came', vi: 'Một đăng ký và tiến độ gửi' },
    answer: one,
    codes: ['not-found', ...codes],
  },
  {
    ...shared,
    method: 'put',
    path: '/v1/subscriptions/{name}',
    operationId: 'putSubscription',
    summary: {
      en: 'Has events sent to an address, signed by Standard Webhooks; the secret is in the answer to the first call only',
      vi: 'Gửi sự kiện tới một địa chỉ, ký theo Standard Webhooks; khóa bí mật chỉ có trong lần trả lời đầu tiên',
    },
    requestBody: bodyOf(SubscriptionInput),
    answer: one,
    further: { 201: { en: 'It is new', vi: 'Đăng ký mới' } },
    codes: ['quota-exhausted', ...bodyCodes, ...codes],
  },
  {
    ...shared,
    method: 'delete',
    path: '/v1/subscriptions/{name}',
    operationId: 'deleteSubscription',
    summary: { en: 'Sends nothing more there', vi: 'Ngừng gửi tới địa chỉ này' },
    answer: { description: { en: 'It is gone', vi: 'Đã xóa' } },
    further: { 204: { en: 'It is gone', vi: 'Đã xóa' } },
    codes: ['not-found', ...codes],
  },
  {
    ...shared,
    method: 'post',
    path: '/v1/subscriptions/{name}/test',
    operationId: 'testSubscription',
    summary: {
      en: 'Sends one message now, and says what came of it',
      vi: 'Gửi thử một thông điệp và cho biết kết quả',
    },
    answer: { description: { en: 'What came of it', vi: 'Kết quả gửi' }, schema: { type: 'object' } },
    codes: ['not-found', ...codes],
  },
  {
    ...shared,
    method: 'post',
    path: '/v1/subscriptions/{name}/redeliver',
    operationId: 'redeliverEvents',
    summary: { en: 'Sends everything after a cursor once more', vi: 'Gửi lại mọi sự kiện sau một con trỏ' },
    requestBody: bodyOf(RedeliveryInput),
    answer: one,
    codes: ['not-found', ...bodyCodes, ...codes],
  },
];
