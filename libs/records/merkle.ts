import { hash } from 'node:crypto';

/** The tree of RFC 9162 (certificate transparency), section 2.1: SHA-256, leaves and nodes told apart by their first byte. */

const leafMark = '\0';
const nodeMark = 1;
const hashBytes = 32;
/** A node as it is hashed, used again for each: a third of the work would be making it. */
const node = Buffer.alloc(1 + 2 * hashBytes, nodeMark);

export function leafHash(text: string): Buffer {
  return hash('sha256', leafMark + text, 'buffer');
}

function nodeHash(left: Buffer, right: Buffer): Buffer {
  node.set(left, 1);
  node.set(right, 1 + hashBytes);
  return hash('sha256', node, 'buffer');
}

/** The largest power of two below the size. */
function splitOf(size: number): number {
  return 2 ** Math.ceil(Math.log2(size) - 1);
}

/** The root over the leaves in their order; the hash of nothing when there is none. */
export function merkleRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return hash('sha256', Buffer.alloc(0), 'buffer');
  if (leaves.length === 1) return leaves[0]!;
  const split = splitOf(leaves.length);
  return nodeHash(merkleRoot(leaves.slice(0, split)), merkleRoot(leaves.slice(split)));
}

/** The hashes that lead from the leaf at this index to the root, from the leaf upwards. */
export function inclusionProof(leaves: readonly Buffer[], index: number): Buffer[] {
  if (leaves.length <= 1) return [];
  const split = splitOf(leaves.length);
  return index < split
    ? [...inclusionProof(leaves.slice(0, split), index), merkleRoot(leaves.slice(split))]
    : [...inclusionProof(leaves.slice(split), index - split), merkleRoot(leaves.slice(0, split))];
}

/** The root to which a leaf and its proof lead; undefined when the proof has not the form that the tree asks for. */
export function rootByProof(leaf: Buffer, index: number, size: number, proof: readonly Buffer[]): Buffer | undefined {
  if (size === 1) return index === 0 && proof.length === 0 ? leaf : undefined;
  if (index >= size || proof.length === 0) return undefined;
  const split = splitOf(size);
  const top = proof[proof.length - 1]!;
  if (top.length !== hashBytes) return undefined;
  const below = proof.slice(0, -1);
  const inner =
    index < split ? rootByProof(leaf, index, split, below) : rootByProof(leaf, index - split, size - split, below);
  if (!inner) return undefined;
  return index < split ? nodeHash(inner, top) : nodeHash(top, inner);
}
