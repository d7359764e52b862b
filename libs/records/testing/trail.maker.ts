import { createPrivateKey, createPublicKey, hash, randomBytes } from 'node:crypto';
import {
  evidenceJwk,
  evidenceLine,
  firstPrevious,
  readEvidenceJwk,
  sealBatch,
  sealHash,
  SealWindow,
  signSeal,
  splitBatch,
  type ChainEnd,
  type EvidenceHead,
  type EvidenceJwk,
  type EvidenceKey,
  type RecorderKey,
  type Seal,
  type TransactionRecord,
} from '..';

const stream = '2026-11-24T00:00:00.000Z';
const period = { from: '2026-11-24', to: '2026-11-24' };
const sealedAt = Date.parse('2026-11-24T11:00:05+07:00');

/** A recorder with a key of its own. */
export interface MadeRecorder {
  name: string;
  key: RecorderKey;
  jwk: EvidenceJwk;
  end: ChainEnd;
}

/** @param seed of which the same recorder is always made: for examples that are written down */
function makeRecorder(process = 'gateway', seed?: string): MadeRecorder {
  const secret = seed === undefined ? randomBytes(32) : hash('sha256', seed, 'buffer');
  const name = `${process}-${hash('sha256', secret).slice(0, 8)}`;
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8, secret]), format: 'der', type: 'pkcs8' });
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  const published = { kid: name, recorder: name, from: 0, jwk: { kty: 'OKP', crv: 'Ed25519', x: x! } } as const;
  return { name, key: { kid: name, privateKey }, jwk: evidenceJwk(published), end: { number: 0, hash: firstPrevious } };
}

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410). */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A stream as recorders write it and a ledger seals it, in memory: for tests that then change something in it. */
export class TrailMaker {
  /** What stands at the positions 1, 2, …: a test may change it. */
  readonly entries: string[] = [];
  readonly seals: string[] = [];
  readonly ledger: MadeRecorder;
  readonly recorders: MadeRecorder[] = [];
  private sealed: { number: number; hash: string; through: number } = { number: 0, hash: firstPrevious, through: 0 };

  /** @param seed of which the same trail is always made, at the same time */
  constructor(private readonly seed?: string) {
    this.ledger = makeRecorder('ledger', seed);
  }

  get jwks(): EvidenceJwk[] {
    return [this.ledger, ...this.recorders].map(({ jwk }) => jwk);
  }

  get keys(): Map<string, EvidenceKey> {
    return new Map(this.jwks.map((jwk) => [jwk.kid, readEvidenceJwk({ ...jwk })]));
  }

  recorder(process?: string): MadeRecorder {
    const made = makeRecorder(process, this.seed === undefined ? undefined : `${this.seed} ${this.recorders.length}`);
    this.recorders.push(made);
    return made;
  }

  /** The recorder's next batch, at the next position. @returns its text */
  append(recorder: MadeRecorder, ...records: TransactionRecord[]): string {
    const { text, end } = sealBatch(
      records,
      recorder.name,
      recorder.end,
      recorder.key,
      this.seed === undefined ? undefined : sealedAt,
    );
    recorder.end = end;
    this.entries.push(text);
    return text;
  }

  /** Seals what came since the last seal. */
  seal(): string {
    const { number, hash, through } = this.sealed;
    const { seal, text } = this.signed(through, { number: number + 1, previous: hash, period: '2026-11-24T10+07:00' });
    this.sealed = { number: seal.number, hash: sealHash(seal), through: seal.through };
    this.seals.push(text);
    return text;
  }

  closing(after = 0): string {
    return this.signed(after, { number: 0, previous: this.sealed.hash, period: `${period.from}/${period.to}` }).text;
  }

  /** An evidence file of all of it, line by line: sealed as the entries are now. */
  lines(change: Partial<EvidenceHead> = {}): string[] {
    const through = this.entries.length;
    const head: EvidenceHead = { lgsp: 'evidence', v: 1, ...period, stream, after: 0, through, ...change };
    const lines = [JSON.stringify(head), ...this.jwks.map(evidenceLine.key)];
    const seals = this.seals.map((text) => ({ text, through: (JSON.parse(text) as Seal).through }));
    for (const [index, text] of this.entries.entries()) {
      if (index >= head.after) lines.push(evidenceLine.entry(index + 1, text));
      for (const seal of seals) if (seal.through === index + 1) lines.push(evidenceLine.seal(seal.text));
    }
    return [...lines, evidenceLine.closing(this.closing(head.after))];
  }

  private signed(after: number, about: Pick<Seal, 'number' | 'previous' | 'period'>) {
    const window = new SealWindow(after);
    for (const [index, text] of this.entries.entries()) {
      if (index < after) continue;
      const { head } = splitBatch(text);
      window.add(index + 1, head, this.keys.get(head.key)?.x ?? '');
    }
    const { name, key } = this.ledger;
    return signSeal(window.toSeal({ ...about, stream, at: sealedAt, recorder: name, key: key.kid }), key);
  }
}
