import type { FormerProvince, Province } from './administrative.units';

/** Today's 34 provinces with the codes that they kept: Resolution 202/2025/QH15, Decision 19/2025/QĐ-TTg. Whole. */
const today: Readonly<Record<string, string>> = {
  '01': 'Thành phố Hà Nội', '04': 'Tỉnh Cao Bằng', '08': 'Tỉnh Tuyên Quang', '11': 'Tỉnh Điện Biên', '12': 'Tỉnh Lai Châu',
  '14': 'Tỉnh Sơn La', '15': 'Tỉnh Lào Cai', '19': 'Tỉnh Thái Nguyên', '20': 'Tỉnh Lạng Sơn', '22': 'Tỉnh Quảng Ninh',
  '24': 'Tỉnh Bắc Ninh', '25': 'Tỉnh Phú Thọ', '31': 'Thành phố Hải Phòng', '33': 'Tỉnh Hưng Yên', '37': 'Tỉnh Ninh Bình',
  '38': 'Tỉnh Thanh Hóa', '40': 'Tỉnh Nghệ An', '42': 'Tỉnh Hà Tĩnh', '44': 'Tỉnh Quảng Trị', '46': 'Thành phố Huế',
  '48': 'Thành phố Đà Nẵng', '51': 'Tỉnh Quảng Ngãi', '52': 'Tỉnh Gia Lai', '56': 'Tỉnh Khánh Hòa', '66': 'Tỉnh Đắk Lắk',
  '68': 'Tỉnh Lâm Đồng', '75': 'Tỉnh Đồng Nai', '79': 'Thành phố Hồ Chí Minh', '80': 'Tỉnh Tây Ninh', '82': 'Tỉnh Đồng Tháp',
  '86': 'Tỉnh Vĩnh Long', '91': 'Tỉnh An Giang', '92': 'Thành phố Cần Thơ', '96': 'Tỉnh Cà Mau',
}; // oxfmt-ignore

/**
 * Provinces until 30/6/2025 whose code or name is no more: code, name, the province of today. Where two merged, the new one
 * may carry the name of one and the code of the other: 15 was Yên Bái and is Lào Cai, which was 10.
 */
const former: readonly (readonly [string, string, string])[] = [
  ['02', 'Tỉnh Hà Giang', '08'], ['06', 'Tỉnh Bắc Kạn', '19'], ['10', 'Tỉnh Lào Cai', '15'], ['15', 'Tỉnh Yên Bái', '15'],
  ['17', 'Tỉnh Hòa Bình', '25'], ['24', 'Tỉnh Bắc Giang', '24'], ['26', 'Tỉnh Vĩnh Phúc', '25'],
  ['27', 'Tỉnh Bắc Ninh', '24'], ['30', 'Tỉnh Hải Dương', '31'], ['34', 'Tỉnh Thái Bình', '33'],
  ['35', 'Tỉnh Hà Nam', '37'], ['36', 'Tỉnh Nam Định', '37'], ['44', 'Tỉnh Quảng Bình', '44'],
  ['45', 'Tỉnh Quảng Trị', '44'], ['46', 'Tỉnh Thừa Thiên Huế', '46'], ['49', 'Tỉnh Quảng Nam', '48'],
  ['52', 'Tỉnh Bình Định', '52'], ['54', 'Tỉnh Phú Yên', '66'], ['58', 'Tỉnh Ninh Thuận', '56'],
  ['60', 'Tỉnh Bình Thuận', '68'], ['62', 'Tỉnh Kon Tum', '51'], ['64', 'Tỉnh Gia Lai', '52'],
  ['67', 'Tỉnh Đắk Nông', '68'], ['70', 'Tỉnh Bình Phước', '75'], ['72', 'Tỉnh Tây Ninh', '80'],
  ['74', 'Tỉnh Bình Dương', '79'], ['77', 'Tỉnh Bà Rịa - Vũng Tàu', '79'], ['80', 'Tỉnh Long An', '80'],
  ['82', 'Tỉnh Tiền Giang', '82'], ['83', 'Tỉnh Bến Tre', '86'], ['84', 'Tỉnh Trà Vinh', '86'],
  ['87', 'Tỉnh Đồng Tháp', '82'], ['89', 'Tỉnh An Giang', '91'], ['91', 'Tỉnh Kiên Giang', '91'],
  ['93', 'Tỉnh Hậu Giang', '92'], ['94', 'Tỉnh Sóc Trăng', '92'], ['95', 'Tỉnh Bạc Liêu', '96'],
]; // oxfmt-ignore

export const provinces: Province[] = Object.entries(today)
  .map(([code, name]) => ({ code, name }))
  .sort((a, b) => (a.code < b.code ? -1 : 1));

export const formerProvinces: FormerProvince[] = former.map(([code, name, to]) => ({ code, name, to }));
