import fc from 'fast-check';
import { comparableText, ethnicGroups, genders, nationalities, type Catalogue } from '#lgsp/vietnam';

const catalogues: [string, Catalogue][] = [
  ['genders', genders],
  ['ethnic groups', ethnicGroups],
  ['nationalities', nationalities],
];

/** The ways in which a name comes from outside: case, Unicode form, spaces, and the place of the tone. */
const writings: ((name: string) => string)[] = [
  (name) => name.toLocaleUpperCase('vi'),
  (name) => name.normalize('NFD'),
  (name) => `  ${name.replaceAll(/[ -]/g, '  ')} `,
  (name) => name.replaceAll('òa', 'oà').replaceAll('óa', 'oá').replaceAll('ủy', 'uỷ').replaceAll('úy', 'uý'),
];

describe.each(catalogues)('catalogue of %s', (name, catalogue) => {
  it('has each code once, each with its names', () => {
    const codes = catalogue.entries.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const { name: names } of catalogue.entries) {
      expect(names.vi).toBe(names.vi.normalize('NFC'));
      expect(names.vi.length > 1 && names.en.length > 1).toBe(true);
    }
  });

  it('leads from a code to its entry, and from its name, however that is written, to the same', () => {
    const entries = fc.constantFrom(...catalogue.entries);
    const property = fc.property(entries, fc.array(fc.constantFrom(...writings)), (entry, ways) => {
      expect(catalogue.parse(entry.code)).toEqual({ ok: true, value: entry });
      const written = ways.reduce((text, way) => way(text), entry.name.vi);
      expect(catalogue.named(written)).toBe(entry);
    });
    fc.assert(property);
  });

  it('refuses any other code, naming it and the catalogue', () => {
    const known = new Set(catalogue.entries.map(({ code }) => code));
    const others = fc.stringMatching(/^[A-Za-z0-9]{1,6}$/).filter((code) => !known.has(code));
    const property = fc.property(others, (code) => {
      const refused = catalogue.parse(code);
      expect(refused).toMatchObject({ ok: false, rule: 'catalogue-code' });
      if (refused.ok) return;
      expect(refused.message.en).toMatch(new RegExp(`^${code} is not in the catalogue of ${name}, which has `));
      expect(refused.message.vi).toMatch(new RegExp(`^${code} không có trong danh mục `));
    });
    fc.assert(property);
  });
});

it('there are 54 ethnic groups, 01 Kinh to 54 Rơ-măm', () => {
  expect(ethnicGroups.entries.map(({ code }) => code)).toEqual(
    Array.from({ length: 54 }, (_, index) => String(index + 1).padStart(2, '0')),
  );
  expect([ethnicGroups.find('01')?.name.vi, ethnicGroups.find('54')?.name.vi]).toEqual(['Kinh', 'Rơ-măm']);
  expect(ethnicGroups.named("H'Mông")?.code).toBe('08');
  // One letter apart, and two groups.
  expect([ethnicGroups.named('Thái')?.code, ethnicGroups.named('Thổ')?.code]).toEqual(['03', '24']);
  expect([ethnicGroups.named('Lào')?.code, ethnicGroups.named('Lự')?.code]).toEqual(['37', '42']);
});

it('nationalities are known by the names in use', () => {
  expect(['Việt Nam', 'Viet Nam', 'VIETNAM', 'Hàn Quốc', 'Mỹ'].map((name) => nationalities.named(name)?.code)).toEqual([
    'VN',
    'VN',
    'VN',
    'KR',
    'US',
  ]);
  expect(nationalities.named('Nước Không Có')).toBeUndefined();
});

it('a long list is told by its ends, a short one whole; a text that is no code is only measured', () => {
  const messageOf = (catalogue: Catalogue, code: string): string => {
    const parsed = catalogue.parse(code);
    return parsed.ok ? '' : parsed.message.en;
  };
  expect(messageOf(ethnicGroups, '99')).toBe(
    '99 is not in the catalogue of ethnic groups, which has 54 codes from 01 to 54',
  );
  expect(messageOf(genders, 'x')).toBe('x is not in the catalogue of genders, which has male, female, other');
  expect(messageOf(ethnicGroups, 'Nguyễn Thị Mẫu')).toMatch(/^a text of 14 characters is not /);
});

describe('comparable text', () => {
  it('counts tones and letters, and nothing else', () => {
    const different = ['Hòa', 'Hóa', 'Hoa', 'Hỏa', 'Hõa', 'Họa', 'Đa', 'Da', 'Ma', 'Mă', 'Mâ', 'Mơ', 'Mo'];
    expect(new Set(different.map(comparableText)).size).toBe(different.length);
    const same = ['Hoà-Bình', 'hòa bình', 'HÒA  BÌNH', 'Hòa Bình'.normalize('NFD'), '“Hòa Bình”'];
    expect(new Set(same.map(comparableText)).size).toBe(1);
  });

  it('is the same for every Unicode form of any text', () => {
    const property = fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(comparableText(text.normalize('NFD'))).toBe(comparableText(text.normalize('NFC')));
    });
    fc.assert(property);
  });
});
