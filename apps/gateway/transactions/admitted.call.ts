import type { ClientRecord } from '#lgsp/clients';
import type { Language } from '#lgsp/errors';
import type { OperationEntry } from '../catalogue/service.description';

/** A call that passed the door, on its way to its connector. */
export interface AdmittedCall {
  client: ClientRecord;
  system: string;
  operation: OperationEntry;
  body: Uint8Array;
  /** What travels with it: client, context, trace. */
  headers: Record<string, string | undefined>;
  /** Epoch milliseconds: when it came in, and until when it is waited for. */
  receivedAt: number;
  deadline: number;
  language: Language;
}
