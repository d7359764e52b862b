import { leafHash, merkleRoot } from './merkle';
import type { Finding } from './finding';
import type { SignedHead } from './record.batch';

const hashBytes = 32;
/** Most transactions that are named as perhaps changed. */
const suspectsMax = 20;

/** The id in a record's text form, also when the rest of it is damaged. */
function idInText(text: string): string | undefined {
  return /^\{"id":"([0-9a-f-]{36})"/.exec(text)?.[1];
}

/** What of a batch's records is not what its head was signed over; nothing when all of it is. */
export function recordFindings(head: SignedHead, texts: readonly string[]): Finding[] {
  const actual = texts.map(leafHash);
  const isWhole = head.count === texts.length && merkleRoot(actual).toString('hex') === head.root;
  const given = head.leaves === undefined ? undefined : Buffer.from(head.leaves, 'base64url');
  if (isWhole) return isLeaves(head, given, actual) ? [] : [{ fault: 'changed-leaves' }];
  const signed = signedLeaves(head, given);
  return signed ? compare(signed, actual, texts) : [{ fault: 'changed-batch', detail: suspects(head, texts) }];
}

function isLeaves({ leaves, count }: SignedHead, given: Buffer | undefined, actual: readonly Buffer[]): boolean {
  if (!given) return count <= 1;
  return given.toString('base64url') === leaves && count > 1 && given.equals(Buffer.concat(actual));
}

/** The hashes of the records that were signed, when they are known: the root itself authenticates them. */
function signedLeaves({ count, root }: SignedHead, given: Buffer | undefined): Buffer[] | undefined {
  if (count === 1) return [Buffer.from(root, 'hex')];
  if (!given || given.length !== count * hashBytes) return undefined;
  const leaves = Array.from({ length: count }, (_, nth) => given.subarray(nth * hashBytes, (nth + 1) * hashBytes));
  return merkleRoot(leaves).toString('hex') === root ? leaves : undefined;
}

/** Lays the records that are there beside those that were signed. */
function compare(signed: readonly Buffer[], actual: readonly Buffer[], texts: readonly string[]): Finding[] {
  const places = new Map(signed.map((leaf, place) => [leaf.toString('hex'), place]));
  const missing = new Set(signed.keys());
  const known: { index: number; place: number }[] = [];
  const unknown: { index: number; after: number }[] = [];
  let before = -1;
  for (const [index, leaf] of actual.entries()) {
    const place = places.get(leaf.toString('hex'));
    if (place !== undefined && missing.delete(place)) {
      known.push({ index, place });
      before = place;
    } else unknown.push({ index, after: before++ });
  }
  const inOrder = known.map(({ place }) => place).toSorted((a, b) => a - b);
  const moved = known.filter(({ place }, nth) => place !== inOrder[nth]);
  return [
    // What stands where a record is missing is what became of it; what stands elsewhere was added.
    ...unknown.map(({ index, after }): Finding => {
      const fault = missing.delete(after + 1) ? 'changed-record' : 'added-record';
      return { fault, index, id: idInText(texts[index]!) };
    }),
    ...moved.map(({ index, place }): Finding => {
      return { fault: 'moved-record', index, id: idInText(texts[index]!), detail: `signed as record ${place}` };
    }),
    ...[...missing].map((index): Finding => ({ fault: 'missing-record', index })),
  ];
}

function suspects({ count }: SignedHead, texts: readonly string[]): string {
  const ids = [...new Set(texts.map((text) => idInText(text) ?? 'one without an id'))];
  const more = ids.length > suspectsMax ? ` and ${ids.length - suspectsMax} more` : '';
  return `${count} records signed, ${texts.length} there, of ${ids.slice(0, suspectsMax).join(', ')}${more}`;
}
