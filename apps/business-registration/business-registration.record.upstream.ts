import type { BusError } from '#lgsp/errors';
import { comparableText, parseAnyDate } from '#lgsp/vietnam';

type Json = Record<string, unknown>;

const flags: ReadonlyMap<string, boolean> = new Map([
  ['Y', true],
  ['1', true],
  ['TRUE', true],
  ['N', false],
  ['0', false],
  ['FALSE', false],
]);
/** What a database writes where there is no date, as the older façade passes it on. */
const noDate = '0001-01-01';

/** One record of the registry, read field by field; what cannot be understood says which field it was. */
export class RegistryRecord {
  /** @param unreadable the error for a field */
  constructor(
    private readonly json: Json,
    private readonly unreadable: (field: string) => BusError,
  ) {}

  has(field: string): boolean {
    return Object.hasOwn(this.json, field);
  }

  /** Text without spaces around it; undefined where there is nothing, which comes as null or as an empty text. */
  text(field: string): string | undefined {
    const value = this.json[field];
    if (value === null || value === undefined) return undefined;
    if (typeof value !== 'string' && typeof value !== 'number') throw this.unreadable(field);
    return String(value).trim().normalize('NFC') || undefined;
  }

  needed(field: string): string {
    const text = this.text(field);
    if (text === undefined) throw this.unreadable(field);
    return text;
  }

  number(field: string): number | undefined {
    const text = this.text(field);
    if (text === undefined) return undefined;
    const number = Number(text);
    if (!Number.isFinite(number)) throw this.unreadable(field);
    return number;
  }

  /** `Y` and `N`, or 1 and 0. */
  flag(field: string): boolean {
    const flag = flags.get(this.needed(field).toUpperCase());
    if (flag === undefined) throw this.unreadable(field);
    return flag;
  }

  /** A day or a time, in ISO form. */
  moment(field: string): string | undefined {
    const text = this.text(field);
    if (text === undefined || text.startsWith(noDate)) return undefined;
    const parsed = parseAnyDate(text);
    if (!parsed.ok) throw this.unreadable(field);
    return parsed.value;
  }

  day(field: string): string | undefined {
    return this.moment(field)?.slice(0, 10);
  }

  /** The parts of a text that joins a list with `;`. */
  joined(field: string): string[] {
    const parts = this.text(field)?.split(';') ?? [];
    return parts.map((part) => part.trim()).filter((part) => part !== '');
  }

  /** The records in a field. A list of one may come as the record alone, an empty one as null. */
  list(field: string): RegistryRecord[] {
    const value = this.json[field];
    if (value === null || value === undefined || value === '') return [];
    return (Array.isArray(value) ? (value as unknown[]) : [value]).map((item) => {
      if (typeof item !== 'object' || item === null) throw this.unreadable(field);
      return new RegistryRecord(item as Json, this.unreadable);
    });
  }
}

/** What the registry writes, however it is written, as the word of the bus. */
export class WordList<W extends string> {
  private readonly words: ReadonlyMap<string, W>;

  constructor(words: Readonly<Record<string, W>>) {
    this.words = new Map(Object.entries(words).map(([theirs, ours]) => [comparableText(theirs), ours]));
  }

  find(theirs: string | undefined): W | undefined {
    return theirs === undefined ? undefined : this.words.get(comparableText(theirs));
  }
}
