import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  applicantCodes,
  CodeList,
  identityPaperCodes,
  precisionOf,
  birthDateCodes,
  sexCodes,
  systemCodes,
  translateCode,
} from '#lgsp/vietnam';

const lists = Object.entries(systemCodes).flatMap(([topic, bySystem]) =>
  Object.entries(bySystem).map(([system, list]): [string, CodeList] => [`${topic} of ${system}`, list]),
);

describe.each(lists)('%s', (_, list) => {
  const words = Object.keys(list.codes);

  it('reads what it has written, as a number and as text', () => {
    const property = fc.property(fc.constantFrom(...words), fc.constantFrom('', ' '), (word, space) => {
      const code = list.codeOf(word);
      expect(code.ok).toBe(true);
      if (!code.ok) return;
      expect(list.wordOf(code.value)).toEqual({ ok: true, value: word });
      expect(list.wordOf(`${space}${code.value}`)).toEqual({ ok: true, value: word });
    });
    fc.assert(property);
  });

  it('refuses everything else, both ways, naming the value and the list with its codes', () => {
    const known = new Set(Object.values(list.codes).map(String));
    const codes = fc.oneof(fc.integer(), fc.stringMatching(/^[a-z0-9]{1,5}$/));
    const property = fc.property(codes, (code) => {
      fc.pre(!known.has(String(code)) && !Object.hasOwn(list.codes, String(code)));
      for (const refused of [list.wordOf(code), list.codeOf(String(code))]) {
        expect(refused).toMatchObject({ ok: false, rule: 'system-code' });
        if (refused.ok) continue;
        expect(refused.message.en).toContain(`${code} is not in the list of ${list.name.en}, which has `);
        expect(refused.message.vi).toContain(`${code} không có trong danh mục ${list.name.vi}, gồm `);
        expect(words.every((word) => refused.message.en.includes(word))).toBe(true);
      }
    });
    fc.assert(property);
  });

  it.each([undefined, null, {}, [], true, '', 'toString', '__proto__'])('takes %j for no code', (value) => {
    expect(list.wordOf(value).ok).toBe(false);
  });

  it.each(['', 'toString', '__proto__'])('takes %j for no word', (word) => {
    expect(list.codeOf(word).ok).toBe(false);
  });
});

describe.each(Object.entries(systemCodes))('%s, from system to system', (_, bySystem) => {
  const own = Object.values(bySystem);

  it('comes back as it went, or is refused by the system that has no such code', () => {
    const pick = fc.constantFrom(...own);
    const property = fc.property(pick, pick, fc.nat(), (from, to, nth) => {
      const words = Object.keys(from.codes);
      const word = words[nth % words.length]!;
      const code = from.codes[word]!;
      const there = translateCode(code, from, to);
      if (there.ok) expect(translateCode(there.value, to, from)).toEqual({ ok: true, value: code });
      else expect(there.message.en).toContain(`${word} is not in the list of ${to.name.en}`);
      expect(there.ok).toBe(Object.hasOwn(to.codes, word));
    });
    fc.assert(property);
  });
});

it('the same number is not the same thing', () => {
  expect(translateCode(0, sexCodes.judicialRecords, sexCodes.socialInsurance)).toEqual({ ok: true, value: 2 });
  expect(translateCode('3', sexCodes.socialInsurance, sexCodes.judicialRecords)).toMatchObject({
    message: {
      en: 'other is not in the list of sexes of the judicial-records system, which has male, female',
      vi: 'other không có trong danh mục giới tính của hệ thống lý lịch tư pháp, gồm male, female',
    },
  });
  expect(translateCode(1, applicantCodes['portal-adapter'], applicantCodes['ministry-portal'])).toEqual({
    ok: true,
    value: '0',
  });
  expect(translateCode(2, applicantCodes['portal-adapter'], applicantCodes['ministry-portal'])).toEqual({
    ok: true,
    value: '1',
  });
  expect(translateCode(3, identityPaperCodes.judicialRecords, identityPaperCodes.civilRegistry)).toEqual({
    ok: true,
    value: '5',
  });
});

it('a birth date has the precision that social insurance asks for', () => {
  const codes = ['1990-02-14', '1990', '1990-02'].map(
    (date) => birthDateCodes.socialInsurance.codes[precisionOf(date)],
  );
  expect(codes).toEqual([0, 1, 2]);
});

it('no list may have one code for two words', () => {
  const name = { en: 'sexes of nobody', vi: '' };
  expect(() => new CodeList(name, { male: 1, female: 1 })).toThrow(
    'the list of sexes of nobody has one code for two words',
  );
});

it('docs/vietnam.md shows every list as it is', () => {
  const page = readFileSync(join(__dirname, '../../docs/vietnam.md'), 'utf8').replaceAll(/ +/g, ' ');
  for (const [name, { codes }] of lists) {
    const row = Object.entries(codes).map(([word, code]) => `${word} ${code}`);
    expect(page).toContain(`| ${name.replace(' of ', ' | ')} | ${row.join(', ')} |`);
  }
});
