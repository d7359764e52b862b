/**
 * Rows in the binary form that `COPY` reads (PostgreSQL's manual, "COPY", file formats): nothing in it has to be parsed, and to
 * write it is less work than any text.
 */

export type BinaryType = 'uuid' | 'text' | 'bigint' | 'integer' | 'boolean' | 'time' | 'bigints';

/** What a field may hold: a time in epoch milliseconds, a list of whole numbers, or what its type says; nothing is NULL. */
export type BinaryValue = string | number | boolean | readonly number[] | null | undefined;

const header = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const bytesAtFirst = 1_048_576;
/** Milliseconds from the epoch to PostgreSQL's own, 2000-01-01. */
const epochMs = 946_684_800_000;
const bigintType = 20;
const utf8BytesMax = 3;
/** Longest text that is written here: for a longer one a call into native code pays. */
const shortTextMax = 48;
const asciiMax = 0x7f;
const half = 0x1_0000_0000;

export class BinaryRows {
  private bytes = Buffer.allocUnsafe(bytesAtFirst);
  private view = viewOf(this.bytes);
  private at = header.copy(this.bytes);

  /** Begins a row of so many fields, which are to be added in the order of the columns. */
  row(fields: number): void {
    this.room(2);
    this.view.setInt16(this.at, fields);
    this.at += 2;
  }

  add(type: BinaryType, value: BinaryValue): void {
    if (value === undefined || value === null) return this.length(-1);
    if (type === 'text') this.text(value as string);
    else if (type === 'time') this.bigint((Number(value) - epochMs) * 1_000);
    else if (type === 'bigint') this.bigint(value as number);
    else if (type === 'integer') this.integer(value as number);
    else if (type === 'uuid') this.uuid(value as string);
    else if (type === 'boolean') this.boolean(value as boolean);
    else this.bigints(value as readonly number[]);
  }

  /** All rows; nothing can be added then. */
  end(): Buffer {
    this.row(-1);
    return this.bytes.subarray(0, this.at);
  }

  private text(value: string): void {
    const { length } = value;
    this.room(4 + length * utf8BytesMax);
    const begin = this.at + 4;
    const written = length <= shortTextMax ? this.ascii(value, begin) : -1;
    const bytes = written < 0 ? this.bytes.write(value, begin, 'utf8') : written;
    this.view.setInt32(this.at, bytes);
    this.at = begin + bytes;
  }

  /** @returns how many bytes, or -1 when not every character is one */
  private ascii(value: string, begin: number): number {
    const { bytes } = this;
    for (let nth = 0; nth < value.length; nth++) {
      const code = value.charCodeAt(nth);
      if (code > asciiMax) return -1;
      bytes[begin + nth] = code;
    }
    return value.length;
  }

  private uuid(value: string): void {
    this.length(16);
    this.room(16);
    let at = this.at;
    for (let nth = 0; nth < value.length; nth += 2) {
      if (value.charCodeAt(nth) === hyphen) nth++;
      this.bytes[at++] = (digitOf(value.charCodeAt(nth)) << 4) | digitOf(value.charCodeAt(nth + 1));
    }
    this.at += 16;
  }

  private bigint(value: number): void {
    this.room(12);
    this.view.setInt32(this.at, 8);
    this.long(this.at + 4, value);
    this.at += 12;
  }

  private integer(value: number): void {
    this.room(8);
    this.view.setInt32(this.at, 4);
    this.view.setInt32(this.at + 4, value);
    this.at += 8;
  }

  private boolean(value: boolean): void {
    this.length(1);
    this.room(1);
    this.bytes[this.at++] = value ? 1 : 0;
  }

  /** One dimension, without NULL, counted from 1. */
  private bigints(values: readonly number[]): void {
    const bytes = 20 + 12 * values.length;
    this.length(bytes);
    this.room(bytes);
    for (const [nth, word] of [1, 0, bigintType, values.length, 1].entries())
      this.view.setInt32(this.at + 4 * nth, word);
    this.at += 20;
    for (const value of values) this.bigint(value);
  }

  private length(bytes: number): void {
    this.room(4);
    this.view.setInt32(this.at, bytes);
    this.at += 4;
  }

  private long(at: number, value: number): void {
    const high = Math.floor(value / half);
    this.view.setInt32(at, high);
    this.view.setUint32(at + 4, value - high * half);
  }

  private room(bytes: number): void {
    if (this.at + bytes <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.bytes.length, this.at + bytes));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
    this.view = viewOf(larger);
  }
}

const viewOf = ({ buffer, byteOffset, length }: Buffer): DataView => new DataView(buffer, byteOffset, length);

const hyphen = '-'.charCodeAt(0);
const [nine, letter] = ['9'.charCodeAt(0), 'a'.charCodeAt(0) - 10];

/** Of a lower-case hexadecimal digit. */
const digitOf = (code: number): number => (code <= nine ? code & 0xf : code - letter);
