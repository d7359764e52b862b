import { nationalities, type AdministrativeUnits } from '#lgsp/vietnam';
import type { BusinessActivity, Enterprise, EnterpriseStatus, HeadOffice } from './business-registration.messages';
import type { RegistryRecord, WordList } from './business-registration.record.upstream';

/** What is needed to read an enterprise beside its record. */
export interface EnterpriseContext {
  statuses: WordList<EnterpriseStatus>;
  units: AdministrativeUnits;
}

/** `chiTietDoanhNghiep` of today's façade: blocks in capitals, names joined by `;`, `Y` and `N`. */
export function currentEnterprise(answer: RegistryRecord, context: EnterpriseContext): Enterprise | undefined {
  const [main] = answer.list('MainInformation');
  if (!main?.text('ENTERPRISE_GDT_CODE')) return undefined;
  const [address] = answer.list('HOAdress');
  const statusCode = main.text('ENTERPRISE_STATUS');
  return {
    code: main.needed('ENTERPRISE_GDT_CODE'),
    name: main.needed('NAME'),
    shortName: main.text('SHORT_NAME'),
    foreignName: main.text('NAME_F'),
    type: main.text('ENTERPRISE_TYPE_NAME'),
    typeCode: main.text('ENTERPRISE_TYPE_ID'),
    status: context.statuses.find(statusCode),
    statusCode,
    oldCertificateNumber: main.text('IMP_BUSINESS_CODE'),
    foundedOn: main.day('FOUNDING_DATE'),
    lastChangedOn: main.day('LAST_AMEND_DATE'),
    changes: main.number('NUMBER_CHANGES'),
    legalRepresentatives: main.joined('LEGAL_NAMES'),
    charterCapital: main.number('CAPITAL_AMOUNT'),
    headOffice:
      address &&
      placed(context.units, {
        text: address.text('AddressFullText'),
        street: address.text('StreetNumber'),
        commune: address.text('WardName'),
        district: address.text('DistrictName'),
        province: address.text('CityName'),
      }),
    activities: activitiesOf(answer.list('BusinessActivity'), ['CODE', 'NAME', 'IS_MAIN']),
    members: answer.list('Member').map((member) => ({
      name: member.needed('MEMBER_NAME'),
      amount: member.number('AMOUNT'),
      ratioPercent: member.number('RATIO_PERCENT'),
      ...countryOf(member.text('COUNTRY')),
    })),
  };
}

/**
 * `GetEntCert` of the older façade: names without diacritics, lists within lists, 1 and 0, times where days are meant. It
 * knows no capital and no members. Papers of the representatives are in it and stay there: nobody here needs them.
 */
export function olderEnterprise(answer: RegistryRecord, context: EnterpriseContext): Enterprise | undefined {
  const [main] = answer.list('GetEntCert');
  if (!main?.text('MaSoDoanhNghiep')) return undefined;
  const [status] = main.list('TinhTrangPhapLy');
  const [address] = main.list('DiaChiTruSo').flatMap((office) => office.list('DiaChi'));
  const [statusCode, statusText] = [status?.text('MaTinhTrangPhapLy'), status?.text('TinhTrangPhapLy')];
  return {
    code: main.needed('MaSoDoanhNghiep'),
    name: main.needed('TenTiengViet'),
    shortName: main.text('TenVietTat'),
    foreignName: main.text('TenNuocNgoai'),
    type: main.text('LoaiHinhDN'),
    typeCode: main.text('MaLoaiHinhDN'),
    status: context.statuses.find(statusCode) ?? context.statuses.find(statusText),
    statusCode: statusCode ?? statusText,
    suspendedFrom: status?.day('NgayBatDauTamNgung'),
    suspendedTo: status?.day('NgayKetThucTamNgung'),
    oldCertificateNumber: main.text('SoGCNDKKD'),
    foundedOn: main.day('NgayDangKyLanDau'),
    lastChangedOn: main.day('NgayDangKyThayDoi'),
    changes: main.number('SoLanDangKyThayDoi'),
    legalRepresentatives: main
      .list('DaiDienPhapLuat')
      .flatMap((representative) => representative.list('ThongTinCaNhan'))
      .map((person) => person.needed('HoVaTen')),
    headOffice:
      address &&
      placed(context.units, {
        text: address.text('DiaChi'),
        street: address.text('SoNha'),
        commune: address.text('TenPhuongXa'),
        district: address.text('TenQuanHuyen'),
        province: address.text('TenTinhThanh'),
      }),
    activities: activitiesOf(main.list('NganhNgheKinhDoanh'), ['MaNganh', 'TenNganh', 'LaNganhChinh']),
    members: [],
  };
}

const activitiesOf = (records: RegistryRecord[], [code, name, main]: [string, string, string]): BusinessActivity[] =>
  records.map((record) => ({ code: record.needed(code), name: record.needed(name), main: record.flag(main) }));

/**
 * The registry numbers places by a list of its own, so they are found by name. Addresses are as they were registered: one
 * with a district lies in a commune that is no more.
 */
function placed(units: AdministrativeUnits, office: Omit<HeadOffice, 'provinceCode' | 'communeCodes'>): HeadOffice {
  const { province = '', district, commune } = office;
  const today = units.locate({ province, district, commune });
  return { ...office, provinceCode: today.province?.code, communeCodes: today.communes.map(({ code }) => code) };
}

/** A country comes as a name or as a code. */
function countryOf(country: string | undefined): { nationality?: string; country?: string } {
  if (country === undefined) return {};
  const found = nationalities.find(country.toUpperCase()) ?? nationalities.named(country);
  return { nationality: found?.code, country };
}
