import {
  BusError,
  errorCodes,
  errorTable,
  problemMediaType,
  toProblem,
  type ErrorCode,
  type ErrorRow,
  type Language,
} from '#lgsp/errors';

type Json = Record<string, unknown>;

/** Failures that no operation answers with: its address and method are known, and it names no transaction. */
const elsewhere: readonly ErrorCode[] = ['unknown-transaction', 'wrong-state', 'unknown-route', 'method-not-allowed'];
/** Failures of what has an idempotency key. */
const ofCommands: readonly ErrorCode[] = [
  'idempotency-key-required',
  'idempotency-key-in-progress',
  'idempotency-key-reused',
  'cancelled',
  'outcome-unknown',
];

/** Every failure that a call of this kind may end with. */
export function codesOf(kind: 'query' | 'command'): ErrorCode[] {
  return errorCodes.filter((code) => !elsewhere.includes(code) && (kind === 'command' || !ofCommands.includes(code)));
}

const words = {
  fault: { en: 'fault', vi: 'lỗi do' },
  retry: { en: 'try again', vi: 'gọi lại' },
} as const;

/**
 * One response per HTTP status, in which each code has its line and its example: all of it from the error table.
 * @param ofTransactions whether a call may have been admitted, and so has an id, before it fails
 */
export function problemResponses(
  codes: readonly ErrorCode[],
  language: Language,
  ofTransactions = false,
): Record<string, Json> {
  const responses: Record<string, Json> = {};
  for (const status of [...new Set(codes.map((code) => errorTable[code].status))].toSorted((a, b) => a - b)) {
    const here = codes.filter((code) => errorTable[code].status === status);
    responses[status] = {
      description: here.map((code) => lineOf(code, language)).join('\n'),
      headers: headersOf(status, here, ofTransactions),
      content: {
        [problemMediaType]: {
          schema: { $ref: '#/components/schemas/Problem' },
          examples: Object.fromEntries(here.map((code) => [code, { value: toProblem(new BusError(code), language) }])),
        },
      },
    };
  }
  return responses;
}

function lineOf(code: ErrorCode, language: Language): string {
  const { title, fault, retry } = errorTable[code];
  return `- \`${code}\`: ${title[language]} (${words.fault[language]}: \`${fault}\`; ${words.retry[language]}: \`${retry}\`)`;
}

function headersOf(status: number, codes: readonly ErrorCode[], ofTransactions: boolean): Json {
  const rows = codes.map((code): ErrorRow => errorTable[code]);
  const names = [
    ...(ofTransactions && rows.some(({ outcome }) => outcome !== 'door') ? ['Lgsp-Transaction-Id', 'traceparent'] : []),
    ...(rows.some(({ retry }) => retry !== 'never') ? ['Retry-After'] : []),
    ...(status === 401 ? ['WWW-Authenticate'] : []),
    ...(status === 429 ? ['RateLimit', 'RateLimit-Policy'] : []),
  ];
  return headerReferences(names);
}

/** References to headers of the document's components. */
export function headerReferences(names: readonly string[]): Json {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

/** The schema of every problem document. */
export function problemSchema(): Json {
  const enumOf = (pick: (row: ErrorRow) => string): string[] => [
    ...new Set(errorCodes.map((code) => pick(errorTable[code]))),
  ];
  return {
    type: 'object',
    description: 'RFC 9457',
    required: ['type', 'title', 'status', 'code', 'fault', 'retry'],
    properties: {
      type: { type: 'string', examples: ['urn:lgsp:error:invalid-request'] },
      title: { type: 'string' },
      status: { type: 'integer', minimum: 400, maximum: 599 },
      detail: { type: 'string' },
      code: { type: 'string', enum: errorCodes },
      transactionId: { type: 'string', format: 'uuid' },
      fault: { type: 'string', enum: enumOf(({ fault }) => fault) },
      retry: { type: 'string', enum: enumOf(({ retry }) => retry) },
      retryAfterMs: { type: 'integer', minimum: 0 },
      errors: {
        type: 'array',
        items: {
          type: 'object',
          required: ['path', 'rule', 'message'],
          properties: { path: { type: 'string' }, rule: { type: 'string' }, message: { type: 'string' } },
        },
      },
      upstream: {
        type: 'object',
        required: ['code'],
        properties: { code: { type: 'string' }, message: { type: 'string' } },
      },
    },
  };
}
