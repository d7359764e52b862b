import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JudicialRecordsConfig } from './judicial-records.config';
import { requestExample } from './judicial-records.examples';
import { registrationForm, refusedFields } from './judicial-records.form.upstream';
import type { CertificateRequest } from './judicial-records.messages';

const request: CertificateRequest = {
  requestedBy: 'representative',
  form: 'number-2',
  copies: 2,
  extraCopies: 1,
  tellPositionBan: true,
  purpose: 'Kết hôn',
  note: 'Nhận tại bưu cục',
  receivedOn: '2026-11-02',
  promisedOn: '2026-11-16',
  feeReceiptNumber: 'BL-000123',
  applicant: {
    fullName: 'Phạm Thu Thử',
    otherName: 'Phạm Thử',
    sex: 'female',
    birthDate: '1958',
    birthPlace: 'Hải Phòng',
    ethnicGroup: '01',
    document: { type: 'old-identity-card', number: '031900016', issuedOn: '2001-03-04', issuedBy: 'CA Hải Phòng' },
    phone: '+84 900 000 016',
    email: 'phamthu@example.vn',
    permanentAddress: { text: 'Số 2 Tô Hiệu', communeCode: '11311' },
    temporaryAddress: { text: 'Số 3 Văn Cao', communeCode: '11296' },
    father: { fullName: 'Phạm Văn Mẫu', birthDate: '1930' },
    mother: { fullName: 'Lê Thị Mẫu' },
    spouse: { fullName: 'Trần Văn Mẫu', birthDate: '1956-07' },
  },
  residences: [{ from: '1972', to: '2026-10', place: 'Hải Phòng', occupation: 'Giáo viên', workplace: 'Trường A' }],
  representative: {
    fullName: 'Trần Thị Mẫu',
    sex: 'male',
    birthDate: '1985-01-31',
    address: { text: 'Số 4 Cầu Đất' },
    document: { type: 'passport', number: 'B1234567' },
    relation: 'Con',
    authorisedOn: '2026-10-30',
  },
  deliverTo: { text: 'Số 2 Tô Hiệu', communeCode: '11311' },
};

/** As the system's description lists the fields, in its order. */
const form = {
  idMinistryJustice: '117',
  idReceivedDec: '000.00.11.H24-261102-0007',
  dateReceivedDec: '02/11/2026',
  datePromissoryDec: '16/11/2026',
  idMoneyReceipt: 'BL-000123',
  declarationWSForm: {
    fullName: 'Phạm Thu Thử',
    otherName: 'Phạm Thử',
    genderId: 0,
    birthDateStr: '1958',
    birthPlace: 'Hải Phòng',
    nationalityId: 704,
    ethnicId: 55_305,
    residence: 'Số 2 Tô Hiệu',
    reRegionId: 9_120,
    residenceTemporary: 'Số 3 Văn Cao',
    rtRegionId: -1,
    idTypeId: 1,
    identifyNo: '031900016',
    idIssueDate: '04/03/2001',
    idIssuePlace: 'CA Hải Phòng',
    dadName: 'Phạm Văn Mẫu',
    dadDob: '1930',
    momName: 'Lê Thị Mẫu',
    partnerName: 'Trần Văn Mẫu',
    partnerDob: '07/1956',
    phone: '0900000016',
    email: 'phamthu@example.vn',
    ministryJusticeId: 117,
    declareDate: '02/11/2026',
    declareTypeId: 3845,
    requestQty: 2,
    requestQtyAdd: 1,
    objectRequestId: 72,
    formType: 2,
    isBanPosition: 1,
    delivery: 1,
    deliveryAddress: 'Số 2 Tô Hiệu',
    deliveryDistrict: 9_120,
    note: 'Nhận tại bưu cục',
    purpose: 'Kết hôn',
    receiveNo: '000.00.11.H24-261102-0007',
  },
  residenceWSForm: [
    {
      fromDateStr: '1972',
      toDateStr: '10/2026',
      residencePlace: 'Hải Phòng',
      jobName: 'Giáo viên',
      workPlace: 'Trường A',
    },
  ],
  mandatorWSForm: {
    fullName: 'Trần Thị Mẫu',
    genderId: 1,
    birthDateStr: '31/01/1985',
    residence: 'Số 4 Cầu Đất',
    regionId: -1,
    idTypeId: 0,
    identifyNo: 'B1234567',
    mandatorRelation: 'Con',
    mandatorDate: '30/10/2026',
  },
};

const codes = Object.assign(new JudicialRecordsConfig(), {
  unitId: '117',
  nationalities: { VN: 704, LA: 418 },
  ethnicGroups: { '01': 55_305 },
  regions: { '11311': 9_120 },
});
const formOf = (change: Partial<CertificateRequest>) =>
  registrationForm({ ...request, ...change }, '000.00.11.H24-261102-0007', codes, 'en');

it('a declaration is written field by field, in order', () => {
  expect(JSON.stringify(formOf({}))).toBe(JSON.stringify(form));
});

it.each<[Partial<CertificateRequest>, string, object]>([
  [{ requestedBy: 'person' }, 'VN', { declareTypeId: 3846, objectRequestId: 72 }],
  [{ requestedBy: 'person' }, 'LA', { declareTypeId: 3846, objectRequestId: 71, nationalityId: 418 }],
  [{ requestedBy: 'organisation' }, 'VN', { declareTypeId: 3847, objectRequestId: 73 }],
  [
    { requestedBy: 'procedural-body', form: 'number-1' },
    'LA',
    { declareTypeId: 3844, objectRequestId: 74, formType: 1 },
  ],
  [{ tellPositionBan: false, deliverTo: undefined }, 'VN', { isBanPosition: 0, delivery: 0 }],
])('who asks is coded: %j of %s', (change, nationality, declarationWSForm) => {
  const applicant = { ...request.applicant, nationality, sex: 'male' as const };
  expect(formOf({ ...change, applicant })).toMatchObject({ declarationWSForm: { ...declarationWSForm, genderId: 1 } });
});

it.each([
  ['citizen-card', 3],
  ['residence-card', 2],
  ['old-identity-card', 1],
  ['passport', 0],
] as const)('the document %s is coded as %i', (type, idTypeId) => {
  const applicant = { ...request.applicant, document: { type, number: 'C0000001' } };
  expect(formOf({ applicant })).toMatchObject({ declarationWSForm: { idTypeId } });
});

it('a declaration without mandate and residences says so', () => {
  expect(formOf({ representative: undefined, residences: undefined, feeReceiptNumber: undefined })).toMatchObject({
    residenceWSForm: [],
    mandatorWSForm: undefined,
    idMoneyReceipt: '0',
  });
});

it.each([
  ['identifyNo không đúng định dạng; thiếu phone.', ['/applicant/document/number', '/applicant/phone']],
  ['declarationWSForm.birthDateStr, residenceWSForm[2].toDateStr', ['/applicant/birthDate', '/residences/2']],
  ['mandatorWSForm.fullName', ['/representative']],
  ['residenceWSForm.fromDateStr', ['/residences']],
  ['Lỗi hệ thống, constructor', []],
])('a refusal that says "%s" names the caller’s fields', (description, paths) => {
  expect(refusedFields(description, 'vi')).toEqual(
    paths.map((path) => ({ path, rule: 'upstream-field', message: 'bị hệ thống nguồn từ chối' })),
  );
});

it('the page of the documentation shows what is sent', () => {
  const page = readFileSync(join(__dirname, '../../docs/connectors/judicial-records.md'), 'utf8');
  const blocks = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, json]) => JSON.parse(json!) as object);
  expect(page.replaceAll(/\s+/g, '')).toContain(JSON.stringify(requestExample).replaceAll(/\s+/g, ''));
  const sent = registrationForm(requestExample, 'H24.11-260105-0021', new JudicialRecordsConfig(), 'en');
  expect(blocks.map((block) => JSON.stringify(block))).toContain(JSON.stringify(sent));
});
