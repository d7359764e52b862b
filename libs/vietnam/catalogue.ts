import type { Text } from '#lgsp/errors';
import { accept, refuseValue, shownValue, type Parsed } from './parsed';
import { comparableText } from './vietnamese.text';

export interface CatalogueEntry {
  code: string;
  name: Text;
  /** Other names under which outside systems know it. */
  aliases?: readonly string[];
}

/** Up to so many codes a refusal tells them all; of a longer list it tells the first and the last. */
const codesToldMax = 12;

/** A shared catalogue (danh mục dùng chung): codes and their names, the same for every system of the bus. */
export class Catalogue<E extends CatalogueEntry = CatalogueEntry> {
  private readonly byCode: ReadonlyMap<string, E>;
  private readonly byName: ReadonlyMap<string, E>;

  /** @param name in the plural, as a refusal tells it: `ethnic groups` */
  constructor(
    readonly name: Text,
    readonly entries: readonly E[],
  ) {
    this.byCode = new Map(entries.map((entry) => [entry.code, entry]));
    const names = entries.flatMap((entry) =>
      [entry.name.vi, entry.name.en, ...(entry.aliases ?? [])].map((text) => [comparableText(text), entry] as const),
    );
    // Of two entries that share a name the first is meant.
    this.byName = new Map(names.reverse());
  }

  find(code: string): E | undefined {
    return this.byCode.get(code);
  }

  /** The entry of this code, or a refusal that names the code, the catalogue and what is in it. */
  parse(code: string): Parsed<E> {
    const found = this.byCode.get(code);
    if (found) return accept(found);
    const { en, vi } = shownValue(code);
    const codes = this.entries.map((entry) => entry.code);
    const [first, last] = [codes[0], codes.at(-1)];
    const all = codes.length <= codesToldMax;
    return refuseValue('catalogue-code', {
      en: `${en} is not in the catalogue of ${this.name.en}, which has ${all ? codes.join(', ') : `${codes.length} codes from ${first} to ${last}`}`,
      vi: `${vi} không có trong danh mục ${this.name.vi}, gồm ${all ? codes.join(', ') : `${codes.length} mã từ ${first} đến ${last}`}`,
    });
  }

  /** By one of its names, in either language and however it is written. */
  named(name: string): E | undefined {
    return this.byName.get(comparableText(name));
  }
}
