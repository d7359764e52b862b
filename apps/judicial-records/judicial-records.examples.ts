import type { CertificateRequest, CertificateState } from './judicial-records.messages';

/** What the sandbox always has, whatever its seed. All of it is invented. */
const dossierExample = 'H24.11-260105-0016';
const recordIdExample = '4C4C54502D4D41552D30303136CCEF4A';
const readyExample: CertificateState = { status: 'ready', approvedOn: '2026-01-12', issuedOn: '2026-01-13' };

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

export const request = {
  input: requestExample,
  output: { receiptNumber: 'H24.11-261101-0001', status: 'received' as const, recordId: recordIdExample },
  varies: ['receiptNumber', 'recordId'],
};
export const status = { input: { dossier: dossierExample }, output: readyExample };
export const changes = {
  input: { limit: 100 },
  output: { changes: [{ recordId: recordIdExample, dossier: dossierExample, ...readyExample }], more: false },
  varies: ['changes', 'more'],
};
export const acknowledgement = { input: { recordIds: [recordIdExample] }, output: { acknowledged: 1 } };
