import { momentText, slashed, type RegistryDossier } from './business-registration.dossiers';
import { statusNames, type Place, type RegisteredEnterprise } from './business-registration.enterprises';

/** How the two façades write what the registry holds. */

const blank = (text: string): string | null => (text === '' ? null : text);

export function currentForm(enterprise: RegisteredEnterprise): object {
  const { place, members } = enterprise;
  const memberForms = members.map(({ name, amount, percent, country }) => ({
    MEMBER_NAME: name,
    AMOUNT: amount,
    RATIO_PERCENT: percent,
    COUNTRY: country,
  }));
  return {
    MainInformation: {
      ENTERPRISE_ID: enterprise.id,
      ENTERPRISE_GDT_CODE: enterprise.code,
      IMP_BUSINESS_CODE: null,
      ENTERPRISE_TYPE_ID: enterprise.typeCode,
      ENTERPRISE_TYPE_NAME: enterprise.type,
      NAME: enterprise.name,
      SHORT_NAME: blank(enterprise.shortName),
      NAME_F: blank(enterprise.foreignName),
      FOUNDING_DATE: slashed(enterprise.foundedOn),
      LAST_AMEND_DATE: enterprise.changedOn && slashed(enterprise.changedOn),
      NUMBER_CHANGES: enterprise.changes,
      ENTERPRISE_STATUS: enterprise.status,
      LEGAL_NAMES: enterprise.legalRepresentatives.join('; '),
      CAPITAL_AMOUNT: enterprise.capital,
    },
    HOAdress: {
      CityID: place.city[0],
      CityName: place.city[1],
      DistrictID: place.district?.[0] ?? null,
      DistrictName: place.district?.[1] ?? null,
      WardID: place.ward[0],
      WardName: place.ward[1],
      StreetNumber: place.street,
      AddressFullText: wholeAddress(place),
    },
    BusinessActivity: enterprise.activities.map(({ code, name, main }) => ({
      CODE: code,
      NAME: name,
      IS_MAIN: main ? 'Y' : 'N',
    })),
    // A list of one comes as the one: what is behind the façade speaks XML.
    Member: memberForms.length === 1 ? memberForms[0] : memberForms,
  };
}

export function olderForm(enterprise: RegisteredEnterprise): object {
  const { place, status } = enterprise;
  return {
    MaNoiBo: String(enterprise.id),
    MaSoDoanhNghiep: enterprise.code,
    SoGCNDKKD: '',
    MaLoaiHinhDN: enterprise.typeCode,
    LoaiHinhDN: enterprise.type,
    TenTiengViet: enterprise.name,
    TenNuocNgoai: enterprise.foreignName,
    TenVietTat: enterprise.shortName,
    NgayDangKyLanDau: `${enterprise.foundedOn}T00:00:00`,
    // What the system behind it has for "never".
    NgayDangKyThayDoi: `${enterprise.changedOn ?? '0001-01-01'}T00:00:00`,
    SoLanDangKyThayDoi: enterprise.changes,
    TinhTrangPhapLy: [
      {
        TinhTrangPhapLy: statusNames[status],
        MaTinhTrangPhapLy: status,
        NgayBatDauTamNgung: status === '2' ? '2026-01-01T00:00:00' : null,
        NgayKetThucTamNgung: status === '2' ? '2026-12-31T00:00:00' : null,
        LyDoTamNgung: '',
      },
    ],
    DaiDienPhapLuat: enterprise.legalRepresentatives.map((HoVaTen) => ({
      ThongTinCaNhan: [
        { HoVaTen, LoaiGiayToChungThuc: 'Thẻ căn cước', SoGiayChungThuc: '031000000000', QuocTich: 'Việt Nam' },
      ],
    })),
    DiaChiTruSo: [
      {
        DiaChi: [
          {
            QuocGia: 'Việt Nam',
            TenTinhThanh: place.city[1],
            MaTinhThanh: place.city[0],
            TenQuanHuyen: place.district?.[1] ?? '',
            MaQuanHuyen: place.district?.[0] ?? 0,
            TenPhuongXa: place.ward[1],
            MaPhuongXa: place.ward[0],
            DiaChi: wholeAddress(place),
            SoNha: place.street,
          },
        ],
      },
    ],
    NganhNgheKinhDoanh: enterprise.activities.map(({ code, name, main }) => ({
      MaNganh: code,
      TenNganh: name,
      LaNganhChinh: main ? 1 : 0,
    })),
  };
}

/** A line of the list of a period. */
export function receivedForm({ number, kind, name, enterprise, receivedOn, dueOn, status }: RegistryDossier): object {
  return {
    IN_JOURNAL_NO: number,
    DOCUMENT_TYPE: kind,
    ENTERPRISE_CODE: enterprise ? String(enterprise.id) : null,
    ENTERPRISE_GDT_CODE: enterprise?.code ?? null,
    NAME: name,
    SITE_ID: 31,
    RECEIPT_DATE: slashed(receivedOn),
    PLAN_DATE: slashed(dueOn),
    PROCESS_STATUS: status,
  };
}

/** A line of the list of today. */
export function processedForm({ number, kind, name, enterprise, status, changedAt }: RegistryDossier): object {
  return {
    IN_JOURNAL_NO: number,
    DOCUMENT_TYPE: kind,
    ENTERPRISE_GDT_CODE: enterprise?.code ?? null,
    NAME: name,
    SITE_ID: 31,
    PROCESS_STATUS: status,
    PROCESSED_DATE: momentText(changedAt),
  };
}

/** One dossier with everything, also who handed it in. */
export function dossierForm(dossier: RegistryDossier): object {
  return {
    ...receivedForm(dossier),
    ENTERPRISE_TYPE_ID: dossier.enterprise?.typeCode ?? null,
    REGISTRATION_DATE: dossier.approvedOn ? slashed(dossier.approvedOn) : '',
    SUPPLEMENT_DATE: dossier.supplementedOn ? slashed(dossier.supplementedOn) : '',
    SUBMISSION_TYPE: 'Qua mạng điện tử',
    CONTACT_FULL_NAME: 'Lê Thị Kiểm',
    CONTACT_ADDRESS: 'Số 8 phố Thống Nhất, Hải Phòng',
    CONTACT_ID_NO: '031188000019',
    CONTACT_PHONE: '0900000019',
    CONTACT_EMAIL: 'kiem@example.vn',
  };
}

const wholeAddress = ({ street, ward, district, city }: Place): string =>
  [street, ward[1], district?.[1], city[1]].filter((part) => part !== undefined).join(', ');
