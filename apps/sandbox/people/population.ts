import { birthplaces, familyNames, givenNames, middleNames, streets, wards } from './names';

export interface Person {
  /** Twelve digits (số định danh cá nhân). */
  personalId: string;
  /** The old nine digits, for those who had one. */
  oldIdentityNumber?: string;
  family: string;
  middle: string;
  given: string;
  fullName: string;
  sex: 'male' | 'female';
  /** ISO date, or only the year as it is recorded for many older people. */
  birthDate: string;
  ward: { code: string; name: string };
  address: string;
  phone: string;
  father?: string;
  mother?: string;
}

/** Adults have parents among the first part of the population, which has none recorded. */
const withoutParentsShare = 0.4;
const nineDigitsBornBefore = 1999;

/** A synthetic population, the same for the same seed. Nobody in it exists. */
export class Population {
  readonly people: Person[];
  private readonly byId = new Map<string, Person>();

  constructor(seed: number, size: number) {
    const random = mulberry32(seed);
    this.people = [];
    for (let index = 0; index < size; index++) {
      const person = invent(random, this.byId);
      if (index > size * withoutParentsShare) this.giveParents(person, random, Math.floor(size * withoutParentsShare));
      this.people.push(person);
      this.byId.set(person.personalId, person);
      if (person.oldIdentityNumber) this.byId.set(person.oldIdentityNumber, person);
    }
  }

  /** By twelve-digit id or old nine-digit number. */
  find(number: string): Person | undefined {
    return this.byId.get(number);
  }

  private giveParents(person: Person, random: () => number, eligible: number): void {
    const pick = (sex: Person['sex']): string | undefined => {
      for (let attempt = 0; attempt < 20; attempt++) {
        const candidate = this.people[Math.floor(random() * eligible)]!;
        if (
          candidate.sex === sex &&
          Number(candidate.birthDate.slice(0, 4)) + 18 < Number(person.birthDate.slice(0, 4))
        ) {
          return candidate.personalId;
        }
      }
      return undefined;
    };
    person.father = pick('male');
    person.mother = pick('female');
  }
}

function invent(random: () => number, taken: ReadonlyMap<string, unknown>): Person {
  const sex = random() < 0.5 ? 'male' : 'female';
  const year = 1940 + Math.floor(random() * 68);
  const month = 1 + Math.floor(random() * 12);
  const day = 1 + Math.floor(random() * 28);
  const [family, middle, given] = [
    pickOf(familyNames, random),
    pickOf(middleNames[sex], random),
    pickOf(givenNames[sex], random),
  ];
  const ward = pickOf(wards, random);
  const onlyYear = year < 1960 && random() < 0.2;
  let personalId: string;
  do personalId = inventId(sex, year, random);
  while (taken.has(personalId));
  return {
    personalId,
    oldIdentityNumber: year < nineDigitsBornBefore && random() < 0.5 ? `03${digits(7, random)}` : undefined,
    family,
    middle,
    given,
    fullName: `${family} ${middle} ${given}`,
    sex,
    birthDate: onlyYear ? String(year) : `${year}-${two(month)}-${two(day)}`,
    ward: { ...ward },
    address: `Số ${1 + Math.floor(random() * 300)} đường ${pickOf(streets, random)}, ${ward.name}, Hải Phòng`,
    phone: `09${digits(8, random)}`,
  };
}

/** Three digits of the place, one of century and sex, two of the year, six at random. */
function inventId(sex: Person['sex'], year: number, random: () => number): string {
  const total = birthplaces.reduce((sum, [, weight]) => sum + weight, 0);
  let point = random() * total;
  const [place] = birthplaces.find(([, weight]) => (point -= weight) < 0) ?? birthplaces[0]!;
  const century = (year >= 2000 ? 2 : 0) + (sex === 'female' ? 1 : 0);
  return `${place}${century}${two(year % 100)}${digits(6, random)}`;
}

/** A small generator with a 32-bit state: the same numbers for the same seed on every machine. */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const two = (number: number): string => String(number).padStart(2, '0');
const digits = (count: number, random: () => number): string =>
  Array.from({ length: count }, () => Math.floor(random() * 10)).join('');

function pickOf<T>(list: readonly T[], random: () => number): T {
  return list[Math.floor(random() * list.length)]!;
}
