import { keyFault, type EvidenceKey } from './evidence.key';
import type { Finding } from './finding';
import { firstPrevious } from './record.batch';
import { isSealSigned, sealerName, sealHash, type SealedChain, type SealWindow, type SignedSeal } from './seal';

/** Whether a seal is signed by a ledger process; undefined when it is. */
export function sealFault(seal: SignedSeal, keys: ReadonlyMap<string, EvidenceKey>): Finding | undefined {
  const { number, recorder } = seal;
  const fault = sealerName.test(recorder) ? keyFault(seal, keys) : 'foreign-key';
  if (fault) return { fault, recorder, seal: number, detail: seal.key };
  return isSealSigned(seal, keys.get(seal.key)!.publicKey)
    ? undefined
    : { fault: 'wrong-seal-signature', seal: number };
}

/** Where a chain of seals stands. */
export interface SealsEnd {
  number: number;
  hash: string;
  through: number;
  stream: string;
}

/** Whether a seal follows the one before it: by its number, its hash and the positions. The first that is seen may begin anywhere. */
export function followFault(seal: SignedSeal, before: SealsEnd | undefined): Finding | undefined {
  const { number, previous, after, through, stream } = seal;
  const broken = (detail: string): Finding => ({ fault: 'broken-seals', seal: number, detail });
  if (number < 1 || through < after) return broken('it is none of a chain');
  if (number === 1 && (previous !== firstPrevious || after !== 0))
    return broken('it is the first, and names one before');
  if (!before) return undefined;
  if (number !== before.number + 1) return broken(`the one before is ${before.number}`);
  if (previous !== before.hash) return broken('it names another one before');
  if (stream !== before.stream) return broken('it is of another stream');
  return after === before.through ? undefined : broken(`the one before goes through position ${before.through}`);
}

export function sealsEnd(seal: SignedSeal): SealsEnd {
  const { number, through, stream } = seal;
  return { number, hash: sealHash(seal), through, stream };
}

/** How what was found in the stream differs from what the seal says of it; nothing when it does not. */
export function sealFindings(seal: SignedSeal, found: SealWindow): Finding[] {
  const sealed = new Set(seal.chains.map(({ recorder }) => recorder));
  const findings = seal.chains.flatMap((chain) => chainFindings(chain, found.chain(chain.recorder), seal.number));
  for (const { recorder } of found.toSeal(seal).chains)
    if (!sealed.has(recorder)) findings.push({ fault: 'added-recorder', recorder, seal: seal.number });
  if (findings.length > 0) return findings;
  const totals = (['after', 'through', 'batches', 'strange', 'records'] as const).filter(
    (name) => seal[name] !== found[name],
  );
  return totals.map((name) => {
    return { fault: 'unlike-seal', seal: seal.number, detail: `${name} ${found[name]}, sealed ${seal[name]}` };
  });
}

function chainFindings(sealed: SealedChain, found: SealedChain | undefined, seal: number): Finding[] {
  const { recorder, first, last } = sealed;
  if (!found) {
    const fault = first === 1 ? 'missing-recorder' : 'missing-batch';
    return [{ fault, recorder, batch: first, until: last, seal }];
  }
  const findings: Finding[] = [];
  const say = (fault: Finding['fault'], batch?: number, until?: number): void =>
    void findings.push({ fault, recorder, ...(batch === undefined ? {} : { batch, until }), seal });
  if (found.x !== sealed.x || found.key !== sealed.key) say('changed-key');
  if (found.first > first) say('missing-batch', first, found.first - 1);
  if (found.first < first) say('added-batch', found.first, first - 1);
  if (found.last < last) say('missing-batch', found.last + 1, last);
  if (found.last > last) say('added-batch', last + 1, found.last);
  if (findings.length > 0) return findings;
  if (found.hash !== sealed.hash || found.before !== sealed.before) say('unlike-seal', last, last);
  else if (found.records !== sealed.records) say('unlike-seal');
  return findings;
}
