import { accept, refuse, type Parsed } from './parsed';

/** A name in the three parts that upstreams ask for: họ (`Ho`), chữ đệm (`ChuDem`), tên (`Ten`). */
export interface PersonNameParts {
  family: string;
  /** Empty where there is none. */
  middle: string;
  given: string;
}

export const personNameLengthMax = 100;

/** A letter of any script, then letters, marks, spaces, apostrophes (H'Hen), hyphens and dots; no space at the end. */
export const personNamePattern = /^\p{L}(?:[\p{L}\p{M} '’.-]*[\p{L}\p{M}'’.-])?$/u;

/** One Unicode form for all text: composed (TCVN 6909:2001, "dựng sẵn"). Decomposed text looks the same and compares unequal. */
export const toNfc = (text: string): string => text.normalize('NFC');

/** Upper case as the population database wants names: `Nguyễn Văn A` → `NGUYỄN VĂN A`, composed. */
export const toVietnameseUpper = (text: string): string => toNfc(text.toLocaleUpperCase('vi'));

/** Reads a person's name: composed, its spaces made single and trimmed, then held to the rule. */
export function parsePersonName(text: string): Parsed<string> {
  const name = toNfc(text).trim().replace(/\s+/gu, ' ');
  return isPersonName(name) ? accept(name) : refuse('person-name');
}

/** Whether text is a name just as it stands: the pattern, the length and NFC. */
export function isPersonName(text: string): boolean {
  return [...text].length <= personNameLengthMax && personNamePattern.test(text) && text === toNfc(text);
}

/**
 * Splits a full name by the Vietnamese custom: first word family name, last word given name, the rest middle. A single
 * word is a given name. Family names and given names of two words cannot be told apart from a middle name: where an
 * upstream gives the parts, keep its parts.
 *
 * @example splitFullName('Nguyễn Thị Thử Nghiệm') // family 'Nguyễn', middle 'Thị Thử', given 'Nghiệm'
 */
export function splitFullName(fullName: string): PersonNameParts {
  const words = toNfc(fullName)
    .split(/\s+/u)
    .filter((word) => word !== '');
  const given = words.pop() ?? '';
  const family = words.shift() ?? '';
  return { family, middle: words.join(' '), given };
}

/** The full name of the parts, with single spaces; parts that are missing or empty leave no gap. */
export function joinFullName({ family, middle, given }: Partial<PersonNameParts>): string {
  return toNfc(
    [family, middle, given]
      .map((part) => part?.trim())
      .filter(Boolean)
      .join(' '),
  ).replace(/\s+/gu, ' ');
}
