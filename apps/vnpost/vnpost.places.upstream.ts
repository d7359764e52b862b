import type { FieldError, Language, Text } from '#lgsp/errors';

/** A place as VNPost writes it: numbers of its own catalogue. District 0 is none. */
export interface PostalPlace {
  province: number;
  district: number;
}

/** A place as the bus has it, in codes of the statistics catalogue. */
export interface StatisticsPlace {
  provinceCode: string;
  districtCode?: string;
}

/**
 * Provinces: statistics code → VNPost's code. The two catalogues share their form and hardly a value: 31 is Hải Phòng here
 * and Hà Giang there. All 63 provinces before 1/7/2025 are in it; the 34 of today have kept one of these codes each.
 */
const provinceTable: Readonly<Record<string, number>> = {
  '01': 10, '02': 31, '04': 27, '06': 26, '08': 30, '10': 33, '11': 38, '12': 39, '14': 36, '15': 32, '17': 35, '19': 25,
  '20': 24, '22': 20, '24': 23, '25': 29, '26': 28, '27': 22, '30': 17, '31': 18, '33': 16, '34': 41, '35': 40, '36': 42,
  '37': 43, '38': 44, '40': 46, '42': 48, '44': 51, '45': 52, '46': 53, '48': 55, '49': 56, '51': 57, '52': 59, '54': 62,
  '56': 65, '58': 66, '60': 80, '62': 58, '64': 60, '66': 63, '67': 64, '68': 67, '70': 83, '72': 84, '74': 82, '75': 81,
  '77': 79, '79': 70, '80': 85, '82': 86, '83': 93, '84': 94, '86': 89, '87': 87, '89': 88, '91': 92, '92': 90, '93': 91,
  '94': 95, '95': 96, '96': 97,
}; // oxfmt-ignore

/** Districts of Hải Phòng before 1/7/2025. */
const haiPhong: Readonly<Record<string, number>> = {
  '303': 1810, '304': 1818, '305': 1836, '306': 1875, '307': 1851, '308': 1871, '309': 1890, '311': 1830, '312': 1848,
  '313': 1853, '314': 1867, '315': 1856, '316': 1862, '317': 1891, '318': 1872,
}; // oxfmt-ignore

/** Districts of Hải Dương, part of Hải Phòng since 1/7/2025 (Resolution 202/2025/QH15). */
const haiDuong: Readonly<Record<string, number>> = {
  '288': 1710, '290': 1742, '291': 1734, '292': 1738, '293': 1731, '294': 1727, '295': 1747, '296': 1751, '297': 1754,
  '298': 1765, '299': 1761, '300': 1758,
}; // oxfmt-ignore

/** The catalogue of one deployment: the tables above with its own additions and corrections. */
export class PlaceCatalogue {
  private readonly provinces = new Map(Object.entries(provinceTable));
  /** By `province/district`, both of the statistics catalogue. */
  private readonly districts = new Map<string, PostalPlace>();

  /**
   * @param provinces `31=18`
   * @param districts `31/303=18/1810`
   */
  constructor(provinces: readonly string[] = [], districts: readonly string[] = []) {
    for (const [district, code] of Object.entries(haiPhong)) this.addDistrict(`31/${district}`, 18, code);
    for (const [district, code] of Object.entries(haiDuong)) {
      // Whoever still says Hải Dương and whoever already says Hải Phòng mean the same place, and VNPost's 17.
      for (const province of ['30', '31']) this.addDistrict(`${province}/${district}`, 17, code);
    }
    for (const [statistics, postal] of provinces.map(twoSides)) this.provinces.set(statistics, Number(postal));
    for (const [statistics, postal] of districts.map(twoSides)) {
      const [province, district] = postal.split('/').map(Number);
      this.addDistrict(statistics, province!, district!);
    }
  }

  /** The place as VNPost writes it, or the field that it does not know, with the value and the codes that it does. */
  find(place: StatisticsPlace, path: string, language: Language): PostalPlace | FieldError {
    const { provinceCode, districtCode } = place;
    const province = this.provinces.get(provinceCode);
    if (province === undefined) {
      const known = [...this.provinces.keys()].sort().join(', ');
      return refusal(`${path}/provinceCode`, language, {
        en: `${provinceCode} is not in VNPost's catalogue of provinces; there are: ${known}`,
        vi: `${provinceCode} không có trong danh mục tỉnh của VNPost; các mã hiện có: ${known}`,
      });
    }
    if (districtCode === undefined) return { province, district: 0 };
    const found = this.districts.get(`${provinceCode}/${districtCode}`);
    if (found) return found;
    const known = this.districtsOf(provinceCode);
    return refusal(`${path}/districtCode`, language, {
      en: `${districtCode} is not in VNPost's catalogue of districts of ${provinceCode}; there are: ${known || 'none, leave it out'}`,
      vi: `${districtCode} không có trong danh mục huyện của VNPost thuộc tỉnh ${provinceCode}; các mã hiện có: ${known || 'chưa có, hãy bỏ trống'}`,
    });
  }

  private districtsOf(province: string): string {
    const prefix = `${province}/`;
    const codes = [...this.districts.keys()].filter((key) => key.startsWith(prefix));
    return codes
      .map((key) => key.slice(prefix.length))
      .sort()
      .join(', ');
  }

  private addDistrict(key: string, province: number, district: number): void {
    this.districts.set(key, { province, district });
  }
}

const refusal = (path: string, language: Language, message: Text): FieldError => ({
  path,
  rule: 'vnpost-place',
  message: message[language],
});

/** `31=18` → ['31', '18']; the configuration has checked the form. */
function twoSides(text: string): [string, string] {
  const [left = '', right = ''] = text.split('=');
  return [left, right];
}
