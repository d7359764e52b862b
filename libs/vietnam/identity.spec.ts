import fc from 'fast-check';
import {
  isConsistentWith,
  parseIdentity,
  parseOldIdentityNumber,
  parsePersonalId,
  type PersonalId,
} from '#lgsp/vietnam';

const read = (text: string): PersonalId => {
  const parsed = parsePersonalId(text);
  if (!parsed.ok) throw new Error(parsed.message.en);
  return parsed.value;
};

describe('personal id', () => {
  it.each([
    ['031090123456', '031', 'male', 1990],
    ['030195000001', '030', 'female', 1995],
    ['031205123456', '031', 'male', 2005],
    ['001325123456', '001', 'female', 2025],
    ['999400000000', '999', 'male', 2100],
    ['031999999999', '031', 'female', 2399],
  ] as const)('%s tells the place, the sex and the year', (digits, placeOfBirthCode, sex, birthYear) => {
    expect(parsePersonalId(digits)).toEqual({ ok: true, value: { digits, placeOfBirthCode, sex, birthYear } });
  });

  it.each([
    '',
    '03109012345',
    '0310901234567',
    '03109012345a',
    ' 031090123456',
    '031090123456\n',
    '０３１０９０１２３４５６',
  ])('refuses %j', (text) => {
    expect(parsePersonalId(text)).toMatchObject({ ok: false, rule: 'personal-id' });
  });

  it('accepts every place of birth, because a citizen may live elsewhere', () => {
    for (let place = 0; place < 1000; place++) {
      expect(parsePersonalId(`${String(place).padStart(3, '0')}090123456`).ok).toBe(true);
    }
  });

  it('finds the year and sex that made it', () => {
    const property = fc.property(fc.integer({ min: 1900, max: 2399 }), fc.boolean(), (year, male) => {
      const century = 2 * Math.floor((year - 1900) / 100) + (male ? 0 : 1);
      const id = read(`031${century}${String(year % 100).padStart(2, '0')}654321`);
      expect([id.birthYear, id.sex]).toEqual([year, male ? 'male' : 'female']);
    });
    fc.assert(property);
  });

  it.each([
    ['1990-03-14', 'male', []],
    ['1990', undefined, []],
    [undefined, undefined, []],
    ['1991-03-14', 'male', ['birth-year']],
    [undefined, 'female', ['sex']],
    ['1890-03', 'female', ['birth-year', 'sex']],
  ] as const)('compared with %s and %s mismatches in %j', (birthDate, sex, mismatches) => {
    const consistency = isConsistentWith(read('031090123456'), birthDate, sex);
    expect(consistency).toEqual({ consistent: mismatches.length === 0, mismatches });
  });
});

describe('identity number', () => {
  it('tells the two kinds apart by length', () => {
    expect(parseIdentity('031234567')).toEqual({
      ok: true,
      value: { kind: 'old-identity-number', digits: '031234567' },
    });
    expect(parseIdentity('031090123456')).toMatchObject({ ok: true, value: { kind: 'personal-id', birthYear: 1990 } });
  });

  it.each(['', '03123456', '0312345678', '03123456789', '0310901234567', 'B1234567'])('refuses %j', (text) => {
    expect(parseIdentity(text)).toMatchObject({ ok: false, rule: 'identity-number' });
    expect(parseOldIdentityNumber(text)).toMatchObject({ ok: false, rule: 'old-identity-number' });
  });

  it('never quotes the number in its message', () => {
    const parsed = parseIdentity('0310901234567');
    expect(JSON.stringify(parsed)).not.toContain('0310901234567');
  });
});
