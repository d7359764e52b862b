import type { Finding } from './finding';
import { firstPrevious, headHash, type SignedHead } from './record.batch';

/** Most gaps of one chain that are remembered, to tell a batch that comes late from one that is there twice. */
const gapsMax = 1_000;

interface Gap {
  from: number;
  to: number;
}

interface Chain {
  number: number;
  hash: string;
  /** Unproven batches since the newest proven one: they may be what is missing next. */
  unproven: number;
  gaps: Gap[];
}

/**
 * Follows the chains of all recorders through their batches as they stand in the stream: each recorder's are numbered
 * without a gap, and each names the hash of the one before.
 */
export class ChainCheck {
  private readonly chains = new Map<string, Chain>();

  /** @param fromStart whether the first batch of each recorder must be its number 1 */
  constructor(private readonly fromStart: boolean) {}

  /** The next batch whose head is proven. */
  add(head: SignedHead): Finding[] {
    const { recorder, number: batch, previous } = head;
    const chain = this.chains.get(recorder) ?? this.begin(recorder, this.fromStart ? undefined : head);
    if (batch <= chain.number)
      return [{ fault: closeGap(chain, batch) ? 'moved-batch' : 'repeated-batch', recorder, batch }];
    const gap: Gap = { from: chain.number + 1, to: batch - 1 };
    const findings: Finding[] = [];
    if (gap.to < gap.from) {
      if (previous !== chain.hash) findings.push({ fault: 'broken-chain', recorder, batch });
    } else if (gap.to - gap.from >= chain.unproven) {
      if (chain.gaps.length < gapsMax) chain.gaps.push(gap);
      else findings.push(missing(recorder, gap));
    }
    Object.assign(chain, { number: batch, hash: headHash(head), unproven: 0 });
    return findings;
  }

  /** A batch whose head names this recorder and is not proven. */
  addUnproven(recorder: string): void {
    const chain = this.chains.get(recorder) ?? (this.fromStart ? this.begin(recorder) : undefined);
    if (chain) chain.unproven++;
  }

  /** What is missing before the last batches, once all were there. */
  end(): Finding[] {
    return [...this.chains].flatMap(([recorder, { gaps }]) => gaps.map((gap) => missing(recorder, gap)));
  }

  /** @param first where the chain is taken up; from its start when there is none */
  private begin(recorder: string, first: Pick<SignedHead, 'number' | 'previous'> = start): Chain {
    const hash = first.number === 1 ? firstPrevious : first.previous;
    const chain: Chain = { number: first.number - 1, hash, unproven: 0, gaps: [] };
    this.chains.set(recorder, chain);
    return chain;
  }
}

const start = { number: 1, previous: firstPrevious };

const missing = (recorder: string, { from, to }: Gap): Finding => ({
  fault: 'missing-batch',
  recorder,
  batch: from,
  until: to,
});

/** Whether the batch is one that was missed: it comes late. */
function closeGap(chain: Chain, batch: number): boolean {
  const at = chain.gaps.findIndex(({ from, to }) => from <= batch && batch <= to);
  if (at < 0) return false;
  const { from, to } = chain.gaps[at]!;
  const rest = [
    { from, to: batch - 1 },
    { from: batch + 1, to },
  ];
  chain.gaps.splice(at, 1, ...rest.filter((gap) => gap.from <= gap.to));
  return true;
}
