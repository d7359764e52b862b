import { newTransactionId, timeOfTransactionId, type TransactionRecord } from '..';

/** A query that succeeded, all invented, with what a test changes in it. */
export function sampleRecord(change: Partial<TransactionRecord> = {}): TransactionRecord {
  const id = change.id ?? newTransactionId();
  const receivedAt = timeOfTransactionId(id);
  return {
    id,
    step: 'outcome',
    environment: 'production',
    client: 'one-stop',
    agency: 'H24.11',
    officer: 'b2ZmaWNlcg',
    dossier: 'H24.11-261101-0001',
    procedure: '1.001193',
    system: 'population',
    operation: 'verify-citizen',
    version: '1.0.0',
    kind: 'query',
    mode: 'sync',
    outcome: 'succeeded',
    final: true,
    receivedAt,
    sentAt: receivedAt + 1,
    returnedAt: receivedAt + 40,
    answeredAt: receivedAt + 41,
    upstreamMs: 35,
    attempts: 1,
    requestBytes: 120,
    answerBytes: 17,
    salt: 'AAAAAAAAAAAAAAAAAAAAAA',
    requestHash: 'x'.repeat(43),
    answerHash: 'y'.repeat(43),
    trace: '0123456789abcdef'.repeat(2),
    ...change,
  };
}
