import { parseRecord, type TransactionRecord } from '#lgsp/records';

const command = Buffer.from('"kind":"command"');
const succeeded = Buffer.from('"outcome":"succeeded","final":true');
const lineEnd = 0x0a;

/**
 * The commands among the records of a batch that have taken effect for good. Thousands of records a second pass by, nearly all of
 * them queries: their bytes are searched, and only what may be such a command is read.
 */
export function succeededCommands(batch: Uint8Array): TransactionRecord[] {
  const bytes = Buffer.from(batch.buffer, batch.byteOffset, batch.byteLength);
  const found: TransactionRecord[] = [];
  for (let at = bytes.indexOf(command); at >= 0;) {
    const begin = bytes.lastIndexOf(lineEnd, at) + 1;
    const next = bytes.indexOf(lineEnd, at);
    const end = next < 0 ? bytes.length : next;
    const line = bytes.subarray(begin, end);
    if (line.includes(succeeded)) {
      const record = readRecord(line);
      if (record?.kind === 'command' && record.step === 'outcome' && record.final && record.outcome === 'succeeded')
        found.push(record);
    }
    at = next < 0 ? -1 : bytes.indexOf(command, end);
  }
  return found;
}

/** What is no record is the ledger's affair, which says so: nothing can be followed by it. */
function readRecord(line: Buffer): TransactionRecord | undefined {
  try {
    return parseRecord(line.toString('utf8'));
  } catch {
    return undefined;
  }
}
