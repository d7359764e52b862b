import type { TransactionRecord } from '#lgsp/records';
import { sampleRecord } from '#lgsp/records/testing';

export { sampleRecord };

/** What an intent cannot know yet. */
const later = [
  'outcome',
  'code',
  'sentAt',
  'returnedAt',
  'answeredAt',
  'upstreamMs',
  'attempts',
  'answerBytes',
  'answerHash',
];

/** The intent of a command, as it is recorded before anything is sent. */
export function sampleIntent(change: Partial<TransactionRecord> = {}): TransactionRecord {
  const command = { system: 'civil-registry', operation: 'register-birth', kind: 'command', ...change } as const;
  const known = Object.entries(sampleRecord(command)).filter(([name]) => !later.includes(name));
  const intent = Object.fromEntries(known) as unknown as TransactionRecord;
  const further = { idempotency: `one-stop.${intent.id}`, deadline: intent.receivedAt + 30_000 };
  return { ...intent, ...further, step: 'intent', final: false, ...change };
}
