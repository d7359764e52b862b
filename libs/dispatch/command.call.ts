import { busHeaders, parseOperationSubject } from '#lgsp/bus';
import { RequestKey } from '#lgsp/records';
import type { AdmittedCall } from './admitted.call';

/** A command as its caller sent it. */
export interface CommandCall {
  clientId: string;
  /** The caller's idempotency key. */
  key: string;
  system: string;
  operation: string;
  subject: string;
  body: Uint8Array;
  /** What else makes the request what it is: for whom and for which dossier. */
  context: readonly (string | undefined)[];
  /** Epoch milliseconds. */
  deadline: number;
}

/** What beside the body makes a request what it is: for whom, for which dossier and by which procedure. */
export function contextOf(headers: Readonly<Record<string, string | undefined>>): (string | undefined)[] {
  return [headers[busHeaders.agency], headers[busHeaders.dossier], headers[busHeaders.procedure]];
}

/** An admitted call as a command under its key. */
export function commandCallOf({ client, system, operation, body, headers, deadline }: AdmittedCall): CommandCall {
  return {
    clientId: client.id,
    key: headers[busHeaders.idempotencyKey]!,
    system,
    operation: operation.operation,
    subject: operation.subject,
    body,
    context: contextOf(headers),
    deadline,
  };
}

/** Largest answer that is kept, in bytes; after a larger one the outside system is asked again. */
export const answerBytesMax = 1_048_576;
/** How long after a deadline nobody can have the command in hand any more, also when clocks differ a little. */
export const clockMarginMs = 1_000;

/** @param salt of the record that is kept; a new one for a new command */
export function requestKey(
  { key, system, operation, subject, context, body }: Omit<CommandCall, 'clientId' | 'deadline'>,
  salt?: string,
): RequestKey {
  // A key that was used for one version of an operation was not used for another.
  const version = parseOperationSubject(subject)?.version ?? 'v1';
  const named = version === 'v1' ? operation : `${version}.${operation}`;
  return new RequestKey([key, system, named, ...context], body, salt);
}
