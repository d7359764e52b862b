import { createHash } from 'node:crypto';
import { BusError } from '#lgsp/errors';
import type { Call } from '../call';

/** Letters and digits that cannot be taken for one another, for numbers that are read out at a counter. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const suffixLength = 10;

/**
 * A name for what a command makes at an outside system that takes our names: the dossier code (of a dossier that has none yet:
 * its reference, in the same header), and ten characters made of client, dossier and idempotency key. So a dossier
 * may have several such things, the same command names the same one, and what became of it is asked by this name.
 * @throws BusError `missing-context` without a dossier, `idempotency-key-required` without a key
 */
export function commandReference({
  client,
  dossier,
  idempotencyKey,
}: Pick<Call, 'client' | 'dossier' | 'idempotencyKey'>): string {
  if (!dossier) throw new BusError('missing-context');
  if (!idempotencyKey) throw new BusError('idempotency-key-required');
  const hash = createHash('sha256')
    .update(JSON.stringify([client ?? '', dossier, idempotencyKey]))
    .digest();
  const suffix = [...hash.subarray(0, suffixLength)].map((byte) => alphabet[byte % alphabet.length]).join('');
  return `${dossier}-${suffix}`;
}
