/** What can be wrong with an entry of the stream, and what becomes of its records. */
export const evidenceFaults = {
  unreadable: 'it is no batch; nothing of it is counted',
  'unknown-key': 'nobody published the key that it is signed with; nothing of it is counted',
  'foreign-recorder': 'its key, or its place in the stream, is another recorder’s; nothing of it is counted',
  'wrong-signature': 'its head was not signed by that key; nothing of it is counted',
  'wrong-count': 'it has not as many records as its head says; nothing of it is counted',
  'wrong-root': 'its records are not those that were signed; nothing of it is counted',
  'wrong-leaves': 'the hashes that it carries are not those of its records, which are proven; it is counted',
  'unreadable-record': 'some records are none, or cannot be stored; the others are counted',
  unstorable: 'the database refused its records; nothing of it is counted',
  'missing-entries': 'entries before it are missing in the stream; it is counted',
  gap: 'batches of its recorder before it are missing; it is counted',
  'out-of-order': 'it comes after batches that follow it; it is counted',
  'wrong-previous': 'it does not follow the batch before it; it is counted',
  forked: 'its recorder has another batch of this number; it is counted',
  'archived-month': 'records of a month that is archived came late; they are not counted',
} as const;

export type EvidenceFaultCode = keyof typeof evidenceFaults;

export interface EvidenceFault {
  code: EvidenceFaultCode;
  /** In words, with numbers and names; never a value from a record. */
  detail: string;
  /** How many records are not counted for it. */
  uncounted: number;
}
