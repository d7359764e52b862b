import type { CertificateRequest, CertificateState } from './judicial-records.messages';

/** What the sandbox always has, whatever its seed. All of it is invented. */
export const dossierExample = 'H24.11-260105-0016';
export const recordIdExample = '4C4C54502D4D41552D30303136CCEF4A';
export const readyExample: CertificateState = { status: 'ready', approvedOn: '2026-01-12', issuedOn: '2026-01-13' };

export const requestExample: CertificateRequest = {
  requestedBy: 'person',
  form: 'number-1',
  copies: 1,
  purpose: 'Bổ sung hồ sơ xin việc làm',
  receivedOn: '2026-01-05',
  promisedOn: '2026-01-19',
  applicant: {
    fullName: 'Nguyễn Thị Mẫu',
    sex: 'female',
    birthDate: '1990-02-14',
    document: { type: 'citizen-card', number: '031190000016', issuedOn: '2021-05-20' },
    phone: '0900000016',
    permanentAddress: { text: 'Số 1 đường Lạch Tray, Phường Ngô Quyền, Hải Phòng', communeCode: '11329' },
    father: { fullName: 'Nguyễn Văn Thử', birthDate: '1962-03' },
  },
  residences: [{ from: '2004-09', to: '2026-01', place: 'Phường Ngô Quyền, Hải Phòng' }],
};
