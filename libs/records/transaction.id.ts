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

/** 16 random bytes, for a record's salt. */
export function randomSalt(): Buffer {
  const at = draw(16);
  return Buffer.from(pool.subarray(at, at + 16));
}

const onlyZeros = /^0*$/;

/** So many random bytes as hexadecimal digits, never all of them 0. */
export function randomDigits(bytes: number): string {
  const at = draw(bytes);
  const digits = pool.toString('hex', at, at + bytes);
  return onlyZeros.test(digits) ? randomDigits(bytes) : digits;
}

/** Ids of one millisecond that can be told in their order: 12 bits count them. */
const orderMax = 0xfff;

/**
 * A UUID of version 7 (RFC 9562): 48 bits of Unix milliseconds, a 12-bit sequence that keeps the ids of this process in
 * order within a millisecond, and 62 random bits from the system's generator, drawn in bulk.
 */
export function newTransactionId(now = Date.now()): string {
  const at = draw(10);
  if (now > lastMs) {
    lastMs = now;
    sequence = pool.readUInt16BE(at) & 0x7ff; // The upper half is left to count in.
  } else if (++sequence > orderMax) {
    lastMs++;
    sequence = 0;
  }
  return uuidOf(lastMs, sequence, pool, at + 2);
}

const zeros = Buffer.alloc(8);

/**
 * The id of a given time, without a place in the order of this process: for data that is made, and for bounds. Without further
 * parts it is the smallest that a transaction of this millisecond can have.
 * @param order 0 to 4,095: the place within the millisecond
 * @param random 8 bytes, of which 62 bits are taken
 */
export function transactionIdAt(ms: number, order = 0, random: Uint8Array = zeros): string {
  if (!(order >= 0 && order <= orderMax)) throw new RangeError(`the order is ${order}, and not 0 to ${orderMax}`);
  return uuidOf(ms, order, random, 0);
}

const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Whether a text has the form of a transaction's id: a UUID of version 7 in lower case. */
export function isTransactionId(text: string): boolean {
  return shape.test(text);
}

/** The moment in an id, in epoch milliseconds: when its call was admitted. */
export function timeOfTransactionId(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

function uuidOf(ms: number, order: number, bytes: Uint8Array, at: number): string {
  const high = Math.floor(ms / 0x1_0000_0000);
  const low = ms >>> 0;
  const random = (byte: number): number => bytes[at + byte]!;
  return (
    `${hex[high >>> 8]}${hex[high & 255]}${hex[low >>> 24]}${hex[(low >>> 16) & 255]}-` +
    `${hex[(low >>> 8) & 255]}${hex[low & 255]}-7${hex[order >>> 8]![1]}${hex[order & 255]}-` +
    `${hex[(random(0) & 0x3f) | 0x80]}${hex[random(1)]}-` +
    `${hex[random(2)]}${hex[random(3)]}${hex[random(4)]}${hex[random(5)]}${hex[random(6)]}${hex[random(7)]}`
  );
}
