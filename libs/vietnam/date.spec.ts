import fc from 'fast-check';
import {
  dateForms,
  formatDate,
  formatSlashed,
  nowInVietnam,
  parseAnyDate,
  parseDate,
  parseDateTime,
  parseFullDate,
  parsePartialDate,
  parseSplitDate,
  precisionOf,
  todayInVietnam,
  toSplitDate,
  valueOrThrow,
  type DateForm,
} from '#lgsp/vietnam';

const two = (part: number): string => String(part).padStart(2, '0');

/** Independent of the library: the calendar of JavaScript, read in UTC only. */
const day = fc
  .integer({ min: Date.UTC(1800, 0, 1), max: Date.UTC(2399, 11, 31) })
  .map((ms) => new Date(ms).toISOString().slice(0, 10));
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map(two).join(':'));
const dateTime = fc.tuple(day, time).map(([date, clock]) => `${date}T${clock}+07:00`);

const examples: [DateForm, string, string][] = [
  ['dd/MM/yyyy', '09/06/2026', '2026-06-09'],
  ['dd/MM/yyyy HH:mm:ss', '09/06/2026 22:15:07', '2026-06-09T22:15:07+07:00'],
  ['yyyy-MM-dd', '2026-06-09', '2026-06-09'],
  ['yyyyMMdd', '20260609', '2026-06-09'],
  ['yyyyMMddHHmmss', '20260609221507', '2026-06-09T22:15:07+07:00'],
  ['dd-MM-yyyy', '09-06-2026', '2026-06-09'],
  ['HH:mm', '22:15', '22:15'],
  ['yyyy', '1958', '1958'],
  ['MM/yyyy', '06/1958', '1958-06'],
  ['yyyy-MM', '1958-06', '1958-06'],
  ['yyyy-MM-ddTHH:mm:ssXXX', '2026-06-09T22:15:07+07:00', '2026-06-09T22:15:07+07:00'],
];

describe('date forms', () => {
  it('have an example each', () => {
    expect(examples.map(([form]) => form)).toEqual([...dateForms]);
  });

  it.each(examples)('%s: %s is %s, both ways and when guessed', (form, text, iso) => {
    expect(parseDate(text, form)).toEqual({ ok: true, value: iso });
    expect(formatDate(iso, form)).toEqual({ ok: true, value: text });
    expect(parseAnyDate(text)).toEqual({ ok: true, value: iso });
  });

  it.each(examples)('%s refuses the texts of the other forms', (form, own) => {
    const others = examples.filter(([, text]) => text !== own);
    // A date-time may leave its offset out, but these all differ in more.
    expect(others.filter(([, text]) => parseDate(text, form).ok)).toEqual([]);
  });

  it.each([
    ['dd/MM/yyyy', '31/04/2026'],
    ['dd/MM/yyyy', '29/02/2025'],
    ['dd/MM/yyyy', '29/02/1900'],
    ['dd/MM/yyyy', '9/6/2026'],
    ['dd/MM/yyyy', '00/06/2026'],
    ['dd/MM/yyyy', '01/01/0001'],
    ['MM/yyyy', '13/1958'],
    ['yyyyMMdd', '20261301'],
    ['yyyyMMddHHmmss', '20260609241507'],
    ['yyyyMMddHHmmss', '20260609226007'],
    ['dd/MM/yyyy HH:mm:ss', '09/06/2026 10:15:60'],
    ['HH:mm', '24:00'],
    ['HH:mm', '7:05'],
    ['yyyy-MM-ddTHH:mm:ssXXX', '2026-06-09T10:15:00+15:00'],
    ['yyyy-MM-ddTHH:mm:ssXXX', '2026-02-30T10:15:00Z'],
    ['yyyy-MM-ddTHH:mm:ssXXX', '9999-12-31T23:00:00Z'],
  ] as const)('%s refuses %s', (form, text) => {
    expect(parseDate(text, form)).toMatchObject({ ok: false, rule: 'date-form' });
  });

  it.each(['', 'hôm qua', '09.06.2026', '2026/06/09', '09/06/26'])('no form reads %j', (text) => {
    expect(parseAnyDate(text)).toMatchObject({ ok: false, rule: 'date-form' });
  });

  it.each([
    ['2026-06-09T03:15:00Z', '2026-06-09T10:15:00+07:00'],
    ['2026-06-09T20:15:00.123Z', '2026-06-10T03:15:00+07:00'],
    ['2025-12-31T18:30:00+00:00', '2026-01-01T01:30:00+07:00'],
    ['2026-01-01T01:00:00+09:30', '2025-12-31T22:30:00+07:00'],
    ['2026-06-09T10:15:00', '2026-06-09T10:15:00+07:00'],
    ['2026-06-09T10:15+07:00', '2026-06-09T10:15:00+07:00'],
    ['2026-06-09 10:15:00', '2026-06-09T10:15:00+07:00'],
  ])('the instant %s is %s in Vietnam', (text, iso) => {
    expect(parseAnyDate(text)).toEqual({ ok: true, value: iso });
  });

  it.each([
    ['1958', 'yyyyMMdd'],
    ['1958-06', 'dd/MM/yyyy'],
    ['2026-06-09', 'yyyyMMddHHmmss'],
    ['2026-06-09', 'HH:mm'],
    ['22:15', 'yyyy'],
  ] as const)('%s is not enough for %s, and nothing is made up', (iso, form) => {
    expect(formatDate(iso, form)).toMatchObject({ ok: false, rule: 'date-precision' });
  });

  it.each(['2026-02-30', '09/06/2026', '', '2026-6-9'])('formatting refuses %j, which is not ISO', (iso) => {
    expect(formatDate(iso, 'yyyy')).toMatchObject({ ok: false, rule: 'date-form' });
  });

  it('leaves out what a form does not ask for', () => {
    expect(formatDate('2026-06-09T20:15:00Z', 'dd/MM/yyyy')).toEqual({ ok: true, value: '10/06/2026' });
    expect(formatDate('2026-06-09', 'MM/yyyy')).toEqual({ ok: true, value: '06/2026' });
  });

  it('write the afternoon on the 24-hour clock', () => {
    const property = fc.property(dateTime, (iso) => {
      expect(valueOrThrow(formatDate(iso, 'yyyyMMddHHmmss'), 'internal')).toBe(iso.slice(0, 19).replace(/[-T:]/g, ''));
    });
    fc.assert(property);
  });

  it.each(dateForms)('%s survives the way there and back', (form) => {
    const property = fc.property(dateTime, (iso) => {
      const text = valueOrThrow(formatDate(iso, form), 'internal');
      const read = valueOrThrow(parseDate(text, form), 'internal');
      expect(iso).toContain(read);
      expect(formatDate(read, form)).toEqual({ ok: true, value: text });
      expect(parseAnyDate(text)).toEqual({ ok: true, value: read });
    });
    fc.assert(property);
  });
});

describe('partial dates', () => {
  it.each([
    ['1958', 'year', '1958', { year: 1958 }],
    ['1958-06', 'month', '06/1958', { year: 1958, month: 6 }],
    ['2024-02-29', 'day', '29/02/2024', { year: 2024, month: 2, day: 29 }],
    ['2000-02-29', 'day', '29/02/2000', { year: 2000, month: 2, day: 29 }],
    ['9999-12-31', 'day', '31/12/9999', { year: 9999, month: 12, day: 31 }],
  ])('%s is known to the %s', (iso, precision, slashed, split) => {
    expect(parsePartialDate(iso)).toEqual({ ok: true, value: iso });
    expect(precisionOf(iso)).toBe(precision);
    expect(formatSlashed(iso)).toEqual({ ok: true, value: slashed });
    expect(toSplitDate(iso)).toEqual({ ok: true, value: split });
    expect(parseSplitDate(split)).toEqual({ ok: true, value: iso });
    expect(parseFullDate(iso).ok).toBe(precision === 'day');
  });

  it.each([
    '',
    '58',
    '1958-13',
    '1958-00',
    '2025-02-29',
    '1900-02-29',
    '2026-04-31',
    '0001-01-01',
    '1958-6',
    '2026-06-09T',
  ])('refuses %j', (text) => {
    expect(parsePartialDate(text)).toMatchObject({ ok: false, rule: 'partial-date' });
    expect(parseFullDate(text)).toMatchObject({ ok: false, rule: 'full-date' });
    expect(formatSlashed(text)).toMatchObject({ ok: false, rule: 'partial-date' });
    expect(toSplitDate(text)).toMatchObject({ ok: false, rule: 'partial-date' });
  });

  it('agrees with the calendar on every day it accepts', () => {
    const part = fc.integer({ min: 0, max: 40 });
    const property = fc.property(fc.integer({ min: 1800, max: 2399 }), part, part, (year, month, date) => {
      const text = `${year}-${two(month)}-${two(date)}`;
      const utc = new Date(Date.UTC(year, month - 1, date)).toISOString().slice(0, 10);
      expect(parseFullDate(text).ok).toBe(utc === text);
    });
    fc.assert(property, { numRuns: 500 });
  });
});

describe('split dates', () => {
  it.each([
    [{ year: '1990', month: '03', day: '14' }, '1990-03-14'],
    [{ year: 1990, month: 3, day: 4 }, '1990-03-04'],
    [{ year: '1990', month: '', day: null }, '1990'],
    [{ year: 1990, month: '3' }, '1990-03'],
  ])('%j is %s', (split, iso) => {
    expect(parseSplitDate(split)).toEqual({ ok: true, value: iso });
  });

  it.each([
    { year: '' },
    { year: null, month: 3, day: 4 },
    { year: 1990, day: 4 },
    { year: 1990, month: 2, day: 30 },
    { year: 1990, month: 1.5 },
    { year: 1990, month: -1 },
    { year: '1990-03', month: '14' },
    { year: 90 },
    { year: 1990, month: 0, day: 0 },
  ])('refuses %j', (split) => {
    expect(parseSplitDate(split)).toMatchObject({ ok: false, rule: 'partial-date' });
  });

  it('survive the way there and back', () => {
    const property = fc.property(day, fc.constantFrom(4, 7, 10), (date, length) => {
      const partial = date.slice(0, length);
      expect(parseSplitDate(valueOrThrow(toSplitDate(partial), 'internal'))).toEqual({ ok: true, value: partial });
    });
    fc.assert(property);
  });
});

describe('the clock of Vietnam', () => {
  it.each([
    ['2026-06-09T03:15:00.999Z', '2026-06-09T10:15:00+07:00'],
    ['2026-12-31T17:00:00Z', '2027-01-01T00:00:00+07:00'],
    ['2026-12-31T16:59:59Z', '2026-12-31T23:59:59+07:00'],
  ])('at %s shows %s', (instant, wall) => {
    expect(nowInVietnam(new Date(instant))).toBe(wall);
    expect(todayInVietnam(new Date(instant))).toBe(wall.slice(0, 10));
  });

  it('names the same second as the instant, all year', () => {
    const property = fc.property(fc.integer({ min: 0, max: Date.UTC(2399, 11, 31) }), (ms) => {
      expect(Date.parse(nowInVietnam(new Date(ms)))).toBe(ms - (ms % 1000));
    });
    fc.assert(property);
  });

  it('never asks the machine for its own time zone', () => {
    const local = ['getHours', 'getDate', 'getMonth', 'getFullYear', 'getTimezoneOffset', 'toString'] as const;
    const spies = local.map((method) => jest.spyOn(Date.prototype, method));
    valueOrThrow(parseAnyDate('2026-06-09T20:15:00Z'), 'internal');
    valueOrThrow(formatDate('2026-06-09T20:15:00Z', 'dd/MM/yyyy HH:mm:ss'), 'internal');
    nowInVietnam(new Date(0));
    const calls = spies.map((spy) => spy.mock.calls.length);
    spies.forEach((spy) => spy.mockRestore());
    expect(calls).toEqual(local.map(() => 0));
  });
});

describe('a date and time with its offset', () => {
  it.each([
    ['2026-06-09T10:15:00+07:00', '2026-06-09T10:15:00+07:00'],
    ['2026-06-09T03:15:00Z', '2026-06-09T10:15:00+07:00'],
    ['2026-06-09T03:15:00.123Z', '2026-06-09T10:15:00+07:00'],
    ['2026-06-08T22:15:00-05:00', '2026-06-09T10:15:00+07:00'],
  ])('%s is read', (text, iso) => {
    expect(parseDateTime(text)).toEqual({ ok: true, value: iso });
  });

  it.each(['2026-06-09T10:15:00', '2026-06-09', '2026-06-09T24:00:00Z', '2026-02-30T10:15:00Z', '09/06/2026 10:15:00'])(
    '%s is refused',
    (text) => {
      expect(parseDateTime(text)).toMatchObject({ ok: false, rule: 'date-time' });
    },
  );
});
