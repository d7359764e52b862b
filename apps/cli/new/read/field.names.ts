import type { FieldDraft } from '../draft';
import { vietnameseSyllables } from './vietnamese.syllables';

/** Names of ours for names of an outside system: a beginning, which a person replaces. */

/** Words as Vietnamese systems write them without marks, longest first, and what the bus calls them. */
const phrases: readonly (readonly [string, string])[] = [
  ['so dien thoai', 'phone'],
  ['so dinh danh', 'identity number'],
  ['ngay tiep nhan', 'received on'],
  ['ngay hen tra', 'due on'],
  ['ma so thue', 'tax code'],
  ['ho va ten', 'full name'],
  ['ho ten', 'full name'],
  ['ho so', 'dossier'],
  ['ngay sinh', 'birth date'],
  ['gioi tinh', 'sex'],
  ['quoc tich', 'nationality'],
  ['dan toc', 'ethnic group'],
  ['dien thoai', 'phone'],
  ['dia chi', 'address'],
  ['trang thai', 'state'],
  ['co quan', 'agency'],
  ['don vi', 'unit'],
  ['can bo', 'officer'],
  ['thu tuc', 'procedure'],
  ['doanh nghiep', 'enterprise'],
  ['nguoi nop', 'applicant'],
  ['noi dung', 'content'],
  ['ket qua', 'result'],
  ['danh sach', 'list'],
  ['ghi chu', 'note'],
  ['so luong', 'amount'],
  ['lao dong', 'labour'],
  ['hop dong', 'contract'],
  ['ngay', 'date'],
  ['ten', 'name'],
  ['so', 'number'],
  ['ma', 'code'],
  ['loai', 'kind'],
  ['tinh', 'province'],
  ['xa', 'commune'],
];

/** What Vietnamese puts first and English last: mã hồ sơ is the dossier's code. */
const heads = ['code', 'name', 'date', 'number', 'kind', 'state'];

/** Names that mean something else in JavaScript or in the house. */
const taken = new Set(['constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', '__proto__']);

/** `maHoSo`, `MA_HO_SO` or `ma-ho-so` → `dossierCode`; `stationId` stays. */
export function ourName(theirs: string): string {
  const words = wordsOf(theirs);
  const name = words.map((word, index) => (index === 0 ? word : capital(word))).join('');
  if (name === '') return 'value';
  if (/^\d/.test(name)) return `value${name}`;
  return taken.has(name) ? `${name}Value` : name;
}

/** The same for a class: `KET_QUA_TRA_CUU` → `ResultTraCuu`. */
export const ourClassName = (theirs: string): string => capital(ourName(theirs));

/** Listed values in words of ours, and the outside system's where those are others: `DANG_XU_LY` → `dangxuly`. */
export function ourValues(theirs: readonly string[]): Pick<FieldDraft, 'values' | 'theirValues'> {
  const used = new Set<string>();
  const ours = theirs.map((value) => distinct(used, wordsOf(value).join('-') || 'value'));
  return ours.every((value, index) => value === theirs[index])
    ? { values: ours }
    : { values: ours, theirValues: [...theirs] };
}

/** A name that is not in use yet. */
export function distinct(used: Set<string>, wanted: string): string {
  let name = wanted;
  for (let nth = 2; used.has(name); nth++) name = `${wanted}${nth}`;
  used.add(name);
  return name;
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** As words of a sentence that begins with a capital. */
export function ourWords(theirs: string): string {
  return capital(wordsOf(theirs).join(' ')) || 'Value';
}

/** A single word is too short to be known anywhere but in front: chỉ số is no number. */
const patternOf = (phrase: string): RegExp =>
  phrase.includes(' ') ? new RegExp(`\\b${phrase}\\b`, 'g') : new RegExp(`^${phrase}\\b`, 'g');

function wordsOf(theirs: string): string[] {
  const plain = theirs
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[đĐ]/g, 'd')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replaceAll(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .toLowerCase();
  const translated = phrases.reduce((text, [from, to]) => text.replaceAll(patternOf(from), to), plain);
  const words = translated.split(' ').filter(Boolean);
  // Names of ours are not made of Vietnamese syllables, which is how an upstream's are told from them: such a name is one word.
  if (words.length > 1 && words.every((word) => vietnameseSyllables.has(word))) return [words.join('')];
  const [first = '', ...rest] = words;
  return translated !== plain && heads.includes(first) && rest.length > 0 ? [...rest, first] : words;
}
