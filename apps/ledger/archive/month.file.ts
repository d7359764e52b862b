import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip, createGzip } from 'node:zlib';
import type { Month } from '../store/month';

/** The first line of a file; each further one is a row, a JSON object with the names of the columns. */
export interface MonthFileHead {
  v: 1;
  kind: 'lgsp-archived-month';
  month: Month;
  transactions: number;
}

/** What a file holds, as found by reading it. */
export interface MonthFileContent extends MonthFileHead {
  /** SHA-256 of the rows' lines as they are in the database, hexadecimal. */
  rows: string;
  /** SHA-256 of the file as it lies on the disk, hexadecimal. */
  sha256: string;
}

export const monthFileName = (month: Month): string => `transactions-${month}.jsonl.gz`;

/**
 * Writes a file (gzip, lines of JSON) whole or not at all, and on the disk when it returns.
 * @returns its path and the SHA-256 of the rows' lines
 */
export async function writeMonthFile(
  folder: string,
  month: Month,
  transactions: number,
  rows: AsyncIterable<string>,
): Promise<{ path: string; rows: string }> {
  const path = join(folder, monthFileName(month));
  const draft = `${path}.draft`;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const head: MonthFileHead = { v: 1, kind: 'lgsp-archived-month', month, transactions };
  const digest = createHash('sha256');
  const lines = async function* (): AsyncGenerator<string> {
    yield `${JSON.stringify(head)}\n`;
    for await (const row of rows) {
      digest.update(row).update('\n');
      yield `${row}\n`;
    }
  };
  try {
    await pipeline(Readable.from(lines()), createGzip(), createWriteStream(draft, { mode: 0o600 }));
    await flush(draft);
    await rename(draft, path);
    await flush(dirname(path));
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  return { path, rows: digest.digest('hex') };
}

/**
 * Reads a file through.
 * @param take is given each row's line
 * @throws Error when it is no such file, or is not whole
 */
export async function readMonthFile(
  path: string,
  take: (row: string) => Promise<void> | void = () => undefined,
): Promise<MonthFileContent> {
  const file = createHash('sha256');
  const digest = createHash('sha256');
  let head: MonthFileHead | undefined;
  let count = 0;
  // One pipeline, so that whatever fails ends all of it, with what failed first.
  await pipeline(createReadStream(path), tap(file), createGunzip(), async (unpacked: AsyncIterable<Buffer>) => {
    for await (const line of linesOf(unpacked)) {
      if (!head) {
        head = readHead(line, path);
        continue;
      }
      digest.update(line).update('\n');
      count++;
      await take(line);
    }
  });
  if (!head) throw new Error(`${path} is empty`);
  if (count !== head.transactions) throw new Error(`${path} has ${count} rows, its head says ${head.transactions}`);
  return { ...head, rows: digest.digest('hex'), sha256: file.digest('hex') };
}

/** Lets bytes through, and notes them. */
function tap(digest: Hash): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      digest.update(chunk);
      done(null, chunk);
    },
  });
}

/** @throws Error when the last line has no end */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') throw new Error('its last line has no end');
}

function readHead(line: string, path: string): MonthFileHead {
  const head = JSON.parse(line) as MonthFileHead;
  if (head.kind !== 'lgsp-archived-month' || head.v !== 1) throw new Error(`${path} is no file of an archived month`);
  return head;
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
