import { randomFillSync } from 'node:crypto';

const poolBytes = 65_536;
const pool = Buffer.allocUnsafe(poolBytes);
let used = poolBytes;
let lastMs = 0;
let sequence = 0;

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Where in the pool so many unused random bytes begin: drawn from the system's generator in bulk, since each draw is dear. */
function draw(bytes: number): number {
  if (used + bytes > poolBytes) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return used - bytes;
}

/** So many random bytes as hexadecimal digits, never all of them 0. */
export function randomDigits(bytes: number): string {
  const at = draw(bytes);
  let digits = '';
  let any = 0;
  for (let byte = at; byte < at + bytes; byte++) {
    digits += hex[pool[byte]!];
    any |= pool[byte]!;
  }
  return any === 0 ? randomDigits(bytes) : digits;
}

/**
 * A UUID of version 7 (RFC 9562): 48 bits of Unix milliseconds, a 12-bit sequence that keeps the ids of this process in
 * order within a millisecond, and 62 random bits from the system's generator, drawn in bulk.
 */
export function newTransactionId(now = Date.now()): string {
  const at = draw(10);
  if (now > lastMs) {
    lastMs = now;
    sequence = pool.readUInt16BE(at) & 0x7ff; // The upper half is left to count in.
  } else if (++sequence > 0xfff) {
    lastMs++;
    sequence = 0;
  }
  const high = Math.floor(lastMs / 0x1_0000_0000);
  const low = lastMs >>> 0;
  return (
    `${hex[high >>> 8]}${hex[high & 255]}${hex[low >>> 24]}${hex[(low >>> 16) & 255]}-` +
    `${hex[(low >>> 8) & 255]}${hex[low & 255]}-7${hex[sequence >>> 8]![1]}${hex[sequence & 255]}-` +
    `${hex[(pool[at + 2]! & 0x3f) | 0x80]}${hex[pool[at + 3]!]}-` +
    `${hex[pool[at + 4]!]}${hex[pool[at + 5]!]}${hex[pool[at + 6]!]}${hex[pool[at + 7]!]}${hex[pool[at + 8]!]}${hex[pool[at + 9]!]}`
  );
}
