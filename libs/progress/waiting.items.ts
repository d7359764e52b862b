import { DurableQueue, type BusConnection } from '#lgsp/bus';

/** What is to be followed and has no room yet, `lgsp.following.<system>`; beyond its bounds the reader of records stands still. */
const waitingStream = { name: 'FOLLOWING', subjects: 'lgsp.following.>' } as const;
const messagesMax = 1_000_000;
const bytesMax = 1_073_741_824;
/** For how long the server knows an item that is put again, since its record is read again. */
const duplicateMs = 3_600_000;

export const waitingSubject = (system: string): string => `lgsp.following.${system}`;

/** Opens the items that wait on the bus until fewer are followed at their system. */
export function openWaitingItems(connection: BusConnection): Promise<DurableQueue> {
  const { name: stream, subjects: subject } = waitingStream;
  const description = 'what commands have begun at outside systems and is not followed yet, by system';
  const bounds = { messagesMax, bytesMax, duplicateMs };
  return DurableQueue.open(connection, { stream, subject, description, until: 'done', ...bounds });
}
