import type { BirthWithCard, ProcedureAnswer, ProcedureQuestion, ProcedureReceipt } from './linked-procedures.messages';

/** Invented people. */

const dossier = 'H24.11-261101-0001';
const procedure = '019ac0de-7c1a-7b5e-8f0a-2b1c3d4e5f60';

export const beginExample: { input: BirthWithCard; output: ProcedureReceipt; varies: string[] } = {
  input: {
    birth: {
      interAgencyDossier: 'G22.01.05-261120-000016',
      requester: { fullName: 'Trần Văn Thử', identityNumber: '031088000017', relation: 'Cha', phone: '0900000017' },
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
      mother: {
        fullName: 'Nguyễn Thị Mẫu',
        birthDate: '1990-02-14',
        identityNumber: '031190000016',
        ethnicGroup: '01',
        nationality: 'VN',
      },
    },
    card: {
      address: { provinceCode: '31', communeCode: '11329', detail: 'Số 1 đường Lạch Tray' },
      clinicCode: '31016',
    },
  },
  output: { procedure, dossier, state: 'under-way' },
  varies: ['procedure', 'dossier', 'state'],
};

export const statusExample: { input: ProcedureQuestion; output: ProcedureAnswer; varies: string[] } = {
  input: { dossier: 'H24.11-261101-0016' },
  output: {
    procedure: {
      procedure: '019a36a1-0000-7000-8000-000000000016',
      dossier: 'H24.11-261101-0016',
      linkedDossier: 'G22.01.05-261101-000016',
      state: 'completed',
      acceptedAt: '2026-11-01T09:00:00+07:00',
      endedAt: '2026-11-05T10:30:00+07:00',
      steps: [
        {
          step: 'register-birth',
          operation: 'civil-registry.register-birth',
          state: 'done',
          transactionId: '019a36a1-0000-7000-8000-000000000017',
          attempts: 1,
          startedAt: '2026-11-01T09:00:01+07:00',
          endedAt: '2026-11-01T09:00:02+07:00',
          upstreamState: 'waiting',
        },
      ],
      result: { personalId: '031226000016', registeredOn: '2026-11-03', cardNumber: 'TE1313126000016' },
    },
  },
  varies: ['procedure'],
};
