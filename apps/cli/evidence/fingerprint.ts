import { crc32 } from 'node:zlib';

/**
 * The end of an evidence file: a gzip member of its own with the SHA-256 of all bytes before it. Every tool that unpacks gzip
 * reads through it; and since its own bytes follow from the hash, no bit of the file can be flipped unseen, not even one that
 * gzip ignores.
 */
export function fingerprintMember(sha256: string): Buffer {
  const content = Buffer.from(`${JSON.stringify({ sha256 })}\n`);
  const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
  const stored = Buffer.alloc(5);
  stored.writeUInt8(1, 0); // The last block, not compressed.
  stored.writeUInt16LE(content.length, 1);
  stored.writeUInt16LE(content.length ^ 0xffff, 3);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(content), 0);
  trailer.writeUInt32LE(content.length, 4);
  return Buffer.concat([header, stored, content, trailer]);
}

/** Every fingerprint is this long, in bytes. */
export const fingerprintBytes = fingerprintMember('0'.repeat(64)).length;
