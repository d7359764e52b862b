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

/** Invented wards with commune codes in the five-digit form. */
export const wards = [
  { code: '11296', name: 'Phường Hồng Bàng' },
  { code: '11311', name: 'Phường Ngô Quyền' },
  { code: '11329', name: 'Phường Gia Viên' },
  { code: '11359', name: 'Phường Lê Chân' },
  { code: '11407', name: 'Phường Hải An' },
  { code: '11443', name: 'Phường Kiến An' },
  { code: '11473', name: 'Phường Đồ Sơn' },
  { code: '11557', name: 'Xã Thủy Nguyên' },
  { code: '11602', name: 'Xã An Dương' },
  { code: '11680', name: 'Xã Kiến Thụy' },
] as const;

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
