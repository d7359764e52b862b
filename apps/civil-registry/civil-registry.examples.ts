import type {
  BirthRegistration,
  DeathRegistration,
  DossierStatus,
  MaritalStatusRequest,
  MarriageRegistration,
} from './civil-registry.messages';

/** Invented people; the sandbox always holds the dossier that is asked for. */

const address = { provinceCode: '31', communeCode: '11329', detail: 'Số 1 đường Lạch Tray' };
const mother = {
  fullName: 'Nguyễn Thị Mẫu',
  birthDate: '1990-02-14',
  identityNumber: '031190000016',
  ethnicGroup: '01',
  nationality: 'VN',
  address,
};
const father = {
  fullName: 'Trần Văn Thử',
  birthDate: '1988',
  identityNumber: '031088000017',
  ethnicGroup: '01',
  address,
};
const requester = { fullName: 'Trần Văn Thử', identityNumber: '031088000017', relation: 'Cha', phone: '0900000017' };

const birthInput: BirthRegistration = {
  interAgencyDossier: 'G22.01.05-261120-000016',
  requester,
  child: {
    fullName: 'Trần Minh Mới',
    sex: 'male',
    birthDate: '2026-11-20',
    birthTime: '14:05',
    birthPlace: 'Bệnh viện Phụ sản Hải Phòng',
    ethnicGroup: '01',
    nationality: 'VN',
    birthNoticeNumber: 'GCS-26-000016',
  },
  father,
  mother,
};

const marriageInput: MarriageRegistration = { requester, husband: father, wife: mother };

const deathInput: DeathRegistration = {
  requester: { ...requester, relation: 'Con' },
  deceased: { fullName: 'Trần Văn Xưa', birthDate: '1941', identityNumber: '031041000018', ethnicGroup: '01', address },
  death: { date: '2026-11-22', time: '23:40', place: 'Tại nhà', cause: 'Tuổi cao', noticeNumber: 'GBT-26-000018' },
};

const maritalStatusInput: MaritalStatusRequest = {
  requester: { ...requester, relation: 'Bản thân' },
  person: father,
  purpose: 'Để đăng ký kết hôn',
  residedFrom: '2010-01-01',
  residedTo: '2026-10-31',
};

const statusAnswer: DossierStatus = {
  dossier: 'H24.11-261101-0016',
  interAgencyDossier: 'G22.01.05-261101-000016',
  state: 'completed',
  updatedAt: '2026-11-03T09:15:00+07:00',
  note: 'Đã đăng ký khai sinh',
  registeredOn: '2026-11-03',
  personalId: '031226000016',
  documents: [{ name: 'Giấy khai sinh', mediaType: 'application/pdf', content: 'JVBERi0xLjQK' }],
};

export const catalogue = {
  input: { catalogue: 'ethnic-groups' as const },
  output: { catalogue: 'ethnic-groups' as const, items: [{ code: '01', name: 'Kinh' }] },
  varies: ['items'],
};

const handedIn = { output: { dossier: 'H24.11-261101-0001', state: 'waiting' as const }, varies: ['dossier'] };
export const birth = { input: birthInput, ...handedIn };
export const marriage = { input: marriageInput, ...handedIn };
export const death = { input: deathInput, ...handedIn };
export const maritalStatus = { input: maritalStatusInput, ...handedIn };
export const status = {
  input: { register: 'birth' as const, dossier: statusAnswer.dossier },
  output: statusAnswer,
};
