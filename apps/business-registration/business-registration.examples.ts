import type {
  ChangesQuestion,
  DossierChanges,
  Enterprise,
  EnterpriseQuestion,
  RegistrationDossier,
  RegistrationQuestion,
  RegistrationStatus,
} from './business-registration.messages';

/** Invented enterprises and people; the sandbox always holds what is asked for. */

const name = 'CÔNG TY TNHH THƯƠNG MẠI MẪU HẢI PHÒNG';

export const enterpriseExample: { input: EnterpriseQuestion; output: Enterprise } = {
  input: { code: '0201600166' },
  output: {
    code: '0201600166',
    name,
    shortName: 'MẪU HẢI PHÒNG CO., LTD',
    foreignName: 'MAU HAI PHONG TRADING COMPANY LIMITED',
    type: 'Công ty trách nhiệm hữu hạn hai thành viên trở lên',
    typeCode: 'TNHH2TV',
    status: 'active',
    statusCode: '1',
    foundedOn: '2015-03-14',
    lastChangedOn: '2024-08-20',
    changes: 3,
    legalRepresentatives: ['Nguyễn Thị Mẫu', 'Trần Văn Thử'],
    charterCapital: 5_000_000_000,
    headOffice: {
      text: 'Số 1 đường Lạch Tray, Phường Máy Chai, Quận Ngô Quyền, Thành phố Hải Phòng',
      street: 'Số 1 đường Lạch Tray',
      commune: 'Phường Máy Chai',
      district: 'Quận Ngô Quyền',
      province: 'Thành phố Hải Phòng',
      provinceCode: '31',
      communeCodes: ['11329'],
    },
    activities: [
      { code: '4620', name: 'Bán buôn nông, lâm sản nguyên liệu', main: true },
      { code: '5210', name: 'Kho bãi và lưu giữ hàng hóa', main: false },
    ],
    members: [
      { name: 'Nguyễn Thị Mẫu', amount: 3_000_000_000, ratioPercent: 60, nationality: 'VN', country: 'Việt Nam' },
      { name: 'Trần Văn Thử', amount: 2_000_000_000, ratioPercent: 40, nationality: 'VN', country: 'Việt Nam' },
    ],
  },
};

const change: RegistrationDossier = {
  number: '251205001',
  kind: 'change',
  kindText: 'Đăng ký thay đổi',
  state: 'approved',
  statusCode: '4',
  enterpriseCode: '0201600166',
  enterpriseName: name,
  officeCode: '31',
  receivedOn: '2025-12-05',
  dueOn: '2025-12-10',
};

export const registrationExample: { input: RegistrationQuestion; output: RegistrationStatus } = {
  input: { number: change.number },
  output: {
    ...change,
    enterpriseTypeCode: 'TNHH2TV',
    approvedOn: '2025-12-09',
    supplementedOn: '2025-12-08',
    channel: 'Qua mạng điện tử',
  },
};

/** Twelve days: more than the registry lists at once. */
export const changesExample: { input: ChangesQuestion; output: DossierChanges } = {
  input: { by: 'received', from: '2025-12-01', to: '2025-12-12' },
  output: {
    dossiers: [
      change,
      {
        number: '251206001',
        kind: 'new',
        kindText: 'Đăng ký mới',
        state: 'needs-supplement',
        statusCode: '3',
        enterpriseName: 'CÔNG TY CỔ PHẦN THỬ NGHIỆM NGÔ QUYỀN',
        officeCode: '31',
        receivedOn: '2025-12-06',
        dueOn: '2025-12-11',
      },
      {
        number: '251211001',
        kind: 'suspension',
        kindText: 'Tạm ngừng',
        state: 'refused',
        statusCode: '5',
        enterpriseCode: '0201600166-001',
        enterpriseName: 'CHI NHÁNH CÔNG TY TNHH THƯƠNG MẠI MẪU HẢI PHÒNG',
        officeCode: '31',
        receivedOn: '2025-12-11',
        dueOn: '2025-12-16',
      },
    ],
  },
};
