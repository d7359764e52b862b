import type { PartialDate } from './calendar.date';
import { accept, refuse, type Parsed } from './parsed';

export type Sex = 'male' | 'female';

/** A personal identification number (số định danh cá nhân), taken apart. */
export interface PersonalId {
  /** All twelve digits. */
  digits: string;
  /** Three digits: the province, or the country, in which the birth was registered (031 Hải Phòng, 030 Hải Dương). */
  placeOfBirthCode: string;
  sex: Sex;
  /** Four digits of year, from the century digit and the two digits after it. */
  birthYear: number;
}

export type PersonalIdMismatch = 'birth-year' | 'sex';

export interface Consistency {
  consistent: boolean;
  mismatches: PersonalIdMismatch[];
}

export const personalIdPattern = /^[0-9]{12}$/;

/**
 * Reads a personal identification number: `PPP C YY RRRRRR` = place of birth registration, century and sex, birth year,
 * random. Century and sex: 0/1 male/female of the 1900s, 2/3 of the 2000s, then 4/5, 6/7, 8/9.
 *
 * There is no check digit, and the place says where the birth was registered, not where the person lives: any place is
 * accepted. Source: Decree 137/2015/NĐ-CP, Circular 59/2021/TT-BCA.
 *
 * @example parsePersonalId('031090123456') // placeOfBirthCode '031', sex 'male', birthYear 1990
 */
export function parsePersonalId(text: string): Parsed<PersonalId> {
  if (!personalIdPattern.test(text)) return refuse('personal-id');
  const century = Number(text[3]);
  return accept({
    digits: text,
    placeOfBirthCode: text.slice(0, 3),
    sex: century % 2 === 0 ? 'male' : 'female',
    birthYear: 1900 + 100 * Math.floor(century / 2) + Number(text.slice(4, 6)),
  });
}

/**
 * Compares what the number says with what is told about the person. A mismatch is a hint for the officer, never a reason
 * to refuse: records get corrected, and the century digits are from custom. What is not told is not compared.
 */
export function isConsistentWith(id: PersonalId, birthDate?: PartialDate, sex?: Sex): Consistency {
  const mismatches: PersonalIdMismatch[] = [];
  if (birthDate !== undefined && Number(birthDate.slice(0, 4)) !== id.birthYear) mismatches.push('birth-year');
  if (sex !== undefined && sex !== id.sex) mismatches.push('sex');
  return { consistent: mismatches.length === 0, mismatches };
}
