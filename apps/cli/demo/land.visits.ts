import { nowInVietnam } from '#lgsp/vietnam';
import type { Counter, Desk } from './desk';

const dayMs = 86_400_000;

const inDays = (days: number): string => nowInVietnam(new Date(Date.now() + days * dayMs));

/** A parcel of the citizen's ward; sheets and parcels begin at 1. */
function parcelOf({ citizen }: Desk) {
  const [mapSheetNumber, parcelNumber] = [3, 20].map((count) => String(1 + Math.floor(Math.random() * count)));
  return { communeCode: citizen.ward.code, mapSheetNumber, parcelNumber };
}

export const parcelQuestion: Counter = (desk) => ({ first: desk.query('land.get-parcel', parcelOf(desk)) });

/** The number on the paper is of another sheet. */
export const mistypedParcel: Counter = (desk) => ({
  first: desk.query('land.get-parcel', { ...parcelOf(desk), parcelNumber: '9999' }),
});

/** A change of ownership is handed in, after a look at the parcel. */
export const landDossier: Counter = (desk) => {
  const { fullName, personalId, phone, address } = desk.citizen;
  const { communeCode, mapSheetNumber, parcelNumber } = parcelOf(desk);
  return {
    first: desk.query('land.get-parcel', { communeCode, mapSheetNumber, parcelNumber }),
    next: ({ operation }, { areaSquareMetres }) =>
      operation.endsWith('get-parcel')
        ? desk.command('land.submit-dossier', undefined, {
            level: 'province',
            communeCode,
            process: { code: 'DKBD.01', name: 'Đăng ký biến động do chuyển nhượng quyền sử dụng đất' },
            receivedAt: inDays(0),
            dueAt: inDays(10),
            applicant: { name: fullName, identityNumber: personalId, phone, address },
            parcels: [{ mapSheetNumber, parcelNumber, areaSquareMetres }],
            attachments: [{ name: 'Đơn đăng ký', fileName: 'don-dang-ky.pdf', originals: 1, content: 'JVBERi0xLjQK' }],
          })
        : undefined,
  };
};
