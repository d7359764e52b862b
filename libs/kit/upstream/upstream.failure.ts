import { BusError, type Text, type UpstreamWord } from '#lgsp/errors';
import type { UpstreamCall } from '../call';

/**
 * The failures of an outside system as the bus names them. One rule runs through all: a failure after which a command
 * may have taken effect is `outcome-unknown`; only what certainly did not happen may be called a failure.
 */

/** Whether the request has no effect, so that it may be sent again: a query, or a look-up within a command. */
export type Repeatable = boolean;

/** Codes of errors that happen before one byte of the request was sent. */
const notSentCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

function unreachable(cause: unknown): BusError {
  return new BusError('upstream-unreachable', { retryAfterMs: 2_000, cause });
}

/** The connection broke, or time ran out, after the request was under way. */
function lost(repeatable: Repeatable, why: 'timeout' | 'broken', cause: unknown): BusError {
  if (!repeatable) return new BusError('outcome-unknown', { retryAfterMs: 2_000, upstream: { code: why }, cause });
  return why === 'timeout' ? new BusError('upstream-timeout', { retryAfterMs: 2_000, cause }) : unreachable(cause);
}

/** The answer came but cannot be understood: it says nothing about whether a command took effect. */
export function invalidAnswer(call: UpstreamCall, why: Text, repeatable: Repeatable = call.kind === 'query'): BusError {
  const options = { detail: why, upstream: { code: 'invalid-answer' }, retryAfterMs: 5_000 };
  return new BusError(repeatable ? 'upstream-invalid' : 'outcome-unknown', options);
}

/** The outside system says that it failed. @param retryAfterMs when it says how long to wait */
export function upstreamFault(upstream: UpstreamWord, retryAfterMs?: number): BusError {
  return new BusError('upstream-fault', { upstream, retryAfterMs });
}

/** The outside system understood the request and refuses it: sending it again cannot help. */
export function upstreamRejected(upstream: UpstreamWord, detail?: Text): BusError {
  return new BusError('upstream-rejected', { upstream, detail });
}

/** What an error thrown by the HTTP client means. */
export function failureOf(error: unknown, repeatable: Repeatable): BusError {
  if (error instanceof BusError) return error;
  const { code, name } = (error ?? {}) as { code?: string; name?: string };
  if (code !== undefined && notSentCodes.has(code)) return unreachable(error);
  const timedOut =
    name === 'AbortError' ||
    name === 'TimeoutError' ||
    code === 'UND_ERR_HEADERS_TIMEOUT' ||
    code === 'UND_ERR_BODY_TIMEOUT';
  return lost(repeatable, timedOut ? 'timeout' : 'broken', error);
}

/** What a status that the upstream client did not ask to see means. */
export function failureOfStatus(status: number, repeatable: Repeatable, retryAfterMs?: number): BusError {
  const upstream = { code: `HTTP ${status}` };
  if (status >= 300 && status < 400) {
    const detail = { en: `unexpected redirect (HTTP ${status})`, vi: `chuyển hướng ngoài dự kiến (HTTP ${status})` };
    return new BusError(repeatable ? 'upstream-invalid' : 'outcome-unknown', { upstream, detail });
  }
  // 502 and 504 come from something in between that lost the answer: a command may have arrived.
  if (!repeatable && (status === 502 || status === 504)) return new BusError('outcome-unknown', { upstream });
  if (status === 504) return new BusError('upstream-timeout', { upstream, retryAfterMs });
  return upstreamFault(upstream, retryAfterMs);
}
