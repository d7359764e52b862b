import type { FastifyReply } from 'fastify';
import { problemMediaType, toProblem, type BusError, type ErrorCode, type Language } from '#lgsp/errors';

/** What a caller is answered with: as it is sent, kept under an idempotency key, and sent again. */
export interface CallAnswer {
  status: number;
  body: Uint8Array;
  /** The code of the error table when it is a problem. */
  code?: ErrorCode;
  retryAfterMs?: number;
}

/** The problem document of a failed call. */
export function problemAnswer(error: BusError, language: Language, transactionId?: string): CallAnswer {
  const problem = toProblem(error, language, transactionId);
  const { status, code, retryAfterMs } = problem;
  return { status, code, retryAfterMs, body: Buffer.from(JSON.stringify(problem)) };
}

export function sendAnswer(reply: FastifyReply, { status, code, body, retryAfterMs }: CallAnswer): void {
  reply
    .code(status)
    .header('content-type', code ? `${problemMediaType}; charset=utf-8` : 'application/json')
    .header('cache-control', 'no-store');
  if (retryAfterMs !== undefined) reply.header('retry-after', String(Math.ceil(retryAfterMs / 1_000)));
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="lgsp", ApiKey realm="lgsp"');
  reply.send(body);
}
