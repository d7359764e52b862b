import { administrativeUnits } from '#lgsp/vietnam';

/** Parts of invented names and places. No combination is meant to be a real person. */

export const familyNames = [
  'Nguyễn',
  'Trần',
  'Lê',
  'Phạm',
  'Hoàng',
  'Phan',
  'Vũ',
  'Đặng',
  'Bùi',
  'Đỗ',
  'Hồ',
  'Ngô',
  'Dương',
  'Lý',
];

export const middleNames = {
  male: ['Văn', 'Đức', 'Hữu', 'Minh', 'Quang', 'Công', 'Thành', 'Xuân', 'Ngọc', 'Gia'],
  female: ['Thị', 'Thu', 'Ngọc', 'Minh', 'Thanh', 'Phương', 'Hồng', 'Kim', 'Khánh', 'Diệu'],
} as const;

export const givenNames = {
  male: [
    'An',
    'Bình',
    'Cường',
    'Dũng',
    'Hải',
    'Hùng',
    'Khoa',
    'Long',
    'Nam',
    'Phong',
    'Quân',
    'Sơn',
    'Thắng',
    'Tuấn',
    'Việt',
  ],
  female: [
    'Anh',
    'Chi',
    'Dung',
    'Giang',
    'Hà',
    'Hương',
    'Lan',
    'Linh',
    'Mai',
    'Nga',
    'Oanh',
    'Phượng',
    'Quyên',
    'Trang',
    'Yến',
  ],
} as const;

/** Province code of the place of birth registration with its weight: mostly Hải Phòng, but any prefix occurs. */
export const birthplaces: readonly (readonly [string, number])[] = [
  ['031', 60],
  ['030', 20],
  ['001', 8],
  ['034', 5],
  ['036', 4],
  ['079', 3],
];

/** Real communes of Hải Phòng in which the invented people live: named as the catalogue names them. */
const communeCodes = ['11311', '11329', '11359', '11383', '11413', '11443', '11455', '11560', '11602', '11680'];

/** @throws Error on a code that is not in the catalogue of communes */
export const wards: readonly { code: string; name: string }[] = communeCodes.map((code) => {
  const commune = administrativeUnits.commune(code);
  if (!commune) throw new Error(`${code} is no commune of today`);
  return { code, name: commune.name };
});

export const streets = [
  'Lạch Tray',
  'Trần Phú',
  'Tô Hiệu',
  'Cầu Đất',
  'Điện Biên Phủ',
  'Văn Cao',
  'Hàng Kênh',
  'Minh Khai',
];
