import { nowInVietnam } from '#lgsp/vietnam';
import type { Counter } from './desk';

const procedure = '1.001193';
const dayMs = 86_400_000;

const inDays = (days: number): string => nowInVietnam(new Date(Date.now() + days * dayMs));

/** A dossier of the counter is handed in at the national portal, told of as it is worked on, and looked up there. */
export const portalDossier: Counter = (desk) => {
  const { fullName, personalId, phone, ward } = desk.citizen;
  return {
    first: desk.command('national-portal.sync-dossier', procedure, {
      procedureName: 'Đăng ký khai sinh',
      field: { code: 'G15-TP03', name: 'Hộ tịch' },
      applicant: { kind: 'citizen', name: fullName, identityNumber: personalId, phone },
      summary: 'Đăng ký khai sinh',
      state: 'accepted',
      receivedAt: inDays(0),
      dueAt: inDays(3),
      resultBy: 'at-counter',
      processingUnit: `Ủy ban nhân dân ${ward.name}`,
    }),
    next: ({ operation }) => {
      if (operation.endsWith('update-progress')) {
        return desk.query('national-portal.look-up-dossier', { dossier: desk.dossierCode });
      }
      if (!operation.endsWith('sync-dossier')) return undefined;
      return desk.command('national-portal.update-progress', procedure, {
        dossier: desk.dossierCode,
        previousState: 'accepted',
        state: 'processing',
        processedAt: inDays(0),
        content: 'Đã chuyển cho công chức tư pháp – hộ tịch',
      });
    },
  };
};

export const procedureList: Counter = (desk) => ({
  first: desk.query('national-portal.list-procedures', { contains: 'khai sinh', limit: 20 }),
});
