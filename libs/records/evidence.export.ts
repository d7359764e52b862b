import { evidenceLine, type EvidenceHead } from './evidence.lines';
import type {
  ClosingRequest,
  ClosingSeal,
  EvidenceKeysAnswer,
  EvidencePage,
  EvidenceRequest,
  SealsPage,
  SealsRequest,
} from './evidence.questions';
import { splitBatch } from './record.batch';
import { parseSeal, type SignedSeal } from './seal';

/** Who answers for the evidence: the ledger, over the bus. */
export interface EvidenceSource {
  evidence(request: EvidenceRequest): Promise<EvidencePage>;
  seals(request: SealsRequest): Promise<SealsPage>;
  closingSeal(request: ClosingRequest): Promise<ClosingSeal>;
  evidenceKeys(request: { kids: string[] }): Promise<EvidenceKeysAnswer>;
}

/** The lines of an evidence file of these days, in their order. */
export async function* exportEvidence(source: EvidenceSource, from: string, to: string): AsyncGenerator<string> {
  const days = { from, to };
  let page = await source.evidence(days);
  const { stream, after, through, seals: sealCount } = page;
  const head: EvidenceHead = { lgsp: 'evidence', v: 1, from, to, stream, after, through };
  yield JSON.stringify(head);
  const keys = new KeyLines(source);
  const seals = new SealQueue(source, after, sealCount);
  while (page.entries.length > 0) {
    yield* keys.before(page.entries.map(({ text }) => keyOfBatch(text)));
    for (const { position, text } of page.entries) {
      yield* sealLines(await seals.through(position - 1), keys);
      yield evidenceLine.entry(position, text);
    }
    const last = page.entries.at(-1)!.position;
    if (last >= through) break;
    page = await source.evidence({ ...days, after: last, through });
  }
  yield* sealLines(await seals.through(Infinity), keys);
  const closing = await source.closingSeal({ ...days, after, through, seals: sealCount });
  yield* keys.before([parseSeal(closing.seal).key]);
  yield evidenceLine.closing(closing.seal);
}

async function* sealLines(seals: readonly ReadSeal[], keys: KeyLines): AsyncGenerator<string> {
  yield* keys.before(seals.map(({ seal }) => seal.key));
  for (const { text } of seals) yield evidenceLine.seal(text);
}

/** Each key once, before its first use. */
class KeyLines {
  private readonly written = new Set<string>();

  constructor(private readonly source: EvidenceSource) {}

  async *before(kids: readonly (string | undefined)[]): AsyncGenerator<string> {
    const missing = [...new Set(kids)].filter((kid) => kid !== undefined).filter((kid) => !this.written.has(kid));
    for (let at = 0; at < missing.length; at += keysAtOnce) {
      const asked = missing.slice(at, at + keysAtOnce);
      for (const kid of asked) this.written.add(kid);
      for (const key of (await this.source.evidenceKeys({ kids: asked })).keys) yield evidenceLine.key(key);
    }
  }
}

const keysAtOnce = 100;

interface ReadSeal {
  seal: SignedSeal;
  text: string;
}

/** The chain of seals from where it reaches beyond the first position, page by page. */
class SealQueue {
  private waiting: ReadSeal[] = [];
  private last?: number;

  /** @param count number of the last seal that is wanted */
  constructor(
    private readonly source: EvidenceSource,
    private readonly beyond: number,
    private readonly count: number,
  ) {}

  /** The next ones that cover nothing beyond a position. */
  async through(position: number): Promise<ReadSeal[]> {
    const due: ReadSeal[] = [];
    for (;;) {
      if (this.waiting.length === 0) await this.fill();
      const next = this.waiting[0];
      if (!next || next.seal.through > position) return due;
      due.push(this.waiting.shift()!);
    }
  }

  private async fill(): Promise<void> {
    if ((this.last ?? 0) >= this.count) return;
    const { seals } = await this.source.seals(this.last === undefined ? { beyond: this.beyond } : { after: this.last });
    const read = seals.map((text) => ({ seal: parseSeal(text), text }));
    this.last = read.at(-1)?.seal.number ?? this.count;
    this.waiting = read.filter(({ seal }) => seal.number <= this.count);
  }
}

/** Undefined when it is no batch. */
function keyOfBatch(text: string): string | undefined {
  try {
    return splitBatch(text).head.key;
  } catch {
    return undefined;
  }
}
