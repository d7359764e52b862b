import { toProblem, type BusError, type ErrorCode, type Language } from '#lgsp/errors';

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
