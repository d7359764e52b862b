/** Huyền, sắc, ngã, hỏi, nặng as combining characters. */
const tones = /[\u0300\u0301\u0303\u0309\u0323]/g;

/**
 * A form in which two spellings of one Vietnamese name are equal: composed or decomposed, in any case, with any spaces and
 * punctuation, and with the tone on either vowel (`Hoà Bình`, `Hòa Bình`). Tones still count: `Hòa` is not `Hóa`. For
 * comparing only; nobody is shown it.
 */
export function comparableText(text: string): string {
  return text
    .toLocaleLowerCase('vi')
    .normalize('NFD')
    .split(/[\s\p{P}]+/u)
    .filter((word) => word !== '')
    .map((word) => word.replace(tones, '') + (word.match(tones) ?? []).join(''))
    .join(' ');
}
