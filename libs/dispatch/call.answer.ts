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

/** The status of an answer that only says that the command was accepted. */
export const acceptedStatus = 202;

/** That a command was accepted, and is sent when it can be. */
export function acceptedAnswer(transactionId: string): CallAnswer {
  return { status: acceptedStatus, body: Buffer.from(JSON.stringify({ transactionId, outcome: 'accepted' })) };
}
