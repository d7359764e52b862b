import type { ErrorCode, Language, Text } from '#lgsp/errors';
import type { CallbackEntry } from '../catalogue/callback.description';
import type { SystemEntry } from '../catalogue/service.description';
import { problemResponses } from './problem.responses';
import { withoutPointers } from './schema.shelf';

type Json = Record<string, unknown>;

const texts = {
  proof: { en: 'Proven by', vi: 'Xác thực bằng' },
  alias: { en: 'Also taken at', vi: 'Cũng nhận tại' },
  again: {
    en: 'Whoever gets no answer, or 503, sends it again: the same told twice is told once.',
    vi: 'Không nhận được trả lời hoặc nhận mã 503 thì gửi lại: báo hai lần vẫn tính một lần.',
  },
  taken: { en: 'Taken, in the form of the outside system', vi: 'Đã nhận, theo mẫu của hệ thống ngoài' },
  refused: {
    en: 'Refused, in the form of the outside system: its proof is wrong, or it cannot be believed',
    vi: 'Từ chối, theo mẫu của hệ thống ngoài: xác thực sai hoặc nội dung không đáng tin',
  },
} as const satisfies Record<string, Text>;

const codes: readonly ErrorCode[] = [
  'malformed-request',
  'address-not-allowed',
  'unknown-route',
  'request-timeout',
  'body-too-large',
  'unsupported-media-type',
  'rate-limited',
  'headers-too-large',
  'connector-unavailable',
  'overloaded',
  'bus-unavailable',
];

/** What outside systems may send in, of every system: addresses for them and not for clients. */
export function callbackPaths(systems: readonly SystemEntry[], language: Language): Record<string, Json> {
  const problems = problemResponses(codes, language);
  const paths = systems.flatMap(({ system, callbacks = [] }) =>
    callbacks.map((callback): [string, Json] => [
      `/v1/callbacks/${system}/${callback.kind}`,
      { post: callbackObject(system, callback, problems, language) },
    ]),
  );
  return Object.fromEntries(paths);
}

function callbackObject(system: string, callback: CallbackEntry, problems: Json, language: Language): Json {
  const { kind, alias, summary, summaryVi, scheme, schemeVi, mediaTypes, bodyBytesMax, timeoutMs, sensitivity } =
    callback;
  const { body, reply } = (callback.example ?? {}) as { body?: unknown; reply?: unknown };
  const example = (value: unknown): Json => (value === undefined ? {} : { example: withoutPointers(value) });
  const object = { type: 'object' };
  return {
    operationId: `callback_${system}_${kind}`.replaceAll('-', '_'),
    tags: [system],
    summary: (language === 'vi' ? summaryVi : undefined) ?? summary,
    description: [
      `${texts.proof[language]}: ${(language === 'vi' ? schemeVi : undefined) ?? scheme}.`,
      ...(alias ? [`${texts.alias[language]} \`/v1/callbacks/${system}/${alias}\`.`] : []),
      texts.again[language],
    ].join(' '),
    'x-lgsp-callback': { kind, alias, bodyBytesMax, timeoutMs, sensitivity },
    security: [{}],
    requestBody: {
      required: true,
      content: Object.fromEntries(mediaTypes.map((type) => [type, { schema: object, ...example(body) }])),
    },
    responses: {
      200: {
        description: texts.taken[language],
        content: { 'application/json': { schema: object, ...example(reply) } },
      },
      ...problems,
      default: { description: texts.refused[language] },
    },
  };
}
