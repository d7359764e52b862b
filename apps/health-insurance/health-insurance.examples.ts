import type {
  CardCancellation,
  CardQuestion,
  CardReceipt,
  CardStatus,
  ChildCardRequest,
  Household,
  HouseholdQuestion,
  InsuredPeople,
  InsuredPersonQuestion,
} from './health-insurance.messages';

/** Invented people; the sandbox always holds what is asked for. */

const mother = {
  insuranceNumber: '3196000016',
  fullName: 'Nguyễn Thị Mẫu',
  birthDate: '1990-02-14',
  sex: 'female',
} as const;

export const numberExample: { input: InsuredPersonQuestion; output: InsuredPeople } = {
  input: {
    fullName: 'Nguyễn Thị Mẫu',
    birthDate: '1990-02-14',
    sex: 'female',
    place: { provinceCode: '31', communeCode: '11329' },
  },
  output: { people: [{ ...mother, householdCode: '3111329016' }] },
};

/** Of the father only the birth year is known; the child was never insured. */
export const householdExample: { input: HouseholdQuestion; output: Household } = {
  input: { by: 'insurance-number', value: '3196000016' },
  output: {
    householdCode: '3111329016',
    head: 'Trần Văn Thử',
    address: 'Số 1 đường Lạch Tray',
    members: [
      { insuranceNumber: '3188000017', fullName: 'Trần Văn Thử', birthDate: '1988', sex: 'male', relation: 'Chủ hộ' },
      { ...mother, relation: 'Vợ' },
      { fullName: 'Trần Minh Mới', birthDate: '2026-11-20', sex: 'male', relation: 'Con' },
    ],
  },
};

export const cardExample: { input: ChildCardRequest; output: CardReceipt; varies: string[] } = {
  input: {
    interAgencyDossier: 'G22.01.05-261120-000016',
    child: {
      fullName: 'Trần Minh Mới',
      sex: 'male',
      birthDate: '2026-11-20',
      personalId: '031226000016',
      registeredOn: '2026-11-23',
    },
    guardian: { fullName: 'Trần Văn Thử', identityNumber: '031088000017', relation: 'Cha', phone: '0900000017' },
    address: { provinceCode: '31', communeCode: '11329', detail: 'Số 1 đường Lạch Tray' },
    clinicCode: '31016',
  },
  output: { reference: 'H24.11-261101-0001-7QK2M9XV0B', state: 'received' },
  varies: ['reference'],
};

const issued = 'H24.11-261101-0016-0EXAMPLE11';

export const statusExample: { input: CardQuestion; output: CardStatus } = {
  input: { reference: issued },
  output: {
    reference: issued,
    state: 'issued',
    insuranceNumber: '3126000016',
    cardNumber: 'TE1313126000016',
    validFrom: '2026-11-20',
    validTo: '2032-11-30',
    updatedAt: '2026-11-25T10:30:00+07:00',
    note: 'Đã cấp thẻ',
  },
};

const cancelled = 'H24.11-261101-0016-0EXAMPLE12';

export const cancelExample: { input: CardCancellation; output: CardReceipt } = {
  input: { reference: cancelled, reason: 'Hồ sơ được rút' },
  output: { reference: cancelled, state: 'cancelled' },
};
