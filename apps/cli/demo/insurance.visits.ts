import { today, type Counter } from './desk';

/** Visits for the health insurance of a child: whether the mother is insured, with whom she lives, and the child's card. */

const cardProcedure = '1.001193';

export const insuranceNumber: Counter = (desk) => ({
  first: desk.query('health-insurance.look-up-insurance-number', {
    fullName: 'Nguyễn Thị Mẫu',
    birthDate: '1990-02-14',
    sex: 'female',
  }),
  next: ({ operation }, { people }) => {
    const [person] = (people ?? []) as { insuranceNumber: string }[];
    if (!operation.endsWith('look-up-insurance-number') || !person) return undefined;
    return desk.query('health-insurance.look-up-household', { by: 'insurance-number', value: person.insuranceNumber });
  },
});

/** The card of a newborn, and at once where it stands. */
export const childCard: Counter = (desk) => {
  const parent = desk.anyone(({ birthDate }) => birthDate > '1985');
  const { fullName, personalId, phone, ward, address } = parent;
  return {
    first: desk.command('health-insurance.issue-child-card', cardProcedure, {
      child: { fullName: `${fullName.split(' ')[0]} Minh An`, sex: 'female', birthDate: today() },
      guardian: { fullName, identityNumber: personalId, phone },
      address: { provinceCode: '31', communeCode: ward.code, detail: address },
      clinicCode: '31016',
    }),
    next: ({ operation }, { reference }) =>
      operation.endsWith('issue-child-card')
        ? desk.query('health-insurance.get-card-status', { reference })
        : undefined,
  };
};
