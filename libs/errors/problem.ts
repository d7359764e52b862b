import { BusError, type FieldError, type UpstreamWord } from './bus.error';
import { errorTable, isErrorCode, type ErrorCode, type Fault, type Retry, type Text } from './error.table';

export type Language = keyof Text;

/** The problem document (RFC 9457) that every failed call is answered with, over HTTP and over NATS alike. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  code: ErrorCode;
  transactionId?: string;
  fault: Fault;
  retry: Retry;
  retryAfterMs?: number;
  errors?: FieldError[];
  upstream?: UpstreamWord;
}

export const problemMediaType = 'application/problem+json';

/** How many field errors a problem lists at most, so that a hostile body cannot inflate the answer. */
export const fieldErrorsMax = 50;

export function toProblem(error: BusError, language: Language = 'en', transactionId?: string): Problem {
  const { status, title, fault, retry } = errorTable[error.code];
  return {
    type: `urn:lgsp:error:${error.code}`,
    title: title[language],
    status,
    detail: error.detail?.[language],
    code: error.code,
    transactionId,
    fault,
    retry,
    retryAfterMs: error.retryAfterMs,
    errors: error.errors?.slice(0, fieldErrorsMax),
    upstream: error.upstream,
  };
}

/**
 * Reads a problem that came over the bus from a connector in any language. A code that the table does not hold means
 * that the connector breaks the protocol: that is `internal`, and the code it gave is kept as the cause.
 */
export function fromProblem(code: string, body: unknown): BusError {
  const said = (typeof body === 'object' && body !== null ? body : {}) as Partial<Problem>;
  const detail = typeof said.detail === 'string' ? { en: said.detail, vi: said.detail } : undefined;
  if (!isErrorCode(code)) {
    return new BusError('internal', {
      cause: new Error(`the connector answered with the unknown error code "${code}"`),
    });
  }
  return new BusError(code, {
    detail,
    errors: Array.isArray(said.errors) ? said.errors.filter(isFieldError).slice(0, fieldErrorsMax) : undefined,
    upstream: isUpstreamWord(said.upstream) ? said.upstream : undefined,
    retryAfterMs: isPause(said.retryAfterMs) ? Math.min(said.retryAfterMs, retryAfterMsMax) : undefined,
  });
}

/** Nobody is told to come again later than this. */
const retryAfterMsMax = 86_400_000;

const isPause = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const isText = (value: unknown): boolean => typeof value === 'string';

function isFieldError(value: unknown): value is FieldError {
  const { path, rule, message } = (value ?? {}) as Partial<FieldError>;
  return isText(path) && isText(rule) && isText(message);
}

function isUpstreamWord(value: unknown): value is UpstreamWord {
  const { code, message } = (value ?? {}) as Partial<UpstreamWord>;
  return isText(code) && (message === undefined || isText(message));
}

/** Picks the language of messages from an `Accept-Language` header: Vietnamese when it is preferred, else English. */
export function languageOf(acceptLanguage: string | undefined): Language {
  if (!acceptLanguage || acceptLanguage.length > 200) return 'en';
  let best: Language = 'en';
  let bestWeight = 0;
  for (const part of acceptLanguage.split(',')) {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const language = tag.startsWith('vi') ? 'vi' : tag.startsWith('en') || tag === '*' ? 'en' : undefined;
    const q = parameters.map((p) => p.trim()).find((p) => p.startsWith('q='));
    const weight = q ? Number(q.slice(2)) : 1;
    if (language && weight > bestWeight) [best, bestWeight] = [language, weight];
  }
  return best;
}
