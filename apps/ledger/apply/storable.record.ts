import { timeOfTransactionId, type TransactionRecord } from '#lgsp/records';

/** Longest text of a field, in characters: what is searched by has to fit into an index. */
const charactersMax = 500;
const integerMax = 2_147_483_647;
/** Times from here on, to a day from now: anything else is a clock gone wrong, and would make a table for its month. */
const earliestMs = Date.UTC(2000, 0, 1);
const aheadMaxMs = 86_400_000;
const latestMs = Date.UTC(9999, 0, 1);

const integers = ['upstreamMs', 'attempts', 'requestBytes', 'answerBytes'] as const;
const times = ['deadline', 'sentAt', 'returnedAt', 'answeredAt'] as const;
const texts = [
  'client',
  'agency',
  'officer',
  'dossier',
  'linkedDossier',
  'procedure',
  'system',
  'operation',
  'version',
  'idempotency',
  'code',
  'trace',
] as const;

/** Why a record that can be read cannot be stored; undefined when it can. Names the field, not its value. */
export function storageFault(record: TransactionRecord, now: number): string | undefined {
  const at = timeOfTransactionId(record.id);
  if (at < earliestMs || at > now + aheadMaxMs) return 'the time in its id cannot be';
  if (record.step === 'outcome' && record.outcome === undefined) return 'outcome is missing';
  for (const name of integers) if ((record[name] ?? 0) > integerMax) return `${name} is too large`;
  for (const name of times) if ((record[name] ?? 0) > latestMs) return `${name} is too late`;
  for (const name of texts) if ((record[name]?.length ?? 0) > charactersMax) return `${name} is too long`;
  return undefined;
}

/** How JSON writes the one character that PostgreSQL has not. */
export const unstorableCharacter = '\\u0000';
