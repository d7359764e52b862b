import type { ErrorCode, Language, Text } from '#lgsp/errors';
import { bookRoutes } from './book.routes';
import { eventRoutes } from './event.routes';
import { jobRoutes } from './job.routes';
import { problemResponses } from './problem.responses';
import { submissionRoutes } from './submission.routes';
import { subscriptionRoutes } from './subscription.routes';
import { reportRoutes } from './report.routes';

type Json = Record<string, unknown>;

/** A public route that is no operation: what the document says of it. A test compares the table with the gateway's routes. */
export interface PublicRoute {
  method: 'get' | 'post' | 'put' | 'delete';
  path: string;
  operationId: string;
  summary: Text;
  /** Of a successful answer; the media type is JSON where none is named. */
  answer: { description: Text; schema?: Json; mediaType?: string };
  parameters?: (language: Language) => Json[];
  requestBody?: Json;
  /** Statuses beside 200 that are no failure of the call. */
  further?: Record<number, Text>;
  /** Codes that it may fail with, beside those that any request may. */
  codes: readonly ErrorCode[];
  /** Who may call; anybody when empty. */
  security: readonly Json[];
}

/** What goes wrong before any route is reached. */
const anywhere: readonly ErrorCode[] = ['malformed-request', 'request-timeout', 'headers-too-large', 'internal'];
const anybody = {} as const;
const object = { type: 'object' } as const;
const textOf = (...names: string[]): Json => Object.fromEntries(names.map((name) => [name, { type: 'string' }]));

const tokenForm = {
  type: 'object',
  required: ['grant_type'],
  properties: {
    grant_type: { type: 'string', const: 'client_credentials' },
    ...textOf('client_id'),
    client_secret: { type: 'string', format: 'password' },
  },
};
const tokenAnswer = {
  type: 'object',
  required: ['access_token', 'token_type', 'expires_in', 'scope'],
  properties: {
    ...textOf('access_token', 'scope'),
    token_type: { type: 'string', const: 'Bearer' },
    expires_in: { type: 'integer', examples: [3_600] },
  },
};

const tokenRoute = (path: string, operationId: string): PublicRoute => ({
  method: 'post',
  path,
  operationId,
  summary: {
    en: 'Gives an access token (OAuth2 client credentials)',
    vi: 'Cấp mã truy cập (OAuth2 client credentials)',
  },
  requestBody: { required: true, content: { 'application/x-www-form-urlencoded': { schema: tokenForm } } },
  answer: { description: { en: 'A token of an hour', vi: 'Mã truy cập dùng trong một giờ' }, schema: tokenAnswer },
  codes: [
    'invalid-request',
    'unauthenticated',
    'address-not-allowed',
    'client-suspended',
    'body-too-large',
    'unsupported-media-type',
    'overloaded',
  ],
  // Or id and secret in the form.
  security: [{ clientSecret: [] }, anybody],
});

const languageParameter = (language: Language): Json[] => [
  {
    name: 'lang',
    in: 'query',
    description: {
      en: 'Language; that of `Accept-Language` when left out',
      vi: 'Ngôn ngữ; theo `Accept-Language` khi bỏ trống',
    }[language],
    schema: { type: 'string', enum: ['en', 'vi'] },
  },
];

const publicRoutes: readonly PublicRoute[] = [
  tokenRoute('/oauth2/token', 'issueToken'),
  tokenRoute('/token', 'issueTokenAtAlias'),
  {
    method: 'get',
    path: '/.well-known/jwks.json',
    operationId: 'getPublicKeys',
    summary: {
      en: 'Public keys of tokens and of evidence (JWKS)',
      vi: 'Khóa công khai của mã truy cập và của chứng cứ (JWKS)',
    },
    answer: {
      description: { en: 'The keys', vi: 'Các khóa' },
      schema: { type: 'object', required: ['keys'], properties: { keys: { type: 'array', items: object } } },
    },
    further: { 304: { en: 'It is still what you have (`If-None-Match`)', vi: 'Chưa thay đổi (`If-None-Match`)' } },
    codes: [],
    security: [anybody],
  },
  {
    method: 'get',
    path: '/v1/services',
    operationId: 'listServices',
    summary: { en: 'What can be called, and whether it is up', vi: 'Các dịch vụ gọi được và tình trạng của chúng' },
    answer: {
      description: { en: 'The catalogue', vi: 'Danh mục dịch vụ' },
      schema: { type: 'object', required: ['systems'], properties: { systems: { type: 'array', items: object } } },
    },
    codes: [],
    security: [anybody],
  },
  {
    method: 'get',
    path: '/healthz',
    operationId: 'isAlive',
    summary: { en: 'Alive', vi: 'Còn hoạt động' },
    answer: { description: { en: 'Alive', vi: 'Còn hoạt động' }, schema: object },
    codes: [],
    security: [anybody],
  },
  {
    method: 'get',
    path: '/readyz',
    operationId: 'isReady',
    summary: { en: 'Able to serve, per part and with reasons', vi: 'Sẵn sàng phục vụ, theo từng phần và kèm lý do' },
    answer: { description: { en: 'Able to serve', vi: 'Sẵn sàng phục vụ' }, schema: object },
    further: {
      503: { en: 'Not able to serve: the bus is away', vi: 'Chưa phục vụ được: mất kết nối trục thông điệp' },
    },
    codes: [],
    security: [anybody],
  },
  {
    method: 'get',
    path: '/status',
    operationId: 'readStatus',
    summary: {
      en: 'Every connection, its state, since when, and the class of its last error: a page, or JSON',
      vi: 'Từng kết nối: tình trạng, từ lúc nào, loại lỗi gần nhất; ở dạng trang web hoặc JSON',
    },
    parameters: (language) => [
      ...languageParameter(language),
      {
        name: 'format',
        in: 'query',
        description: {
          en: 'Form; a page unless `Accept` names JSON and no HTML',
          vi: 'Định dạng; trang web, trừ khi `Accept` chỉ nêu JSON',
        }[language],
        schema: { type: 'string', enum: ['html', 'json'] },
      },
    ],
    answer: { description: { en: 'A page', vi: 'Trang web' }, mediaType: 'text/html' },
    codes: [],
    security: [anybody],
  },
  {
    method: 'get',
    path: '/openapi.json',
    operationId: 'getOpenApi',
    summary: { en: 'This document', vi: 'Tài liệu này' },
    parameters: languageParameter,
    answer: { description: { en: 'OpenAPI 3.1', vi: 'OpenAPI 3.1' }, schema: object },
    further: { 304: { en: 'It is still what you have (`If-None-Match`)', vi: 'Chưa thay đổi (`If-None-Match`)' } },
    codes: [],
    security: [anybody],
  },
  {
    method: 'get',
    path: '/docs',
    operationId: 'readDocs',
    summary: {
      en: 'This document as a page, to read and to try',
      vi: 'Tài liệu này ở dạng trang web, để đọc và gọi thử',
    },
    parameters: languageParameter,
    answer: { description: { en: 'A page', vi: 'Trang web' }, mediaType: 'text/html' },
    codes: [],
    security: [anybody],
  },
  ...bookRoutes,
  ...jobRoutes,
  ...eventRoutes,
  ...subscriptionRoutes,
  ...submissionRoutes,
  ...reportRoutes,
];

/** The paths of the document that are no operations. */
export function publicPaths(language: Language): Record<string, Json> {
  const paths: Record<string, Json> = {};
  for (const route of publicRoutes) {
    const { method, path, operationId, summary, parameters, requestBody, security } = route;
    paths[path] = {
      ...paths[path],
      [method]: {
        operationId,
        tags: ['lgsp'],
        summary: summary[language],
        security,
        ...(parameters ? { parameters: parameters(language) } : {}),
        ...(requestBody ? { requestBody } : {}),
        responses: responsesOf(route, language),
      },
    };
  }
  return paths;
}

function responsesOf({ answer, further = {}, codes }: PublicRoute, language: Language): Json {
  const { description, schema, mediaType = 'application/json' } = answer;
  const others = Object.entries(further).map(([status, text]) => [status, { description: text[language] }] as const);
  return {
    200: { description: description[language], content: { [mediaType]: schema ? { schema } : {} } },
    ...problemResponses([...codes, ...anywhere], language),
    ...Object.fromEntries(others),
  };
}
