import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip, createGzip } from 'node:zlib';
import { UsageError } from '../settings';
import { fingerprintBytes, fingerprintMember } from './fingerprint';

/** Longest line, in characters: a batch of a thousand records has less than a tenth of it. */
const lineLengthMax = 33_554_432;
const gzipMagic = Buffer.from([0x1f, 0x8b]);

/** The file is broken from here on: it was cut, or its bytes are no gzip. */
export class DamagedFile extends Error {
  override readonly name = 'DamagedFile';
}

/**
 * Writes an evidence file, readable by its owner only: what clients did, and the salts of their bodies' hashes, are in it. It
 * has its name once it is whole.
 */
export async function writeEvidenceFile(path: string, lines: AsyncIterable<string>): Promise<void> {
  const part = `${path}.part`;
  const hash = createHash('sha256');
  try {
    await pipeline(
      Readable.from(withLineEnds(lines), { objectMode: true, highWaterMark: 16 }),
      createGzip(),
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          yield chunk;
        }
        yield fingerprintMember(hash.digest('hex'));
      },
      createWriteStream(part, { mode: 0o600 }),
    );
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    const { syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new Error(`${path} cannot be written: ${message}`, { cause: error });
  }
}

async function* withLineEnds(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}

/** An evidence file that is read. */
export interface EvidenceReading {
  lines: AsyncGenerator<string>;
  /** Whether the file is byte for byte what was written: known once all lines were read. */
  isUntouched(): boolean;
}

/**
 * Reads an evidence file line by line; also one that somebody unpacked, or packed again, which is then not untouched.
 * @throws UsageError when there is no such file; `DamagedFile` from the lines where it is cut or broken
 */
export async function readEvidenceFile(path: string): Promise<EvidenceReading> {
  const { size, start, end } = await endsOf(path);
  const isPacked = start.equals(gzipMagic);
  const hasFingerprint = end.length === fingerprintBytes && end.subarray(0, 10).equals(fingerprintStart);
  const contentBytes = isPacked && hasFingerprint ? size - fingerprintBytes : size;
  const hash = createHash('sha256');
  const bytes = hashed(createReadStream(path, { end: Math.max(0, contentBytes - 1) }), hash);
  const lines = linesOf(isPacked ? unpacked(bytes) : bytes);
  let isUntouched = false;
  return {
    lines: (async function* () {
      yield* lines;
      isUntouched = isPacked && end.equals(fingerprintMember(hash.digest('hex')));
    })(),
    isUntouched: () => isUntouched,
  };
}

const fingerprintStart = fingerprintMember('0'.repeat(64)).subarray(0, 10);

/** The first and the last bytes of a file. */
async function endsOf(path: string): Promise<{ size: number; start: Buffer; end: Buffer }> {
  const file = await open(path).catch((cause: unknown) => {
    throw new UsageError(`${path} cannot be read: ${(cause as Error).message}`, { cause });
  });
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new UsageError(`${path} cannot be read: it is no file`);
    const { size } = stat;
    const read = async (position: number, length: number): Promise<Buffer> => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
      return buffer.subarray(0, bytesRead);
    };
    return {
      size,
      start: await read(0, gzipMagic.length),
      end: size < fingerprintBytes ? Buffer.alloc(0) : await read(size - fingerprintBytes, fingerprintBytes),
    };
  } finally {
    await file.close();
  }
}

async function* hashed(chunks: AsyncIterable<Buffer>, hash: ReturnType<typeof createHash>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

async function* unpacked(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const source = Readable.from(chunks);
  source.on('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
  } catch (error) {
    throw new DamagedFile((error as Error).message, { cause: error });
  } finally {
    source.destroy();
  }
}

async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let begun = '';
  for await (const chunk of chunks) {
    const parts = (begun + decoder.write(chunk)).split('\n');
    begun = parts.pop()!;
    if (begun.length > lineLengthMax) throw new DamagedFile('a line has no end');
    yield* parts;
  }
  const rest = begun + decoder.end();
  if (rest !== '') yield rest;
}
