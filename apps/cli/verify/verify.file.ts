import { readFile } from 'node:fs/promises';
import {
  checkReceipt,
  EvidenceCheck,
  readKeySet,
  sealHash,
  type Anchor,
  type EvidenceKey,
  type Finding,
} from '#lgsp/records';
import { DamagedFile, readEvidenceFile } from '../evidence/evidence.file';
import { UsageError } from '../settings';

export interface VerifyOptions {
  /** Path of a key set, as `/.well-known/jwks.json` gives it. */
  keys?: string;
  /** Bodies of a receipt's transaction, as the caller kept them. */
  request?: string;
  answer?: string;
  /** Seals that are known from elsewhere. */
  anchors?: readonly Anchor[];
  /** Told of the way through an evidence file. */
  onProgress?: (done: number, total: number) => void;
}

/** What came of it. */
export interface Verdict {
  kind: 'receipt' | 'evidence';
  /** Whether all of it is proven: nothing was found, and there was something to prove. */
  proven: boolean;
  /** Whether the public keys are from elsewhere; those in the file itself prove nothing about who signed. */
  ownKeys: boolean;
  findings: Finding[];
  /** Also those that are not listed. */
  findingCount: number;
  /** What it is about, for people and programs. */
  facts: Record<string, string | number | undefined>;
  /** The newest seal: whoever keeps it can show later that nothing before it was changed. */
  anchor?: Anchor;
}

/** Largest receipt, in bytes. */
const receiptBytesMax = 16_777_216;

/** Verifies a receipt or an evidence file, offline. @throws UsageError when a file cannot be read or is neither */
export async function verifyFile(path: string, options: VerifyOptions = {}): Promise<Verdict> {
  const known = options.keys === undefined ? undefined : await readKeys(options.keys);
  const reading = await readEvidenceFile(path);
  const { value: first } = await reading.lines.next().catch(orDamaged);
  if (typeof first === 'string' && !first.startsWith('{"lgsp":"evidence"') && !isLineOfEvidence(first)) {
    await reading.lines.return(undefined);
    return verifyReceipt(path, known, options);
  }
  if (options.request ?? options.answer) throw new UsageError('bodies can be compared with a receipt only');
  const check = new EvidenceCheck(known, options.anchors);
  try {
    if (typeof first === 'string') await check.line(first);
    for await (const line of reading.lines) {
      await check.line(line);
      options.onProgress?.(check.position - (check.head?.after ?? 0), rangeOf(check));
    }
  } catch (error) {
    if (!(error instanceof DamagedFile)) throw error;
    check.say({ fault: 'damaged-file', detail: error.message });
  }
  await check.end();
  if (!reading.isUntouched()) check.say({ fault: 'changed-file' });
  return evidenceVerdict(check, known === undefined);
}

const rangeOf = ({ head }: EvidenceCheck): number => (head ? head.through - head.after : 0);

/** A first line that cannot be read is one of a damaged evidence file. */
function orDamaged(error: unknown): { value?: string } {
  if (error instanceof DamagedFile) return {};
  throw error;
}

const isLineOfEvidence = (line: string): boolean => /^\{"(key|position|seal|closing)":/.test(line);

function evidenceVerdict(check: EvidenceCheck, ownKeys: boolean): Verdict {
  const { head, closing } = check;
  const { findings, batches, records, proven, newestSeal } = check.trail!;
  return {
    kind: 'evidence',
    proven: findings.count === 0,
    ownKeys,
    findings: findings.list,
    findingCount: findings.count,
    facts: {
      from: head?.from,
      to: head?.to,
      stream: head?.stream,
      after: head?.after,
      through: head?.through,
      batches,
      provenBatches: proven,
      records,
      recorders: closing?.chains.length,
    },
    ...(newestSeal ? { anchor: { number: newestSeal.number, hash: newestSeal.hash } } : {}),
  };
}

async function verifyReceipt(
  path: string,
  known: ReadonlyMap<string, EvidenceKey> | undefined,
  { request, answer, anchors = [] }: VerifyOptions,
): Promise<Verdict> {
  if (anchors.length > 0) throw new UsageError('a seal can be looked for in an evidence file only');
  const text = await readBounded(path);
  const bodies = {
    ...(request === undefined ? {} : { request: await read(request) }),
    ...(answer === undefined ? {} : { answer: await read(answer) }),
  };
  const { findings, id, records, ending, seal } = checkReceipt(text, known, bodies);
  const { client, system, operation, dossier } = records[0] ?? {};
  return {
    kind: 'receipt',
    proven: findings.length === 0,
    ownKeys: known === undefined,
    findings,
    findingCount: findings.length,
    facts: {
      id,
      client,
      system,
      operation,
      dossier,
      outcome: ending?.outcome,
      code: ending?.code,
      records: records.length,
    },
    ...(seal ? { anchor: { number: seal.number, hash: sealHash(seal) } } : {}),
  };
}

async function readKeys(path: string): Promise<Map<string, EvidenceKey>> {
  const text = (await read(path)).toString('utf8');
  try {
    return readKeySet(text);
  } catch (error) {
    throw new UsageError(`${path} is no key set: ${(error as Error).message}`, { cause: error });
  }
}

async function readBounded(path: string): Promise<string> {
  const bytes = await read(path);
  if (bytes.length > receiptBytesMax) throw new UsageError(`${path} is neither a receipt nor an evidence file`);
  return bytes.toString('utf8');
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new UsageError(`${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
