import { verify, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { recordFindings } from './batch.check';
import { ChainCheck } from './chain.check';
import { keyFault, type EvidenceKey } from './evidence.key';
import { Findings, type Finding } from './finding';
import { firstPrevious, headText, splitBatch, type SignedHead } from './record.batch';
import { parseSeal, SealWindow, type SignedSeal } from './seal';
import { followFault, sealFault, sealFindings, sealsEnd, type SealsEnd } from './seal.check';

/** What stands at a position of the stream. */
export interface TrailEntry {
  position: number;
  text: string;
}

/** An entry that was looked at. */
export interface CheckedEntry {
  position: number;
  /** The records' text forms; none when it is no batch. */
  texts: string[];
  /** Whether exactly these records were signed by the recorder that they are said to be from. */
  proven: boolean;
  /** Whom the batch says that it is from; absent when it is none. */
  recorder?: string;
  /** Whether there was a batch of this recorder and number before. */
  repeated: boolean;
}

/** A seal that is known from elsewhere: from a receipt, an earlier file, a printed report. */
export interface Anchor {
  number: number;
  hash: string;
}

export interface Trail {
  /** The entries are those after this position, up to and with the other. */
  after: number;
  through: number;
  /** Which stream it is; unknown when left out. */
  stream?: string;
}

interface Read extends TrailEntry {
  head?: SignedHead;
  texts: string[];
  fault?: Finding['fault'];
  detail?: string;
}

const verifyAside = promisify<null, Buffer, KeyObject, Buffer, boolean>(verify);

/**
 * Checks what stood in the stream between two positions, entry by entry in its order, with the seals where they belong: each
 * after the entries that it covers. Holds one state per recorder and nothing of the entries.
 */
export class TrailCheck {
  readonly findings = new Findings();
  batches = 0;
  records = 0;
  /** Batches whose head and records are proven. */
  proven = 0;
  /** The newest seal of the chain that was seen. */
  newestSeal?: SealsEnd;
  private position: number;
  private readonly whole: SealWindow;
  private sinceSeal: SealWindow;
  private readonly chains: ChainCheck;
  private readonly anchors: Map<string, Anchor>;

  /** @param keys may grow while entries come: each must be there before its first batch */
  constructor(
    private readonly trail: Trail,
    private readonly keys: ReadonlyMap<string, EvidenceKey>,
    anchors: readonly Anchor[] = [],
  ) {
    this.position = trail.after;
    this.whole = new SealWindow(trail.after);
    this.sinceSeal = new SealWindow(trail.after);
    this.chains = new ChainCheck(trail.after === 0);
    this.anchors = new Map(anchors.map((anchor) => [`${anchor.number} ${anchor.hash}`, anchor]));
  }

  /** The next entries. Their signatures are verified side by side; a few dozen at once keep all processors busy. */
  async add(entries: readonly TrailEntry[]): Promise<CheckedEntry[]> {
    const read = await Promise.all(entries.map((entry) => this.read(entry)));
    return read.map((entry) => this.take(entry));
  }

  /** The next seal of the chain of seals. Those before the first entry and after the last one only lead to an anchor. */
  addSeal(text: string): void {
    const seal = this.believedSeal(text);
    if (!seal) return;
    const fault = followFault(seal, this.newestSeal);
    if (fault) this.findings.add(fault);
    if (this.trail.stream !== undefined && seal.stream !== this.trail.stream)
      this.findings.add({ fault: 'unlike-seal', seal: seal.number, detail: 'it is of another stream' });
    if (!this.newestSeal && seal.after > this.trail.after)
      this.findings.add({ fault: 'missing-seal', position: this.trail.after + 1, until: seal.after });
    this.newestSeal = sealsEnd(seal);
    this.anchors.delete(`${seal.number} ${this.newestSeal.hash}`);
    const { after, through } = this.trail;
    if (seal.through <= after || seal.after >= through) return;
    // A file begins and ends where a seal does, so that nothing that was sealed can be left out at its ends.
    if (seal.after < after || seal.through > through)
      this.findings.add({ fault: 'unlike-seal', seal: seal.number, detail: 'it covers more than is there' });
    else this.findings.add(...sealFindings(seal, this.sinceSeal));
    this.sinceSeal = new SealWindow(seal.through);
  }

  /** The seal that closes a file: over all of its entries, and naming the newest seal of the chain. */
  addClosing(text: string): SignedSeal | undefined {
    const seal = this.believedSeal(text);
    if (!seal) return undefined;
    if (seal.number !== 0) this.findings.add({ fault: 'unlike-seal', seal: seal.number, detail: 'it closes no file' });
    if (seal.stream !== this.trail.stream)
      this.findings.add({ fault: 'unlike-seal', seal: 0, detail: 'it is of another stream' });
    if (seal.previous !== (this.newestSeal?.hash ?? firstPrevious))
      this.findings.add({ fault: 'missing-seal', seal: 0, detail: 'the newest seal that it names is not there' });
    this.findings.add(...sealFindings(seal, this.whole));
    return seal;
  }

  /** All was there. */
  end(): void {
    if (this.position < this.trail.through)
      this.findings.add({ fault: 'missing-position', position: this.position + 1, until: this.trail.through });
    this.findings.add(...this.chains.end());
    for (const { number: seal } of this.anchors.values()) this.findings.add({ fault: 'unknown-anchor', seal });
  }

  private believedSeal(text: string): SignedSeal | undefined {
    let seal: SignedSeal;
    try {
      seal = parseSeal(text);
    } catch (error) {
      this.findings.add({ fault: 'changed-seal', detail: (error as Error).message });
      return undefined;
    }
    const fault = sealFault(seal, this.keys);
    if (fault) this.findings.add(fault);
    return seal;
  }

  private async read(entry: TrailEntry): Promise<Read> {
    let batch;
    try {
      batch = splitBatch(entry.text);
    } catch {
      return { ...entry, texts: [], fault: 'not-a-batch' };
    }
    const { head, texts } = batch;
    const fault = keyFault(head, this.keys);
    if (fault) return { ...entry, head, texts, fault, detail: head.key };
    const { publicKey } = this.keys.get(head.key)!;
    const signature = Buffer.from(head.signature, 'base64url');
    const isSigned =
      signature.toString('base64url') === head.signature &&
      (await verifyAside(null, Buffer.from(headText(head)), publicKey, signature));
    return { ...entry, head, texts, ...(isSigned ? {} : { fault: 'wrong-signature' }) };
  }

  private take({ position, head, texts, fault, detail }: Read): CheckedEntry {
    this.follow(position);
    if (!head) {
      this.findings.add({ fault: 'not-a-batch', position });
      for (const window of [this.whole, this.sinceSeal]) window.addStrange(position);
      return { position, texts, proven: false, repeated: false };
    }
    const { recorder, number: batch } = head;
    this.batches++;
    this.records += texts.length;
    const x = this.keys.get(head.key)?.x ?? '';
    for (const window of [this.whole, this.sinceSeal]) window.add(position, head, x);
    if (fault) {
      this.findings.add({ fault, position, recorder, batch, ...(detail === undefined ? {} : { detail }) });
      this.chains.addUnproven(recorder);
      return { position, texts, recorder, proven: false, repeated: false };
    }
    const inBatch = recordFindings(head, texts).map((finding) => ({ ...finding, recorder, batch }));
    const inChain = this.chains.add(head);
    this.findings.add(...[...inBatch, ...inChain].map((finding) => ({ ...finding, position })));
    const proven = inBatch.every(({ fault }) => fault === 'changed-leaves');
    if (proven) this.proven++;
    return { position, texts, recorder, proven, repeated: inChain.some(({ fault }) => fault === 'repeated-batch') };
  }

  private follow(position: number): void {
    const next = this.position + 1;
    if (position > next) this.findings.add({ fault: 'missing-position', position: next, until: position - 1 });
    else if (position < next) this.findings.add({ fault: 'moved-position', position });
    this.position = Math.max(this.position, position);
  }
}
