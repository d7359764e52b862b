import fc from 'fast-check';
import {
  parseCommuneCode,
  parsePhone,
  parseProcedure,
  parseProvinceCode,
  parseTaxCode,
  parseTrackingNumber,
  procedureCatalogue,
  procedureOn,
  s10CheckDigit,
  taxCodeCheckDigit,
  type Procedure,
} from '#lgsp/vietnam';

const digits = (length: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));

describe('procedure code', () => {
  it.each(['1.001193', '2.000635', '3.000333'])('%s is one', (code) => {
    const [series, number] = code.split('.');
    expect(parseProcedure(code)).toEqual({ ok: true, value: { code, series, number } });
  });

  it.each(['', '1001193', '1.01193', '1.0011931', '10.001193', '1,001193', '1.001193.01'])('refuses %j', (text) => {
    expect(parseProcedure(text)).toMatchObject({ ok: false, rule: 'procedure-code' });
  });

  it('knows the procedures of the flows, each once and with both names', () => {
    const codes = procedureCatalogue.map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['1.001193', '1.000894', '1.000656', '1.004873', '2.000635']));
    expect(codes).toEqual(expect.arrayContaining(['1.004884', '1.004859', '2.001263', '3.000333', '3.000334']));
    expect(new Set(codes).size).toBe(codes.length);
    for (const { code, name } of procedureCatalogue) {
      expect(parseProcedure(code).ok).toBe(true);
      expect(Object.values(name).every((text) => text.length > 5)).toBe(true);
      expect(name.vi).toBe(name.vi.normalize('NFC'));
    }
  });

  const dated = (validFrom: string | null, validTo: string | null): Procedure => {
    return { ...procedureCatalogue[0]!, code: '9.000001', validFrom, validTo };
  };

  it.each([
    ['2025-02-28', 'valid'],
    ['2025-03-01', 'expired'],
    ['2019-12-31', 'not-yet-valid'],
    ['2020-01-01', 'valid'],
  ])('on %s is %s', (date, state) => {
    expect(procedureOn('9.000001', date, [dated('2020-01-01', '2025-02-28')])).toMatchObject({ state });
  });

  it('is valid without dates and unknown without an entry', () => {
    expect(procedureOn('1.001193', '2026-06-09')).toMatchObject({ state: 'valid', procedure: { code: '1.001193' } });
    expect(procedureOn('9.999999', '2026-06-09')).toEqual({ state: 'unknown' });
  });

  it('is answered by the entry in use on that day', () => {
    const [before, after] = [dated(null, '2025-12-31'), dated('2026-01-01', null)];
    for (const catalogue of [
      [before, after],
      [after, before],
    ]) {
      expect(procedureOn('9.000001', '2025-06-09', catalogue)).toEqual({ state: 'valid', procedure: before });
      expect(procedureOn('9.000001', '2026-06-09', catalogue)).toEqual({ state: 'valid', procedure: after });
    }
  });
});

describe('tax code', () => {
  it.each([
    ['0123456787', '0123456787', undefined, []],
    ['0123456787-001', '0123456787', '001', []],
    ['0123456789', '0123456789', undefined, ['tax-code-check-digit']],
    ['0123456789-002', '0123456789', '002', ['tax-code-check-digit']],
  ])('%s', (code, enterprise, branch, warnings) => {
    expect(parseTaxCode(code)).toEqual({ ok: true, value: { code, enterprise, branch, warnings } });
  });

  it.each(['', '012345678', '01234567890', '0123456787001', '0123456787-01', '0123456787-0001', '012345678X'])(
    'refuses %j',
    (text) => {
      expect(parseTaxCode(text)).toMatchObject({ ok: false, rule: 'tax-code' });
    },
  );

  it('warns of exactly the wrong last digits', () => {
    const property = fc.property(digits(9), digits(1), (firstNine, last) => {
      const parsed = parseTaxCode(firstNine + last);
      expect(parsed.ok && parsed.value.warnings.length === 0).toBe(taxCodeCheckDigit(firstNine) === Number(last));
    });
    fc.assert(property);
  });
});

describe('tracking number', () => {
  it.each([
    ['EE123456785VN', 'ems', []],
    ['EE123456789VN', 'ems', ['s10-check-digit']],
    ['RA473124829VN', 'registered', []],
    ['CP000000005VN', 'parcel', []],
    ['LX000000015VN', 'express-letter', ['s10-check-digit']],
    ['UA123456785CN', 'other', []],
  ])('%s is %s with warnings %j', (code, service, warnings) => {
    const serial = code.slice(2, 10);
    expect(parseTrackingNumber(code)).toEqual({
      ok: true,
      value: {
        form: 's10',
        code,
        service,
        serviceIndicator: code.slice(0, 2),
        serial,
        checkDigit: Number(code[10]),
        country: code.slice(11),
        warnings,
      },
    });
  });

  it.each(['12345', 'VNP-2026-000123', 'EE123456785', 'ee123456785vn'])('%s is taken as domestic', (code) => {
    expect(parseTrackingNumber(code)).toEqual({ ok: true, value: { form: 'domestic', code, warnings: ['not-s10'] } });
  });

  it.each(['', '1234', 'EE 123456785 VN', 'A'.repeat(41), '-12345', 'EE12345678ĐVN'])('refuses %j', (text) => {
    expect(parseTrackingNumber(text)).toMatchObject({ ok: false, rule: 'tracking-number' });
  });

  it('has one digit that checks, and it notices any other', () => {
    const property = fc.property(digits(8), (serial) => {
      const quiet = [...'0123456789'].filter((check) => {
        const parsed = parseTrackingNumber(`EE${serial}${check}VN`);
        return parsed.ok && parsed.value.warnings.length === 0;
      });
      expect(quiet).toEqual([String(s10CheckDigit(serial))]);
    });
    fc.assert(property);
  });

  it('notices two neighbouring digits that changed places, unless the remainder hides it (0 and 5 stand for two)', () => {
    const property = fc.property(digits(8), fc.integer({ min: 0, max: 6 }), (serial, at) => {
      const swapped = [...serial];
      [swapped[at], swapped[at + 1]] = [swapped[at + 1]!, swapped[at]!];
      fc.pre(swapped.join('') !== serial);
      const [before, after] = [s10CheckDigit(serial), s10CheckDigit(swapped.join(''))];
      expect(before !== after || before === 5 || before === 0).toBe(true);
    });
    fc.assert(property);
  });
});

describe('area codes', () => {
  it('have five digits for a commune and two for a province', () => {
    expect(parseCommuneCode('11407')).toEqual({ ok: true, value: '11407' });
    expect(parseProvinceCode('01')).toEqual({ ok: true, value: '01' });
  });

  it.each(['', '1140', '114070', '1140a', '11 407'])('refuse %j as a commune', (text) => {
    expect(parseCommuneCode(text)).toMatchObject({ ok: false, rule: 'commune-code' });
  });

  it.each(['', '1', '031', 'HP'])('refuse %j as a province', (text) => {
    expect(parseProvinceCode(text)).toMatchObject({ ok: false, rule: 'province-code' });
  });
});

describe('telephone number', () => {
  it.each([
    ['0912345678', 'mobile', '0912345678', '+84912345678'],
    ['0912 345 678', 'mobile', '0912345678', '+84912345678'],
    ['+84 912.345.678', 'mobile', '0912345678', '+84912345678'],
    ['(+84) 912345678', 'mobile', '0912345678', '+84912345678'],
    ['0084912345678', 'mobile', '0912345678', '+84912345678'],
    ['84312345678', 'mobile', '0312345678', '+84312345678'],
    ['(0225) 3-842-123', 'landline', '02253842123', '+842253842123'],
    ['1900 1234', 'hotline', '19001234', undefined],
  ])('%s is a %s', (text, kind, national, e164) => {
    const parsed = parsePhone(text);
    expect(parsed).toEqual({ ok: true, value: { kind, national, ...(e164 ? { e164 } : {}) } });
  });

  it.each([
    '',
    '113',
    '912345678',
    '091234567',
    '09123456789',
    '+1 212 555 0100',
    '0412345678',
    'call me',
    '0912345678;',
  ])('refuses %j', (text) => {
    expect(parsePhone(text)).toMatchObject({ ok: false, rule: 'vietnamese-phone' });
  });
});
