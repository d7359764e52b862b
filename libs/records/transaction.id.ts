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

/** Most ids of one millisecond that can be told in their order. */
const sequenceMax = 0xfff;

/**
 * A UUID of version 7 (RFC 9562): 48 bits of Unix milliseconds, a 12-bit sequence that keeps the ids of this process in
 * order within a millisecond, and 62 random bits from the system's generator, drawn in bulk.
 */
export function newTransactionId(now = Date.now()): string {
  const at = draw(10);
  if (now > lastMs) {
    lastMs = now;
    sequence = pool.readUInt16BE(at) & 0x7ff; // The upper half is left to count in.
  } else if (++sequence > sequenceMax) {
    lastMs++;
    sequence = 0;
  }
  return write(lastMs, sequence, pool, at + 2);
}

const zeros = Buffer.alloc(8);

/**
 * The id of a given time, for records of the past and for bounds: without further parts the smallest that a transaction
 * of this millisecond can have. Leaves the order of `newTransactionId` alone.
 * @param time epoch milliseconds
 * @param nth 0 to 4,095: the order within the millisecond
 * @param tail 8 bytes, of which 62 bits are taken
 */
export function transactionIdAt(time: number, nth = 0, tail: Uint8Array = zeros): string {
  if (!(nth >= 0 && nth <= sequenceMax)) throw new RangeError(`nth is ${nth}, and not 0 to ${sequenceMax}`);
  return write(time, nth, tail, 0);
}

/** When the transaction of this id was admitted, in epoch milliseconds. */
export function transactionTime(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

function write(time: number, nth: number, tail: Uint8Array, at: number): string {
  const high = Math.floor(time / 0x1_0000_0000);
  const low = time >>> 0;
  return (
    `${hex[high >>> 8]}${hex[high & 255]}${hex[low >>> 24]}${hex[(low >>> 16) & 255]}-` +
    `${hex[(low >>> 8) & 255]}${hex[low & 255]}-7${hex[nth >>> 8]![1]}${hex[nth & 255]}-` +
    `${hex[(tail[at]! & 0x3f) | 0x80]}${hex[tail[at + 1]!]}-` +
    `${hex[tail[at + 2]!]}${hex[tail[at + 3]!]}${hex[tail[at + 4]!]}${hex[tail[at + 5]!]}${hex[tail[at + 6]!]}${hex[tail[at + 7]!]}`
  );
}
