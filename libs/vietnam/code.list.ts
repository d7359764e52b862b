import type { Text } from '#lgsp/errors';
import { accept, refuseValue, shownValue, type Parsed } from './parsed';

export type SystemCode = string | number;

/**
 * One list of codes of one outside system: the bus's word ↔ the system's code, both ways. No code stands for two words, so
 * what is read is what was written.
 */
export class CodeList<Word extends string = string, Code extends SystemCode = SystemCode> {
  private readonly words: ReadonlyMap<string, Word>;

  /**
   * @param name as a refusal tells it: `sexes of the judicial-records system`
   * @param codes the system's code of each word that it knows
   */
  constructor(
    readonly name: Text,
    readonly codes: Readonly<Record<Word, Code>>,
  ) {
    const pairs = Object.entries<Code>(codes) as [Word, Code][];
    this.words = new Map(pairs.map(([word, code]) => [String(code), word]));
    // Found at the start of the process, not when the wrong word is read.
    if (this.words.size < pairs.length) throw new Error(`the list of ${name.en} has one code for two words`);
  }

  /** The system's code of a word; refused when this system has none for it, as `other` where only two are known. */
  codeOf(word: string): Parsed<Code> {
    if (Object.hasOwn(this.codes, word)) return accept(this.codes[word as Word]);
    return this.refuse(word, Object.keys(this.codes));
  }

  /** The word of a code as the system sent it: a number and its digits as text mean the same. */
  wordOf(code: unknown): Parsed<Word> {
    const word = typeof code === 'number' || typeof code === 'string' ? this.words.get(String(code).trim()) : undefined;
    if (word !== undefined) return accept(word);
    const known = Object.entries<Code>(this.codes).map(([own, theirs]) => `${theirs} (${own})`);
    return this.refuse(code, known);
  }

  private refuse(value: unknown, known: string[]): Parsed<never> {
    const { en, vi } = shownValue(value);
    return refuseValue('system-code', {
      en: `${en} is not in the list of ${this.name.en}, which has ${known.join(', ')}`,
      vi: `${vi} không có trong danh mục ${this.name.vi}, gồm ${known.join(', ')}`,
    });
  }
}

/** A code of one system as another system writes it; refused by whichever of the two does not have it. */
export function translateCode<Code extends SystemCode>(
  code: unknown,
  from: CodeList,
  to: CodeList<string, Code>,
): Parsed<Code> {
  const word = from.wordOf(code);
  return word.ok ? to.codeOf(word.value) : word;
}
