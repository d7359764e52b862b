import { taxCodeCheckDigit } from '#lgsp/vietnam';
import { mulberry32, type Population } from '../people/population';

/** One enterprise as the registry keeps it. */
export interface RegisteredEnterprise {
  id: number;
  code: string;
  name: string;
  shortName: string;
  foreignName: string;
  typeCode: string;
  type: string;
  /** 1 active … 5 revoked. */
  status: string;
  /** `yyyy-MM-dd`. */
  foundedOn: string;
  /** Never changed: null. */
  changedOn: string | null;
  changes: number;
  legalRepresentatives: string[];
  capital: number;
  place: Place;
  activities: { code: string; name: string; main: boolean }[];
  members: { name: string; amount: number; percent: number; country: string }[];
}

export interface Place {
  street: string;
  /** By the registry's own numbers, which are nobody else's. */
  ward: [number, string];
  /** Addresses registered since 1/7/2025 have none. */
  district?: [number, string];
  city: [number, string];
}

export const statusNames: Readonly<Record<string, string>> = {
  '1': 'Đang hoạt động',
  '2': 'Tạm ngừng kinh doanh',
  '3': 'Đang làm thủ tục giải thể',
  '4': 'Đã giải thể',
  '5': 'Bị thu hồi giấy chứng nhận',
};

const haiPhong: Place['city'] = [127, 'Thành phố Hải Phòng'];
const places: readonly Place[] = [
  {
    street: 'Số 1 đường Lạch Tray',
    ward: [20_901, 'Phường Máy Chai'],
    district: [1_301, 'Quận Ngô Quyền'],
    city: haiPhong,
  },
  {
    street: 'Số 12 đường Đà Nẵng',
    ward: [20_905, 'Phường Đông Khê'],
    district: [1_301, 'Quận Ngô Quyền'],
    city: haiPhong,
  },
  { street: 'Số 5 đường Trần Phú', ward: [31_359, 'Phường Gia Viên'], city: haiPhong },
  {
    street: 'Số 8 phố Thống Nhất',
    ward: [20_411, 'Phường Trần Hưng Đạo'],
    district: [1_288, 'Thành phố Hải Dương'],
    city: [128, 'Tỉnh Hải Dương'],
  },
];
const trades = [
  { code: '4620', name: 'Bán buôn nông, lâm sản nguyên liệu' },
  { code: '5210', name: 'Kho bãi và lưu giữ hàng hóa' },
  { code: '4933', name: 'Vận tải hàng hóa bằng đường bộ' },
] as const;

const own = { country: 'Việt Nam' };

/** The examples of the documentation: always there. */
const examples: readonly RegisteredEnterprise[] = [
  {
    id: 1_600_016,
    code: '0201600166',
    name: 'CÔNG TY TNHH THƯƠNG MẠI MẪU HẢI PHÒNG',
    shortName: 'MẪU HẢI PHÒNG CO., LTD',
    foreignName: 'MAU HAI PHONG TRADING COMPANY LIMITED',
    typeCode: 'TNHH2TV',
    type: 'Công ty trách nhiệm hữu hạn hai thành viên trở lên',
    status: '1',
    foundedOn: '2015-03-14',
    changedOn: '2024-08-20',
    changes: 3,
    legalRepresentatives: ['Nguyễn Thị Mẫu', 'Trần Văn Thử'],
    capital: 5_000_000_000,
    place: places[0]!,
    activities: [
      { ...trades[0], main: true },
      { ...trades[1], main: false },
    ],
    members: [
      { name: 'Nguyễn Thị Mẫu', amount: 3_000_000_000, percent: 60, ...own },
      { name: 'Trần Văn Thử', amount: 2_000_000_000, percent: 40, ...own },
    ],
  },
  {
    id: 1_600_017,
    code: '0201600166-001',
    name: 'CHI NHÁNH CÔNG TY TNHH THƯƠNG MẠI MẪU HẢI PHÒNG',
    shortName: '',
    foreignName: '',
    typeCode: 'CN',
    type: 'Chi nhánh',
    status: '2',
    foundedOn: '2019-05-06',
    changedOn: null,
    changes: 0,
    legalRepresentatives: ['Lê Thị Kiểm'],
    capital: 0,
    place: places[3]!,
    activities: [{ ...trades[2], main: true }],
    members: [],
  },
];

const generatedCount = 300;
const seed = 16;

/** The enterprises of the registry: the examples, and invented ones of the people of the sandbox. */
export class Enterprises {
  readonly all: readonly RegisteredEnterprise[];
  private readonly byCode: ReadonlyMap<string, RegisteredEnterprise>;

  constructor(people: Population) {
    const random = mulberry32(seed);
    const invented = Array.from({ length: generatedCount }, (_, serial) => invent(serial, people, random));
    this.all = [...examples, ...invented.filter((enterprise) => enterprise !== undefined)];
    this.byCode = new Map(this.all.map((enterprise) => [enterprise.code, enterprise]));
  }

  find(code: string): RegisteredEnterprise | undefined {
    return this.byCode.get(code);
  }
}

/** Undefined where no check digit fits the serial number: it is not given out. */
function invent(serial: number, { people }: Population, random: () => number): RegisteredEnterprise | undefined {
  const digits = `0201${String(70_000 + serial).padStart(5, '0')}`;
  const check = taxCodeCheckDigit(digits);
  const [owner, partner] = [
    people[Math.floor(random() * people.length)]!,
    people[Math.floor(random() * people.length)]!,
  ];
  if (check > 9) return undefined;
  const single = random() < 0.5;
  const capital = (1 + Math.floor(random() * 20)) * 500_000_000;
  const trade = Math.floor(random() * trades.length);
  const shares = single
    ? [{ name: owner.fullName, percent: 100 }]
    : [
        { name: owner.fullName, percent: 70 },
        { name: partner.fullName, percent: 30 },
      ];
  return {
    id: 1_700_000 + serial,
    code: `${digits}${check}`,
    name: `CÔNG TY TNHH ${owner.given.toLocaleUpperCase('vi')} ${owner.family.toLocaleUpperCase('vi')} ${serial + 1}`,
    shortName: '',
    foreignName: '',
    typeCode: single ? 'TNHH1TV' : 'TNHH2TV',
    type: `Công ty trách nhiệm hữu hạn ${single ? 'một thành viên' : 'hai thành viên trở lên'}`,
    status: random() < 0.9 ? '1' : String(2 + Math.floor(random() * 4)),
    foundedOn: `${2005 + (serial % 20)}-0${1 + (serial % 9)}-1${serial % 10}`,
    changedOn: serial % 3 === 0 ? null : '2024-11-05',
    changes: serial % 3,
    legalRepresentatives: shares.map(({ name }) => name),
    capital,
    place: places[serial % places.length]!,
    activities: trades.map((it, index) => ({ ...it, main: index === trade })),
    members: shares.map(({ name, percent }) => ({ name, percent, amount: (capital / 100) * percent, ...own })),
  };
}
