import {
  AdministrativeUnits,
  type AdministrativeUnitsData,
  type Commune,
  type FormerCommune,
} from './administrative.units';
import { formerProvinces, provinces } from './province.catalogue';

/**
 * An excerpt, for trying things out: the communes of Hải Phòng alone, and the former wards of three districts. A deployment
 * gives the whole catalogue as a file (administrative-units.file.ts).
 *
 * Public data: names and codes of today's communes by Decision 19/2025/QĐ-TTg; what became of the former ones by Resolution
 * 1669/NQ-UBTVQH15 of 16/6/2025, their codes second-hand from the statistics catalogue before it.
 */
const haiPhong = '31';

const wards: Readonly<Record<string, string>> = {
  '10507': 'Thành Đông', '10525': 'Hải Dương', '10532': 'Lê Thanh Nghị', '10537': 'Tân Hưng', '10543': 'Việt Hòa',
  '10546': 'Chí Linh', '10549': 'Chu Văn An', '10552': 'Nguyễn Trãi', '10570': 'Trần Hưng Đạo',
  '10573': 'Trần Nhân Tông', '10603': 'Lê Đại Hành', '10660': 'Ái Quốc', '10675': 'Kinh Môn', '10678': 'Bắc An Phụ',
  '10714': 'Nhị Chiểu', '10726': 'Phạm Sư Mạnh', '10729': 'Trần Liễu', '10744': 'Nguyễn Đại Năng',
  '10837': 'Nam Đồng', '10891': 'Tứ Minh', '11002': 'Thạch Khôi', '11311': 'Hồng Bàng', '11329': 'Ngô Quyền',
  '11359': 'Gia Viên', '11383': 'Lê Chân', '11407': 'An Biên', '11411': 'Đông Hải', '11413': 'Hải An',
  '11443': 'Kiến An', '11446': 'Phù Liễn', '11455': 'Đồ Sơn', '11473': 'Bạch Đằng', '11488': 'Lưu Kiếm',
  '11506': 'Lê Ích Mộc', '11533': 'Hòa Bình', '11542': 'Nam Triệu', '11557': 'Thiên Hương', '11560': 'Thủy Nguyên',
  '11581': 'An Dương', '11593': 'An Phong', '11602': 'Hồng An', '11617': 'An Hải', '11689': 'Hưng Đạo',
  '11692': 'Dương Kinh', '11737': 'Nam Đồ Sơn',
}; // oxfmt-ignore

const ruralCommunes: Readonly<Record<string, string>> = {
  '10606': 'Nam Sách', '10615': 'Hợp Tiến', '10633': 'Trần Phú', '10642': 'Thái Tân', '10645': 'An Phú',
  '10705': 'Nam An Phụ', '10750': 'Phú Thái', '10756': 'Lai Khê', '10792': 'An Thành', '10804': 'Kim Thành',
  '10813': 'Thanh Hà', '10816': 'Hà Bắc', '10843': 'Hà Nam', '10846': 'Hà Tây', '10882': 'Hà Đông',
  '10888': 'Cẩm Giang', '10903': 'Cẩm Giàng', '10909': 'Tuệ Tĩnh', '10930': 'Mao Điền', '10945': 'Kẻ Sặt',
  '10966': 'Bình Giang', '10972': 'Đường An', '10993': 'Thượng Hồng', '10999': 'Gia Lộc', '11020': 'Yết Kiêu',
  '11050': 'Gia Phúc', '11065': 'Trường Tân', '11074': 'Tứ Kỳ', '11086': 'Đại Sơn', '11113': 'Tân Kỳ',
  '11131': 'Chí Minh', '11140': 'Lạc Phượng', '11146': 'Nguyên Giáp', '11164': 'Vĩnh Lại', '11167': 'Tân An',
  '11203': 'Ninh Giang', '11218': 'Hồng Châu', '11224': 'Khúc Thừa Dụ', '11239': 'Thanh Miện',
  '11242': 'Nguyễn Lương Bằng', '11254': 'Bắc Thanh Miện', '11257': 'Hải Hưng', '11284': 'Nam Thanh Miện',
  '11503': 'Việt Khê', '11629': 'An Lão', '11635': 'An Trường', '11647': 'An Quang', '11668': 'An Khánh',
  '11674': 'An Hưng', '11680': 'Kiến Thụy', '11713': 'Nghi Dương', '11725': 'Kiến Minh', '11728': 'Kiến Hưng',
  '11749': 'Kiến Hải', '11755': 'Tiên Lãng', '11761': 'Quyết Thắng', '11779': 'Tân Minh', '11791': 'Tiên Minh',
  '11806': 'Chấn Hưng', '11809': 'Hùng Thắng', '11824': 'Vĩnh Bảo', '11836': 'Vĩnh Thịnh', '11842': 'Vĩnh Thuận',
  '11848': 'Vĩnh Hòa', '11875': 'Vĩnh Hải', '11887': 'Vĩnh Am', '11911': 'Nguyễn Bỉnh Khiêm',
}; // oxfmt-ignore

const specialZones = { '11914': 'Cát Hải', '11948': 'Bạch Long Vĩ' };

const named = (kind: string, names: Readonly<Record<string, string>>): Commune[] =>
  Object.entries(names).map(([code, name]) => ({ code, name: `${kind} ${name}`, province: haiPhong }));

const formerWards = (province: string, district: string, ways: Readonly<Record<string, string>>): FormerCommune[] =>
  Object.entries(ways).map(([ward, to]) => {
    const [code = '', ...name] = ward.split(' ');
    return { code, name: `Phường ${name.join(' ')}`, province, district, to: to.split(' ') };
  });

/** `code name` of a former ward: codes of the communes of today in which it lies. */
const formerCommunes: FormerCommune[] = [
  ...formerWards('31', 'Quận Hồng Bàng', {
    '11296 Quán Toan': '11602', '11299 Hùng Vương': '11311', '11302 Sở Dầu': '11311', '11305 Thượng Lý': '11311',
    '11311 Minh Khai': '11311', '11320 Hoàng Văn Thụ': '11311', '11323 Phan Bội Châu': '11311',
  }),
  ...formerWards('31', 'Quận Ngô Quyền', {
    '11329 Máy Chai': '11329', '11335 Vạn Mỹ': '11329', '11338 Cầu Tre': '11329',
    '11347 Gia Viên': '11311 11329 11359', '11350 Đông Khê': '11329 11359', '11353 Cầu Đất': '11359 11383',
    '11359 Đằng Giang': '11359', '11362 Lạch Tray': '11359 11383',
  }),
  ...formerWards('30', 'Thành phố Hải Dương', {
    '10507 Cẩm Thượng': '10507', '10510 Bình Hàn': '10507', '10513 Ngọc Châu': '10525', '10514 Nhị Châu': '10525',
    '10516 Quang Trung': '10525', '10519 Nguyễn Trãi': '10507', '10525 Trần Hưng Đạo': '10525',
    '10528 Trần Phú': '10532 10537', '10531 Thanh Bình': '10532', '10532 Tân Bình': '10532',
    '10534 Lê Thanh Nghị': '10532', '10537 Hải Tân': '10537', '10540 Tứ Minh': '10543 10891',
    '10543 Việt Hòa': '10543',
  }),
]; // oxfmt-ignore

const excerpt: AdministrativeUnitsData = {
  source: 'excerpt: communes of Hải Phòng only',
  asOf: '2025-07-01',
  provinces,
  formerProvinces,
  communes: [...named('Phường', wards), ...named('Xã', ruralCommunes), ...named('Đặc khu', specialZones)],
  formerCommunes,
};

/** What serves until a deployment gives its file. */
export const administrativeUnits = new AdministrativeUnits(excerpt);
