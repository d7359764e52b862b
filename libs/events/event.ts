import type { EventData, EventType } from './event.table';

/**
 * Something that happened after a call was answered, told to the client whose affair it is. It holds what the client may
 * see anyway: ids, codes, dossiers; nothing of the body of a request or an answer.
 */
export interface BusEvent<T extends EventType = EventType> {
  /** Which happening it is, 1 to 120 visible ASCII characters: told again under the same id it is the same event. */
  id: string;
  type: T;
  /** When it happened; ISO 8601 with offset +07:00. */
  time: string;
  /** Whom it is told to. */
  client: string;
  system: string;
  /** Kebab-case, without the system; absent when no operation stands behind it. */
  operation?: string;
  transactionId?: string;
  /** Of that transaction: by which the log lines of every process about it are found, 32 hexadecimal digits. */
  trace?: string;
  dossier?: string;
  /** The other code of a dossier that has two. */
  linkedDossier?: string;
  /** As the row of the type says. */
  data: EventData<T>;
}
