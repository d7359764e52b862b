import fc from 'fast-check';
import { joinFullName, parsePersonName, splitFullName, toNfc, toVietnameseUpper } from '#lgsp/vietnam';

const word = fc.stringMatching(/^[A-ZĐ][a-zàáảãạăắâấđêếôốơớưứý]{1,6}$/);

describe('person name', () => {
  it.each([
    ['Nguyễn Thị Thử Nghiệm', 'Nguyễn', 'Thị Thử', 'Nghiệm'],
    ['Nguyễn Văn A', 'Nguyễn', 'Văn', 'A'],
    ['Trần Mẫu', 'Trần', '', 'Mẫu'],
    ['Mẫu', '', '', 'Mẫu'],
    ['', '', '', ''],
  ])('%j splits into %j, %j, %j and joins again', (fullName, family, middle, given) => {
    expect(splitFullName(fullName)).toEqual({ family, middle, given });
    expect(joinFullName({ family, middle, given })).toBe(fullName);
  });

  it('splits and joins without gaps, whatever the spaces', () => {
    expect(splitFullName('  Nguyễn \t Văn   A ')).toEqual({ family: 'Nguyễn', middle: 'Văn', given: 'A' });
    expect(joinFullName({ family: ' Nguyễn', middle: ' ', given: 'A ' })).toBe('Nguyễn A');
    expect(joinFullName({ family: 'Nguyễn', middle: 'Thị  Thử', given: 'A' })).toBe('Nguyễn Thị Thử A');
    expect(joinFullName({ given: 'A' })).toBe('A');
  });

  it('survives the way there and back', () => {
    const property = fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (words) => {
      const fullName = words.join(' ');
      expect(joinFullName(splitFullName(fullName))).toBe(fullName);
      expect(joinFullName(splitFullName(fullName.normalize('NFD')))).toBe(fullName);
      expect(parsePersonName(` ${words.join('  ').normalize('NFD')} `)).toEqual({ ok: true, value: fullName });
    });
    fc.assert(property);
  });

  it('is upper-cased with its marks, composed', () => {
    expect(toVietnameseUpper('Nguyễn Văn A')).toBe('NGUYỄN VĂN A');
    expect(toVietnameseUpper('Đặng Thị Ước'.normalize('NFD'))).toBe('ĐẶNG THỊ ƯỚC'.normalize('NFC'));
    expect(toNfc('ễ'.normalize('NFD'))).toBe('\u1EC5');
  });

  it.each(["H'Thử Niê", 'K’Mẫu', 'Y-Thử', 'Jean-Paul O. Mẫu', 'Nguyễn Văn A.', '阮文甲', 'Д. Проба'])(
    '%s is one',
    (name) => {
      expect(parsePersonName(name)).toEqual({ ok: true, value: name });
    },
  );

  it.each(['', ' ', '-', "'A", '1234', 'Nguyễn Văn A1', 'A; DROP TABLE', '<b>A</b>', 'A\u0000B', 'a'.repeat(101)])(
    'refuses %j',
    (text) => {
      expect(parsePersonName(text)).toMatchObject({ ok: false, rule: 'person-name' });
    },
  );
});
