import fc from 'fast-check';
import { belongsToRoots, haiPhongRoots, parseAgencyCode, parseDossierCode, toDotted, toReversed } from '#lgsp/vietnam';

const root = fc.stringMatching(/^[A-Z][0-9]{2}$/);
const digits = (length: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));

describe('agency code', () => {
  it.each([
    ['000.00.00.H49', 'dotted', 'H49', []],
    ['000.00.01.H22', 'dotted', 'H22', ['01']],
    ['015.02.01.H24', 'dotted', 'H24', ['01', '02', '015']],
    ['015.00.01.H24', 'dotted', 'H24', ['01', '00', '015']],
    ['H30', 'reversed', 'H30', []],
    ['H21.129', 'reversed', 'H21', ['129']],
    ['G09.20', 'reversed', 'G09', ['20']],
  ])('%s is %s under %s with levels %j', (code, form, under, levels) => {
    expect(parseAgencyCode(code)).toEqual({ ok: true, value: { code, form, root: under, levels } });
  });

  it.each(['', 'H2', 'h24.01', '00.00.00.H49', '000.00.00.49', 'H24.', 'H24.01.02.003.4', 'H24-01', '000.00.00.H49 '])(
    'refuses %j',
    (text) => {
      expect(parseAgencyCode(text)).toMatchObject({ ok: false, rule: 'agency-code' });
    },
  );

  it.each([
    ['000.00.00.H49', 'H49'],
    ['000.00.01.H22', 'H22.01'],
    ['015.00.01.H24', 'H24.01.00.015'],
  ])('%s and %s are the two directions of one code', (dotted, reversed) => {
    expect(toReversed(dotted)).toEqual({ ok: true, value: reversed });
    expect(toDotted(reversed)).toEqual({ ok: true, value: dotted });
    expect(toReversed(reversed)).toEqual({ ok: true, value: reversed });
    expect(toDotted(dotted)).toEqual({ ok: true, value: dotted });
  });

  it.each(['H21.129', 'H22.00', 'H24.1', 'H24.01.02.15'])('%s has no dotted form without loss', (code) => {
    expect(toDotted(code)).toMatchObject({ ok: false, rule: 'agency-code-direction' });
  });

  it('refuses to turn what is no agency code', () => {
    expect(toDotted('x')).toMatchObject({ ok: false, rule: 'agency-code' });
    expect(toReversed('x')).toMatchObject({ ok: false, rule: 'agency-code' });
  });

  it('survives the way there and back', () => {
    const property = fc.property(digits(3), digits(2), digits(2), root, (v, z, y, under) => {
      const dotted = `${v}.${z}.${y}.${under}`;
      const reversed = toReversed(dotted);
      expect(reversed.ok && toDotted(reversed.value)).toEqual({ ok: true, value: dotted });
      expect(reversed.ok && parseAgencyCode(reversed.value)).toMatchObject({ ok: true, value: { root: under } });
    });
    fc.assert(property);
  });

  it.each([
    ['000.00.01.H24', true],
    ['H23.129', true],
    ['H22.129', false],
    ['H24 ', false],
  ])('%s belongs to Hải Phòng: %s', (code, expected) => {
    expect(belongsToRoots(code, haiPhongRoots)).toBe(expected);
  });
});

describe('dossier code', () => {
  it.each([
    ['000.00.01.H24-250812-0035', 'dotted', '000.00.01.H24', '2025-08-12', '0035'],
    ['H21.129-250812-0035', 'reversed', 'H21.129', '2025-08-12', '0035'],
    ['G09.20-20260609-0092637', 'reversed', 'G09.20', '2026-06-09', '0092637'],
    ['H24-240229-12345', 'reversed', 'H24', '2024-02-29', '12345'],
  ])('%s is %s of %s, received on %s', (code, kind, agency, receivedOn, serial) => {
    expect(parseDossierCode(code)).toEqual({ ok: true, value: { code, kind, agency, receivedOn, serial } });
  });

  it.each(['H21.129-251312-0035', 'H21.129-250230-0035', '000.00.01.H24-250012-0035', 'G09.20-20260631-0092637'])(
    '%s has an impossible date',
    (code) => {
      expect(parseDossierCode(code)).toMatchObject({ ok: false, rule: 'dossier-code-date' });
    },
  );

  it.each(['BCA26060900123', 'LTKS_31-2026/000123', 'H21.129-250812-003', 'h21.129-251312-0035', 'a'.repeat(64)])(
    '%s is the code of another system',
    (code) => {
      expect(parseDossierCode(code)).toEqual({ ok: true, value: { code, kind: 'opaque' } });
    },
  );

  it.each([
    '',
    'ABC12',
    'a'.repeat(65),
    'mã-hồ-sơ-1',
    'H21.129-250812-0035 ',
    'H21 129 250812',
    '../../etc/passwd',
    '--help',
    "1' OR '1'='1",
    'code-1234\r\nX: 1',
  ])('refuses %j', (text) => {
    expect(parseDossierCode(text)).toMatchObject({ ok: false, rule: 'dossier-code' });
  });

  it('finds the day in it, whatever the agency and serial', () => {
    const day = fc
      .tuple(fc.integer({ min: 2000, max: 2099 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
      .map((parts) => parts.map((part) => String(part).padStart(2, '0')) as [string, string, string]);
    const property = fc.property(root, day, fc.boolean(), digits(5), (under, [year, month, date], long, serial) => {
      const code = `${under}.01-${long ? year : year.slice(2)}${month}${date}-${serial}`;
      const receivedOn = `${year}-${month}-${date}`;
      expect(parseDossierCode(code)).toMatchObject({ ok: true, value: { receivedOn, serial, agency: `${under}.01` } });
    });
    fc.assert(property);
  });
});
