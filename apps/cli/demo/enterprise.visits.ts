import type { Counter, Desk } from './desk';
import { today } from './desk';
import type { Scene } from './demo.run';

/** Visits for enterprises and public bodies: the business registry and the register of budget-relation codes. */

const codeProcedure = '2.002206';
const dayMs = 86_400_000;

type Output = Record<string, unknown>;

/** The dossiers of the last days, then one of them, then its enterprise. */
const recentDossiers = (desk: Desk): Scene => {
  const to = today();
  const from = new Date(Date.parse(to) - 7 * dayMs).toISOString().slice(0, 10);
  return desk.query('business-registration.list-changed-dossiers', { by: 'received', from, to, limit: 20 });
};

const one = (list: unknown): Output | undefined => {
  const items = Array.isArray(list) ? (list as Output[]) : [];
  return items[Math.floor(Math.random() * items.length)];
};

export const registrations: Counter = (desk) => ({
  first: recentDossiers(desk),
  next: ({ operation }, { dossiers, enterpriseCode }) => {
    if (operation.endsWith('list-changed-dossiers')) {
      const dossier = one(dossiers);
      return dossier && desk.query('business-registration.get-registration-status', { number: dossier['number'] });
    }
    const known = operation.endsWith('get-registration-status') && enterpriseCode !== undefined;
    return known ? desk.query('business-registration.get-enterprise', { code: enterpriseCode }) : undefined;
  },
});

export const enterprise: Counter = (desk) => ({
  first: desk.query('business-registration.get-enterprise', { code: '0201600166' }),
});

/** The code on the form belongs to nobody. */
export const unknownEnterprise: Counter = (desk) => ({
  first: desk.query('business-registration.get-enterprise', { code: '0209999999' }),
});

/** Which unit has taken the place of one that was merged in 2025. */
export const dissolvedUnit: Counter = (desk) => ({
  first: desk.query('budget-code.look-up-unit', { by: 'name', value: 'phường' }),
  next: ({ input }, { units }) => {
    const unit = 'followSuccessor' in input ? undefined : one(units);
    return unit && desk.query('budget-code.look-up-unit', { by: 'code', value: unit['code'], followSuccessor: true });
  },
});

/** A new school asks for its code, and at once where the request stands. */
export const budgetCode: Counter = (desk) => {
  const { fullName, phone, ward, address } = desk.citizen;
  return {
    first: desk.command('budget-code.request-unit-code', codeProcedure, {
      name: `Trường Mầm non Mẫu ${desk.dossierCode.slice(-7)}`,
      kind: 'estimate-unit',
      chapterCode: '822',
      address: { detail: address, provinceCode: '31', communeCode: ward.code },
      decision: { number: `${desk.dossierCode.slice(-4)}/QĐ-MAU`, date: today(), issuedBy: `UBND ${ward.name}` },
      contact: { name: fullName, phone },
    }),
    next: ({ operation }, { reference }) =>
      operation.endsWith('request-unit-code') ? desk.query('budget-code.get-request-status', { reference }) : undefined,
  };
};
