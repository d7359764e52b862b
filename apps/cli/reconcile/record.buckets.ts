import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { appendFile, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestBytes, timeOfTransactionId } from '#lgsp/records';

/** What is kept of a record: as much as tells its transaction, and whether the row that was made of it is the same. */
export interface KeptRecord {
  id: string;
  /** Of the account that it makes. */
  digest: Uint8Array;
  /** Position of its batch. */
  position: number;
  final: boolean;
  /** Whether its batch is proven and there once. */
  counts: boolean;
}

const idBytes = 16;
const digestAt = idBytes;
const positionAt = digestAt + digestBytes;
const flagsAt = positionAt + 6;
const entryBytes = flagsAt + 1;

/** Bytes of one bucket that are collected before they go to its file, and buckets that collect at once. */
const bufferBytes = entryBytes * 1_000;
const buffersMax = 800;

/** Days begin at midnight in Vietnam: a whole number of hours from UTC. */
const offsetMs = 7 * 3_600_000;
/** How long the records of one bucket are apart: a day; and what a bucket is split into that is too large to be read at once. */
const spans = [86_400_000, 3_600_000, 60_000, 1_000];
const bucketBytesMax = 8_388_608;

/**
 * Sorts the records of any number of transactions by day, in files of a folder of its own, so that a day can be looked at as a
 * whole with a bounded memory.
 */
export class RecordBuckets {
  private readonly folder = mkdtempSync(join(tmpdir(), 'lgsp-reconcile-'));
  private readonly buffers = new Map<string, { bytes: Buffer; used: number }>();
  private readonly days = new Set<number>();

  /** @param bucketBytes largest part of a day that is read at once */
  constructor(private readonly bucketBytes = bucketBytesMax) {}

  async add(record: KeptRecord): Promise<void> {
    const day = Math.floor((timeOfTransactionId(record.id) + offsetMs) / spans[0]!);
    this.days.add(day);
    await this.put(String(day), entryOf(record));
  }

  /** The days of which there are records, `yyyy-MM-dd`, in their order. */
  get known(): string[] {
    return [...this.days].toSorted((a, b) => a - b).map(dayText);
  }

  /** The records of a day, in portions whose transactions follow each other in the order of their ids. */
  async *of(day: string): AsyncGenerator<KeptRecord[]> {
    const number = Date.parse(day) / spans[0]!;
    if (this.days.has(number)) yield* this.read(String(number), 0);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A bucket as records; one that is too large is split by shorter spans. */
  private async *read(name: string, level: number): AsyncGenerator<KeptRecord[]> {
    await this.flush(name);
    const path = this.path(name);
    const { size } = await stat(path);
    const span = spans[level + 1];
    if (size <= this.bucketBytes || span === undefined) {
      const bytes = await readFile(path);
      const records: KeptRecord[] = [];
      for (let at = 0; at < bytes.length; at += entryBytes) records.push(recordOf(bytes, at));
      yield records;
      return;
    }
    const parts = new Set<number>();
    for await (const entry of entriesOf(path)) {
      const part = Math.floor((timeOfEntry(entry) + offsetMs) / span);
      parts.add(part);
      await this.put(`${level + 1}-${part}`, entry);
    }
    for (const part of [...parts].toSorted((a, b) => a - b)) {
      yield* this.read(`${level + 1}-${part}`, level + 1);
      await rm(this.path(`${level + 1}-${part}`));
    }
  }

  private async put(name: string, entry: Buffer): Promise<void> {
    let buffer = this.buffers.get(name);
    if (!buffer) {
      if (this.buffers.size >= buffersMax) for (const full of this.buffers.keys()) await this.flush(full);
      this.buffers.set(name, (buffer = { bytes: Buffer.allocUnsafe(bufferBytes), used: 0 }));
    }
    buffer.bytes.set(entry, buffer.used);
    buffer.used += entryBytes;
    if (buffer.used === bufferBytes) await this.flush(name);
  }

  private async flush(name: string): Promise<void> {
    const buffer = this.buffers.get(name);
    if (!buffer) return;
    this.buffers.delete(name);
    await appendFile(this.path(name), buffer.bytes.subarray(0, buffer.used), { mode: 0o600 });
  }

  private path(name: string): string {
    return join(this.folder, name);
  }
}

const dayText = (day: number): string => new Date(day * spans[0]!).toISOString().slice(0, 10);

function entryOf({ id, digest, position, final, counts }: KeptRecord): Buffer {
  const entry = Buffer.allocUnsafe(entryBytes);
  entry.write(id.replaceAll('-', ''), 0, 'hex');
  entry.set(digest, digestAt);
  entry.writeUIntBE(position, positionAt, 6);
  entry[flagsAt] = (final ? 1 : 0) | (counts ? 2 : 0);
  return entry;
}

function recordOf(bytes: Buffer, at: number): KeptRecord {
  const digits = bytes.toString('hex', at, at + idBytes);
  const id = `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
  const flags = bytes[at + flagsAt]!;
  return {
    id,
    digest: bytes.subarray(at + digestAt, at + digestAt + digestBytes),
    position: bytes.readUIntBE(at + positionAt, 6),
    final: (flags & 1) > 0,
    counts: (flags & 2) > 0,
  };
}

const timeOfEntry = (entry: Buffer): number => entry.readUIntBE(0, 6);

async function* entriesOf(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: entryBytes * 10_000 })) {
    const bytes = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    const whole = bytes.length - (bytes.length % entryBytes);
    for (let at = 0; at < whole; at += entryBytes) yield bytes.subarray(at, at + entryBytes);
    rest = bytes.subarray(whole);
  }
}
