import {
  accountDigest,
  accountOf,
  parseRecord,
  readEvidenceJwk,
  splitBatch,
  TrailCheck,
  type CheckedEntry,
  type EvidenceKey,
  type EvidenceSource,
  type Findings,
  type TrailEntry,
} from '#lgsp/records';
import type { RecordBuckets } from './record.buckets';

/** Entries whose signatures are verified side by side. */
const abreast = 64;
const keysAtOnce = 100;

export interface Scanned {
  /** The stream was read up to this position, and is this one. */
  through: number;
  stream: string;
  batches: number;
  records: number;
  findings: Findings;
}

/**
 * Reads the whole log of record, proves every batch, and sorts the records by day. All of it, whatever the period: a record of
 * a day may stand anywhere behind it, and one that somebody took out of the book does not say where it was.
 */
export async function scanStream(
  source: EvidenceSource,
  buckets: RecordBuckets,
  onProgress: (done: number, total: number) => void,
): Promise<Scanned> {
  const keys = new Map<string, EvidenceKey>();
  const asked = new Set<string>();
  let page = await source.evidence({});
  const { stream, after, through } = page;
  const trail = new TrailCheck({ after, through, stream }, keys);
  while (page.entries.length > 0) {
    await fetchKeys(source, page.entries, keys, asked);
    for (let at = 0; at < page.entries.length; at += abreast) {
      for (const entry of await trail.add(page.entries.slice(at, at + abreast))) await sort(entry, buckets, trail);
      onProgress(page.entries[Math.min(at + abreast, page.entries.length) - 1]!.position, through);
    }
    const last = page.entries.at(-1)!.position;
    if (last >= through) break;
    page = await source.evidence({ after: last, through });
  }
  trail.end();
  const { batches, records, findings } = trail;
  return { through, stream, batches, records, findings };
}

async function sort(entry: CheckedEntry, buckets: RecordBuckets, { findings }: TrailCheck): Promise<void> {
  const { position, recorder, texts, proven, repeated } = entry;
  for (const [index, text] of texts.entries()) {
    let record;
    try {
      record = parseRecord(text);
    } catch (error) {
      // What is not proven was found already; a proven record that is none was written so.
      if (proven)
        findings.add({ fault: 'bad-record', position, index, detail: (error as Error).message.slice(0, 100) });
      continue;
    }
    const account = accountOf(record, recorder ?? '');
    const { id, final } = account;
    await buckets.add({ id, digest: accountDigest(account), position, final, counts: proven && !repeated });
  }
}

async function fetchKeys(
  source: EvidenceSource,
  entries: readonly TrailEntry[],
  keys: Map<string, EvidenceKey>,
  asked: Set<string>,
): Promise<void> {
  const kids = [...new Set(entries.map(({ text }) => keyIdOf(text)))].filter((kid) => kid !== undefined);
  const missing = kids.filter((kid) => !asked.has(kid));
  for (let at = 0; at < missing.length; at += keysAtOnce) {
    const some = missing.slice(at, at + keysAtOnce);
    for (const kid of some) asked.add(kid);
    for (const jwk of (await source.evidenceKeys({ kids: some })).keys) keys.set(jwk.kid, readEvidenceJwk({ ...jwk }));
  }
}

/** Undefined when it is no batch. */
function keyIdOf(text: string): string | undefined {
  try {
    const { key } = splitBatch(text).head;
    return typeof key === 'string' ? key.slice(0, 100) : undefined;
  } catch {
    return undefined;
  }
}
