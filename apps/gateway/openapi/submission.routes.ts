import { byTokenOrKey, readingCodes } from './book.routes';
import type { PublicRoute } from './public.routes';

/** What citizens handed in through another app. */
export const submissionRoutes: readonly PublicRoute[] = [
  {
    method: 'get',
    path: '/v1/submissions/{id}',
    operationId: 'fetchSubmission',
    summary: {
      en: 'The body of a dossier that a citizen handed in through another app, for the client that the event `dossier.submitted` told of it',
      vi: 'Nội dung hồ sơ công dân nộp qua ứng dụng khác, dành cho phần mềm đã nhận sự kiện `dossier.submitted`',
    },
    parameters: (language) => [
      {
        name: 'id',
        in: 'path',
        required: true,
        description: { en: 'As the event names it', vi: 'Mã trong sự kiện' }[language],
        schema: { type: 'string', pattern: '^[0-9a-f]{32}$' },
      },
    ],
    answer: {
      description: { en: 'As it was handed in, byte for byte', vi: 'Nguyên văn nội dung đã nộp' },
      schema: { type: 'object' },
    },
    codes: [
      'not-found',
      ...readingCodes.filter((code) => code !== 'ledger-unavailable' && code !== 'deadline-exceeded'),
    ],
    security: byTokenOrKey,
  },
];
