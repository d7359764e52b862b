import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import {
  AdministrativeUnits,
  administrativeUnits as units,
  faultsOfUnits,
  HoldsAdministrativeUnits,
  loadAdministrativeUnits,
  type AdministrativeUnitsData,
  type LocatedPlace,
} from '#lgsp/vietnam';

const { data } = units;
const names = ({ province, communes }: LocatedPlace): string[] => [
  province?.name ?? '-',
  ...communes.map(({ name }) => name),
];
const codesOf = (code: string, writtenOn?: string): unknown => {
  const today = units.communesToday(code, writtenOn);
  return today.ok ? today.value.map((commune) => commune.code) : today.message.en;
};

describe('provinces', () => {
  it('are 34, of 63 before', () => {
    expect(data.provinces).toHaveLength(34);
    const all = new Set([...data.provinces, ...data.formerProvinces].map(({ code }) => code));
    expect(all.size).toBe(63);
    for (const code of all) expect(units.provinceToday(code).ok).toBe(true);
  });

  it.each([
    ['31', 'Thành phố Hải Phòng'],
    ['30', 'Thành phố Hải Phòng'],
    ['10', 'Tỉnh Lào Cai'],
    ['15', 'Tỉnh Lào Cai'],
    ['89', 'Tỉnh An Giang'],
  ])('%s lies in %s', (code, name) => {
    expect(units.provinceToday(code)).toMatchObject({ ok: true, value: { name } });
  });

  it('are refused by value and list', () => {
    expect(units.provinceToday('99')).toMatchObject({
      rule: 'catalogue-code',
      message: { en: '99 is not in the catalogue of provinces (34 of them; excerpt: communes of Hải Phòng only)' },
    });
  });

  it.each(['Hải Dương', 'Tỉnh Hải Dương', 'hải dương', 'TP Hải Phòng', 'TP. HẢI PHÒNG', 'Thành phố Hải Phòng'])(
    '%s is Hải Phòng',
    (province) => {
      expect(units.locate({ province })).toEqual({ province: units.province('31'), communes: [] });
    },
  );
});

describe('communes', () => {
  it('of Hải Phòng are 114: 45 wards, 67 communes, 2 special zones', () => {
    const kinds = units.communesOf('31').map(({ name }) => name.split(' ')[0]);
    const count = (kind: string): number => kinds.filter((it) => it === kind).length;
    expect([kinds.length, count('Phường'), count('Xã'), count('Đặc')]).toEqual([114, 45, 67, 2]);
  });

  it('of before lead to those of today', () => {
    const property = fc.property(fc.constantFrom(...data.formerCommunes), ({ code, to }) => {
      expect(codesOf(code, '2025-06-30')).toEqual(to);
    });
    fc.assert(property);
  });

  it('of today stay what they are, whatever the code once meant', () => {
    const property = fc.property(fc.constantFrom(...data.communes), ({ code }) => {
      expect(codesOf(code)).toEqual([code]);
      expect(codesOf(code, '2026-01-01')).toEqual([code]);
    });
    fc.assert(property);
  });

  it('may have been split', () => {
    // Gia Viên of the district Ngô Quyền went to three wards; one of them has its name, and another code.
    expect(codesOf('11347')).toEqual(['11311', '11329', '11359']);
    expect(units.commune('11359')?.name).toBe('Phường Gia Viên');
  });

  it('of before have given their code to another: the day on which it was written decides', () => {
    const [ngoQuyen, giaVien] = ['11329', '11359'].map((code) => units.commune(code)!);
    const former = { code: ngoQuyen!.code, name: 'Phường Nơi Khác', province: '31', to: [giaVien!.code] };
    const own = new AdministrativeUnits({ ...data, formerCommunes: [former] });
    const on = (day?: string): unknown => own.communesToday('11329', day);
    expect(on('2025-06-30')).toEqual({ ok: true, value: [giaVien] });
    for (const day of ['2025-07-01', undefined]) expect(on(day)).toEqual({ ok: true, value: [ngoQuyen] });
  });

  it('are refused by value and list', () => {
    expect(codesOf('99999')).toBe(
      '99999 is not in the catalogue of communes (114 of them; excerpt: communes of Hải Phòng only)',
    );
  });

  it.each([
    [{ province: 'Thành phố Hải Phòng', commune: 'Phường Gia Viên' }, ['Phường Gia Viên']],
    [
      { province: 'Hải Phòng', district: 'Quận Ngô Quyền', commune: 'PHƯỜNG GIA VIÊN' },
      ['Phường Hồng Bàng', 'Phường Ngô Quyền', 'Phường Gia Viên'],
    ],
    [
      { province: 'Tỉnh Hải Dương', district: 'Thành phố Hải Dương', commune: 'Phường Trần Hưng Đạo' },
      ['Phường Hải Dương'],
    ],
    // Without its district it is the ward of today, which lies elsewhere.
    [{ province: 'Tỉnh Hải Dương', commune: 'Phường Trần Hưng Đạo' }, ['Phường Trần Hưng Đạo']],
    [{ province: 'Hải Phòng', commune: 'Phường Máy Chai' }, ['Phường Ngô Quyền']],
    [{ province: 'Hải Phòng', commune: 'Phường Việt Hoà' }, ['Phường Việt Hòa']],
    [{ province: 'Hải Phòng', district: 'Quận Không Có', commune: 'Phường Máy Chai' }, []],
    [{ province: 'Hải Phòng', commune: 'Xã Không Có' }, []],
  ])('%j', (place, communes) => {
    expect(names(units.locate(place))).toEqual(['Thành phố Hải Phòng', ...communes]);
  });

  it('of an unknown province are nowhere', () => {
    expect(units.locate({ province: 'Tỉnh Không Có', commune: 'Phường Gia Viên' })).toEqual({ communes: [] });
  });
});

describe('a file of administrative units', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lgsp-units-'));
  const path = join(folder, 'units.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  class Settings {
    @HoldsAdministrativeUnits()
    file: string = path;
  }
  const told = (content: string): string => {
    writeFileSync(path, content);
    const [fault] = validateSync(new Settings());
    return Object.values(fault?.constraints ?? {}).join();
  };
  const copy = (): AdministrativeUnitsData => structuredClone(data);

  it('replaces the excerpt', () => {
    const own = {
      ...copy(),
      source: 'Sở Nội vụ, 2026',
      communes: [{ code: '11999', name: 'Xã Mới', province: '31' }],
      formerCommunes: [],
    };
    expect(told(JSON.stringify(own))).toBe('');
    const loaded = loadAdministrativeUnits(path);
    expect(loaded.data).toEqual(own);
    expect(names(loaded.locate({ province: 'Hải Phòng', commune: 'xã mới' }))).toEqual([
      'Thành phố Hải Phòng',
      'Xã Mới',
    ]);
    expect(loadAdministrativeUnits()).toBe(units);
  });

  it('is the whole excerpt again after writing and reading', () => {
    expect(told(JSON.stringify(data))).toBe('');
    expect(loadAdministrativeUnits(path).data).toEqual(data);
  });

  it.each([
    ['{"source":', 'it is not JSON'],
    ['7', 'it is not an object'],
    [
      '{}',
      'source: is missing; asOf: is not a date; provinces: is not a list; communes: is not a list; formerProvinces: ',
    ],
  ])('%s is none: %s', (content, fault) => {
    expect(told(content)).toContain(`must be a file of administrative units: ${fault}`);
    expect(() => loadAdministrativeUnits(path)).toThrow(fault);
  });

  it('of docs/vietnam.md is one', () => {
    const page = readFileSync(join(__dirname, '../../docs/vietnam.md'), 'utf8');
    const [, example = ''] = /```json\n(\{\n  "source"[^]*?)```/.exec(page) ?? [];
    expect(faultsOfUnits(JSON.parse(example))).toEqual([]);
  });

  it('that is not there is told so', () => {
    expect(() => loadAdministrativeUnits(join(folder, 'none.json'))).toThrow('it cannot be read (ENOENT)');
  });

  it('tells the first faults by their places, and how many more there are', () => {
    const wrong = copy();
    for (const commune of wrong.communes) commune.province = '99';
    expect(told(JSON.stringify(wrong))).toMatch(/communes\[0\].province: there is no "99"; .*; and 104 more$/);
  });

  it('with one row spoilt is refused, and the place is told', () => {
    const lists = ['provinces', 'formerProvinces', 'communes', 'formerCommunes'] as const;
    const fields = ['code', 'name', 'province', 'to', 'district'];
    const garbage = fc.oneof(
      fc.constant(undefined),
      fc.constant(null),
      fc.integer(),
      fc.constant(''),
      fc.constant(['0']),
    );
    const property = fc.property(
      fc.constantFrom(...lists),
      fc.nat(),
      fc.constantFrom(...fields),
      garbage,
      (list, nth, field, value) => {
        const spoilt = copy();
        const at = nth % spoilt[list].length;
        const row = spoilt[list][at] as unknown as Record<string, unknown>;
        // A district may be missing, or be anything that is text.
        fc.pre(field in row && !(field === 'district' && (value === undefined || value === '')));
        row[field] = value;
        expect(faultsOfUnits(spoilt).join()).toContain(`${list}[${at}].${field}`);
      },
    );
    fc.assert(property);
  });
});
