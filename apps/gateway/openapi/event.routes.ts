import { eventTable, eventTypes, type EventRow } from '#lgsp/events';
import type { Language } from '#lgsp/errors';
import { jsonSchemaOf } from '#lgsp/kit';
import { limitMax, waitMaxSeconds } from '../events/event.query';
import { byTokenOrKey, queryParameter, readingCodes } from './book.routes';
import type { PublicRoute } from './public.routes';

type Json = Record<string, unknown>;

const text = { type: 'string' } as const;
const integer = (minimum: number, maximum?: number): Json => ({ type: 'integer', minimum, maximum });

const parameters = [
  queryParameter('after', {
    en: 'Cursor of the last event that the caller has; from the first that is kept when left out, from now on with `newest`',
    vi: 'Con trỏ của sự kiện cuối cùng đã nhận; bỏ trống thì đọc từ sự kiện đầu tiên còn lưu, `newest` thì đọc từ bây giờ',
  }),
  queryParameter('limit', { en: 'Most events', vi: 'Số sự kiện tối đa' }, integer(1, limitMax)),
  queryParameter(
    'wait',
    {
      en: 'How long to wait for an event when there is none, in seconds',
      vi: 'Thời gian chờ khi chưa có sự kiện, tính bằng giây',
    },
    integer(0, waitMaxSeconds),
  ),
  queryParameter('system', { en: 'Only those of this system', vi: 'Chỉ lấy sự kiện của hệ thống này' }),
  queryParameter('client', { en: 'For operators: whose', vi: 'Dành cho cán bộ vận hành: của phần mềm nào' }),
];

/** One schema for each type of event: its envelope, and the data that the type has. */
function eventSchemas(language: Language): Json[] {
  return eventTypes.map((type) => {
    const { summary, data }: EventRow = eventTable[type];
    return {
      title: type,
      description: summary[language],
      type: 'object',
      required: ['cursor', 'id', 'type', 'time', 'client', 'system', 'data'],
      properties: {
        cursor: text,
        id: text,
        type: { ...text, const: type },
        time: { ...text, format: 'date-time' },
        client: text,
        system: text,
        operation: text,
        transactionId: { ...text, format: 'uuid' },
        trace: text,
        dossier: text,
        linkedDossier: text,
        data: jsonSchemaOf(data),
      },
    };
  });
}

/** Events, in the language of their texts. */
export const eventRoutes: readonly PublicRoute[] = [
  {
    method: 'get',
    path: '/v1/events',
    operationId: 'readEvents',
    summary: {
      en: 'What happened after the answer, in order; as a stream with `Accept: text/event-stream`',
      vi: 'Các sự kiện xảy ra sau khi trả lời, theo thứ tự; dạng luồng với `Accept: text/event-stream`',
    },
    parameters: (language) => parameters.map((one) => one(language)),
    answer: {
      description: { en: 'Events, and the cursor to go on with', vi: 'Các sự kiện và con trỏ để đọc tiếp' },
      schema: {
        type: 'object',
        required: ['events', 'cursor'],
        properties: { events: { type: 'array', items: { oneOf: eventSchemas('en') } }, cursor: text },
      },
    },
    codes: [
      'invalid-request',
      'rate-limited',
      ...readingCodes.filter((code) => code !== 'ledger-unavailable' && code !== 'deadline-exceeded'),
    ],
    security: byTokenOrKey,
  },
];
