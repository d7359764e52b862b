import type { LogEntry } from '#lgsp/bus';
import {
  batchFault,
  headHash,
  ledgerSubject,
  parseRecord,
  splitBatch,
  type RecorderPublicKey,
  type SignedHead,
  type TransactionRecord,
} from '#lgsp/records';
import type { EvidenceFault, EvidenceFaultCode } from './evidence.fault';
import type { EvidenceKeys } from './evidence.keys';
import { storageFault, unstorableCharacter } from './storable.record';

/** An entry of the stream that was read and checked by itself. */
export interface ReadBatch {
  sequence: number;
  bytes: number;
  /** The recorder as the subject names it. */
  recorder: string;
  /** Absent when the batch is not counted. */
  evidence?: { head: SignedHead; hash: string; key: RecorderPublicKey };
  /** What is to be counted. */
  records: TransactionRecord[];
  faults: EvidenceFault[];
}

/** Most faulty records of one batch that are named. */
const namedMax = 5;

/** Reads entries of the stream without believing them: signature, Merkle root, and every record by itself. */
export class BatchReader {
  constructor(private readonly keys: EvidenceKeys) {}

  /** Never fails for what is in the entry. @throws BusError while the key cannot be looked up */
  async read({ sequence, subject, data }: LogEntry): Promise<ReadBatch> {
    const recorder = subject.slice(ledgerSubject('').length).replaceAll('\0', '');
    const read: ReadBatch = { sequence, bytes: data.length, recorder, records: [], faults: [] };
    const refuse = (code: EvidenceFaultCode, detail: string, uncounted: number): ReadBatch => {
      read.faults.push({ code, detail: detail.replaceAll('\0', ''), uncounted });
      return read;
    };
    let split;
    try {
      split = splitBatch(Buffer.from(data.buffer, data.byteOffset, data.length).toString('utf8'));
    } catch (error) {
      // The parser's words quote what it read.
      return refuse('unreadable', error instanceof SyntaxError ? 'the head is not JSON' : (error as Error).message, 0);
    }
    const { head, texts } = split;
    const known = await this.keys.find(head.key);
    if (!known) return refuse('unknown-key', `the key is ${head.key.slice(0, 100)}`, texts.length);
    if (known.published.recorder !== head.recorder || head.recorder !== recorder)
      return refuse('foreign-recorder', `the key is that of ${known.published.recorder}`, texts.length);
    const fault = batchFault(head, texts, known.key);
    if (fault === 'wrong-leaves') refuse(fault, `batch ${head.number}`, 0);
    else if (fault) return refuse(fault, `batch ${head.number}`, texts.length);
    read.evidence = { head, hash: headHash(head), key: known.published };
    readRecords(texts, read);
    return read;
  }
}

function readRecords(texts: readonly string[], read: ReadBatch): void {
  const now = Date.now();
  const faults: string[] = [];
  for (const [nth, text] of texts.entries()) {
    const record = readRecord(text, now);
    if (typeof record === 'string') faults.push(`record ${nth + 1}: ${record}`);
    else read.records.push(record);
  }
  if (faults.length === 0) return;
  const more = faults.length > namedMax ? ` and ${faults.length - namedMax} more` : '';
  const detail = faults.slice(0, namedMax).join('; ') + more;
  read.faults.push({ code: 'unreadable-record', detail, uncounted: faults.length });
}

/** The record, or what is wrong with it. */
function readRecord(text: string, now: number): TransactionRecord | string {
  try {
    if (text.includes(unstorableCharacter)) return 'it holds the character 0';
    const record = parseRecord(text);
    return storageFault(record, now) ?? record;
  } catch (error) {
    return error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message.slice(0, 100);
  }
}
