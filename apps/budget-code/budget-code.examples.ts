import type {
  RequestQuestion,
  RequestReceipt,
  RequestStatus,
  UnitAnswer,
  UnitCodeRequest,
  UnitQuestion,
} from './budget-code.messages';

/** Invented units and people; the sandbox always holds what is asked for. */

/** A ward that was merged twice: into one that was itself merged. */
export const unitExample: { input: UnitQuestion; output: UnitAnswer } = {
  input: { by: 'code', value: '1095003', followSuccessor: true },
  output: {
    units: [
      {
        code: '1095003',
        name: 'Ủy ban nhân dân phường Lạc Viên (mẫu)',
        state: 'closed',
        kind: 'estimate-unit',
        kindCode: '1',
        chapterCode: '805',
        issuedOn: '2012-06-01',
        closedOn: '2025-01-01',
        successorCode: '1095002',
      },
    ],
    more: false,
    current: {
      code: '1095001',
      name: 'Ủy ban nhân dân phường Ngô Quyền (mẫu)',
      state: 'active',
      kind: 'estimate-unit',
      kindCode: '1',
      chapterCode: '805',
      address: 'Số 19 đường Đà Nẵng, phường Ngô Quyền, Hải Phòng',
      issuedOn: '2012-06-01',
    },
    succession: ['1095002', '1095001'],
  },
};

export const requestExample: { input: UnitCodeRequest; output: RequestReceipt; varies: string[] } = {
  input: {
    name: 'Trường Tiểu học Thử Nghiệm Ngô Quyền',
    kind: 'estimate-unit',
    chapterCode: '822',
    parentCode: '1095009',
    address: { detail: 'Số 2 đường Lạch Tray', provinceCode: '31', communeCode: '11329' },
    decision: { number: '16/QĐ-MAU', date: '2026-10-20', issuedBy: 'UBND phường Ngô Quyền' },
    contact: { name: 'Nguyễn Thị Mẫu', phone: '0900000016', email: 'mau@example.vn' },
  },
  output: { reference: 'H24.11-261101-0001-7QK2M9XV0B', state: 'received' },
  varies: ['reference'],
};

const reference = 'H24.11-261101-0016-0EXAMPLE11';

export const requestStatusExample: { input: RequestQuestion; output: RequestStatus } = {
  input: { reference },
  output: {
    reference,
    state: 'issued',
    unitCode: '1131016',
    issuedOn: '2026-11-04',
    updatedAt: '2026-11-04T10:30:00+07:00',
    note: 'Đã cấp mã số',
  },
};
