import { readEvidenceJwk, type EvidenceJwk, type EvidenceKey } from './evidence.key';
import type { Finding } from './finding';
import type { SignedSeal } from './seal';
import { TrailCheck, type Anchor, type TrailEntry } from './trail.check';

/**
 * An evidence file is lines of JSON: this head; then what stood in the stream, entry by entry in its order, each key before
 * its first use and each seal after the entries that it covers; then the seals since, and the seal that closes the file.
 */
export interface EvidenceHead {
  lgsp: 'evidence';
  v: 1;
  /** Days of Vietnam, both in it. */
  from: string;
  to: string;
  /** When the stream was made: which stream it is. */
  stream: string;
  /** The entries are those after this position, up to and with the other. */
  after: number;
  through: number;
}

export const evidenceLine = {
  key: (key: EvidenceJwk): string => JSON.stringify({ key }),
  /** @param text what stands at the position of the stream */
  entry: (position: number, text: string): string => JSON.stringify({ position, batch: text }),
  /** @param text of a signed seal of the chain */
  seal: (text: string): string => JSON.stringify({ seal: text }),
  closing: (text: string): string => JSON.stringify({ closing: text }),
};

/** Entries whose signatures are verified side by side, and most characters of them. */
const abreast = 64;
const abreastLengthMax = 8_388_608;

type Line = Partial<Record<'key' | 'position' | 'batch' | 'seal' | 'closing', unknown>>;

/** Checks an evidence file line by line, offline; holds one state per recorder, and nothing of the lines. */
export class EvidenceCheck {
  head?: EvidenceHead;
  closing?: SignedSeal;
  trail?: TrailCheck;
  /** Position that was reached. */
  position = 0;
  private readonly keys: Map<string, EvidenceKey>;
  private waiting: TrailEntry[] = [];
  private waitingLength = 0;
  private lines = 0;
  private isClosed = false;

  /** @param known public keys from elsewhere; those in the file are believed when there are none */
  constructor(
    private readonly known: ReadonlyMap<string, EvidenceKey> | undefined,
    private readonly anchors: readonly Anchor[] = [],
  ) {
    this.keys = new Map(known);
  }

  async line(text: string): Promise<void> {
    this.lines++;
    let line: Line;
    try {
      line = JSON.parse(text) as Line;
      if (JSON.stringify(line) !== text) throw new Error('it is written otherwise');
    } catch (error) {
      return this.refuse((error as Error).message.slice(0, 60));
    }
    if (this.isClosed) return this.refuse('it stands after the end');
    if (this.lines === 1 && isHead(line)) {
      this.head = line;
      this.position = line.after;
      this.trail = new TrailCheck(line, this.keys, this.anchors);
    } else if (line.position !== undefined) await this.entry(line);
    else await this.between(line);
  }

  /** What is wrong with the file itself. */
  say(finding: Finding): void {
    this.started().findings.add(finding);
  }

  /** All lines were there. */
  async end(): Promise<void> {
    await this.flush();
    const trail = this.started();
    if (!this.head) this.say({ fault: 'bad-line', detail: 'line 1 is not the head of an evidence file' });
    if (!this.isClosed) this.say({ fault: 'missing-seal', detail: 'the file has no end' });
    trail.end();
  }

  private async entry({ position, batch, ...rest }: Line): Promise<void> {
    const isEntry = Number.isSafeInteger(position) && typeof batch === 'string' && Object.keys(rest).length === 0;
    if (!isEntry) return this.refuse('it is no entry');
    this.waiting.push({ position: position as number, text: batch });
    this.waitingLength += batch.length;
    if (this.waiting.length >= abreast || this.waitingLength >= abreastLengthMax) await this.flush();
  }

  private async between(line: Line): Promise<void> {
    const [[kind, value] = []] = Object.entries(line);
    if (Object.keys(line).length !== 1) return this.refuse('it is of no kind that an evidence file has');
    if (kind === 'key' && typeof value === 'object' && value !== null)
      return this.key(value as Record<string, unknown>);
    if (typeof value !== 'string') return this.refuse('it is of no kind that an evidence file has');
    await this.flush();
    if (kind === 'seal') this.started().addSeal(value);
    else if (kind === 'closing') this.close(value);
    else this.refuse('it is of no kind that an evidence file has');
  }

  private key(jwk: Record<string, unknown>): void {
    let key: EvidenceKey;
    try {
      key = readEvidenceJwk(jwk);
    } catch (error) {
      return this.refuse((error as Error).message);
    }
    const { kid, recorder } = key;
    const before = this.keys.get(kid);
    if (before && (before.x !== key.x || before.recorder !== recorder))
      this.say({ fault: 'changed-key', recorder, detail: kid });
    else if (!before && this.known) this.say({ fault: 'unknown-key', recorder, detail: kid });
    if (!this.known) this.keys.set(kid, before ?? key);
  }

  private close(text: string): void {
    this.isClosed = true;
    this.closing = this.started().addClosing(text);
    const { from, to } = this.head ?? {};
    if (this.closing && this.head && this.closing.period !== `${from}/${to}`)
      this.say({ fault: 'unlike-seal', seal: 0, detail: `it closes ${this.closing.period}, not ${from}/${to}` });
    const { after, through } = this.closing ?? {};
    if (this.closing && this.head && (after !== this.head.after || through !== this.head.through)) {
      const detail = `it closes positions ${after} to ${through}, not ${this.head.after} to ${this.head.through}`;
      this.say({ fault: 'unlike-seal', seal: 0, detail });
    }
  }

  private refuse(detail: string): void {
    this.say({ fault: 'bad-line', detail: `line ${this.lines}: ${detail}` });
  }

  private async flush(): Promise<void> {
    const entries = this.waiting;
    if (entries.length === 0) return;
    this.waiting = [];
    this.waitingLength = 0;
    this.position = entries.at(-1)!.position;
    await this.started(entries[0]).add(entries);
  }

  /** Without a readable head, the trail is taken up where it begins. */
  private started(first?: TrailEntry): TrailCheck {
    const after = (first?.position ?? 1) - 1;
    return (this.trail ??= new TrailCheck({ after, through: after }, this.keys, this.anchors));
  }
}

function isHead(line: object): line is EvidenceHead {
  const { lgsp, v, from, to, stream, after, through, ...rest } = line as Partial<EvidenceHead>;
  const isRange = Number.isSafeInteger(after) && Number.isSafeInteger(through) && 0 <= after! && after! <= through!;
  const areTexts = [from, to, stream].every((text) => typeof text === 'string');
  return lgsp === 'evidence' && v === 1 && isRange && areTexts && Object.keys(rest).length === 0;
}
