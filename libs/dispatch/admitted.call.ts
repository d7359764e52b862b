import type { ClientRecord } from '#lgsp/clients';
import type { Language } from '#lgsp/errors';

/** As much of an operation as it takes to call it. */
export interface CalledOperation {
  operation: string;
  /** Semantic version. */
  version: string;
  kind: 'query' | 'command';
  /** Where its connector takes it. */
  subject: string;
}

/** A call that passed the door, on its way to its connector. */
export interface AdmittedCall {
  client: Pick<ClientRecord, 'id' | 'environment'>;
  /** Whether its caller waits for the answer. */
  mode: 'sync' | 'async';
  system: string;
  operation: CalledOperation;
  body: Uint8Array;
  /** What travels with it: client, context, trace. */
  headers: Record<string, string | undefined>;
  /** Epoch milliseconds: when it came in, and until when it is waited for. */
  receivedAt: number;
  deadline: number;
  language: Language;
}
