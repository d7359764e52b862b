import { BusError } from '#lgsp/errors';
import { administrativeUnits } from '#lgsp/vietnam';
import { currentEnterprise, olderEnterprise } from './business-registration.enterprise.upstream';
import { RegistryRecord, WordList } from './business-registration.record.upstream';

const unreadable = (field: string): BusError => new BusError('upstream-invalid', { detail: { en: field, vi: field } });
const record = (json: Record<string, unknown>): RegistryRecord => new RegistryRecord(json, unreadable);

it.each([
  ['Y', true],
  ['N', false],
  [' y ', true],
  [1, true],
  ['0', false],
])('the flag %j is %s', (value, flag) => {
  expect(record({ IS_MAIN: value }).flag('IS_MAIN')).toBe(flag);
});

it.each(['', null, undefined, 'X', 2, {}])('the flag %j says its field', (value) => {
  expect(() => record({ IS_MAIN: value }).flag('IS_MAIN')).toThrow('IS_MAIN');
});

it.each([
  ['Nguyễn Thị Mẫu; Trần Văn Thử', ['Nguyễn Thị Mẫu', 'Trần Văn Thử']],
  ['Nguyễn Thị Mẫu', ['Nguyễn Thị Mẫu']],
  [';Nguyễn Thị Mẫu;;', ['Nguyễn Thị Mẫu']],
  ['', []],
  [null, []],
])('the joined names %j are %j', (value, names) => {
  expect(record({ LEGAL_NAMES: value }).joined('LEGAL_NAMES')).toEqual(names);
});

it.each([
  ['14/03/2015', '2015-03-14'],
  ['2015-03-14T00:00:00', '2015-03-14'],
  ['14/03/2015 23:59:59', '2015-03-14'],
  ['0001-01-01T00:00:00', undefined],
  ['', undefined],
  [null, undefined],
])('the day %j is %j', (value, day) => {
  expect(record({ FOUNDING_DATE: value }).day('FOUNDING_DATE')).toBe(day);
});

it.each(['31/02/2015', '14-3-2015', 'hôm qua', {}])('the day %j says its field', (value) => {
  expect(() => record({ FOUNDING_DATE: value }).day('FOUNDING_DATE')).toThrow('FOUNDING_DATE');
});

it('numbers come as numbers and as text, and others say their field', () => {
  expect([5e9, '5000000000.000', '', null].map((value) => record({ A: value }).number('A'))).toEqual([
    5e9,
    5e9,
    undefined,
    undefined,
  ]);
  expect(() => record({ A: '5 tỷ' }).number('A')).toThrow('A');
});

it('a list is a list, one alone, or nothing', () => {
  const names = (value: unknown): string[] =>
    record({ Member: value })
      .list('Member')
      .map((member) => member.needed('MEMBER_NAME'));
  const [first, second] = [{ MEMBER_NAME: 'A' }, { MEMBER_NAME: 'B' }];
  expect([names([first, second]), names(first), names(null), names(''), names([])]).toEqual([
    ['A', 'B'],
    ['A'],
    [],
    [],
    [],
  ]);
  expect(() => names(['A'])).toThrow('Member');
  expect(() => names([{}])).toThrow('MEMBER_NAME');
});

it('words are found however they are written', () => {
  const words = new WordList({ 'Hoạt động trở lại': 'resumption', '1': 'new' });
  expect([words.find('HOẠT  ĐỘNG TRỞ LẠI'), words.find('1'), words.find('2'), words.find(undefined)]).toEqual([
    'resumption',
    'new',
    undefined,
    undefined,
  ]);
});

describe('an enterprise', () => {
  const context = {
    statuses: new WordList({ '1': 'active' as const, 'Đang hoạt động': 'active' as const }),
    units: administrativeUnits,
  };
  const main = { ENTERPRISE_GDT_CODE: '0201600166', NAME: 'CÔNG TY MẪU' };

  it('with the least there is has empty lists and no other fields', () => {
    const found = currentEnterprise(record({ MainInformation: main }), context);
    expect(JSON.parse(JSON.stringify(found))).toEqual({
      code: '0201600166',
      name: 'CÔNG TY MẪU',
      legalRepresentatives: [],
      activities: [],
      members: [],
    });
    expect(currentEnterprise(record({ MainInformation: null }), context)).toBeUndefined();
    expect(olderEnterprise(record({ GetEntCert: null }), context)).toBeUndefined();
    expect(olderEnterprise(record({ GetEntCert: [] }), context)).toBeUndefined();
  });

  it.each([
    ['Việt Nam', { nationality: 'VN', country: 'Việt Nam' }],
    ['vn', { nationality: 'VN', country: 'vn' }],
    ['Hàn Quốc', { nationality: 'KR', country: 'Hàn Quốc' }],
    ['Nước Không Có', { country: 'Nước Không Có' }],
    ['', {}],
  ])('has members of the country %j', (country, expected) => {
    const member = { MEMBER_NAME: 'Nguyễn Thị Mẫu', AMOUNT: '1000.000', RATIO_PERCENT: 33.33, COUNTRY: country };
    const found = currentEnterprise(record({ MainInformation: main, Member: member }), context);
    expect(JSON.parse(JSON.stringify(found?.members))).toEqual([
      { name: 'Nguyễn Thị Mẫu', amount: 1_000, ratioPercent: 33.33, ...expected },
    ]);
  });

  it('of the older façade has its status by code or by words', () => {
    const older = (status: object) =>
      olderEnterprise(
        record({ GetEntCert: [{ MaSoDoanhNghiep: '0201600166', TenTiengViet: 'A', TinhTrangPhapLy: [status] }] }),
        context,
      );
    expect(older({ MaTinhTrangPhapLy: '77', TinhTrangPhapLy: 'Đang hoạt động' })).toMatchObject({
      status: 'active',
      statusCode: '77',
    });
    expect(older({ TinhTrangPhapLy: 'Khác' })).toMatchObject({ status: undefined, statusCode: 'Khác' });
  });
});
