import type {
  FaultyResult,
  LandDossier,
  LandDossierReceipt,
  NewLandDossier,
  Parcel,
  ParcelQuestion,
  ReturnedResult,
  Supplement,
} from './land.messages';

/** Invented dossiers and parcels; the sandbox always holds those that are asked for. */

const paper = { name: 'Đơn đăng ký biến động đất đai', fileName: 'don-dang-ky.pdf', content: 'JVBERi0xLjQK' };
const sent = {
  fileName: 'don-dang-ky.pdf',
  sizeBytes: 9,
  sha256: 'e5c62df5dab5c87b6a015ef3d43597074d1eec433b15f51aec63b8582d0e4ab4',
};

export const submission: { input: NewLandDossier; output: LandDossierReceipt; varies: string[] } = {
  input: {
    level: 'province',
    communeCode: '11329',
    process: { code: 'DKBD.01', name: 'Đăng ký biến động do chuyển nhượng quyền sử dụng đất' },
    receivedAt: '2026-11-24T08:15:00+07:00',
    dueAt: '2026-12-08T17:00:00+07:00',
    applicant: {
      name: 'Nguyễn Thị Mẫu',
      identityNumber: '031190000016',
      address: 'Số 1 đường Lạch Tray, phường Ngô Quyền',
      phone: '0900 000 016',
    },
    parcels: [{ mapSheetNumber: '12', parcelNumber: '45', areaSquareMetres: 98.5 }],
    attachments: [{ ...paper, originals: 1, copies: 0 }],
  },
  output: { receiptNumber: 'H24.11-261124-0001', state: 'received', attachments: [sent] },
  varies: ['receiptNumber', 'state'],
};

const supplemented = 'H24.11-261101-0031';

export const supplement: { input: Supplement; output: LandDossier; varies: string[] } = {
  input: {
    receiptNumber: supplemented,
    newDueAt: '2026-12-15T17:00:00+07:00',
    note: 'Đã nộp bản gốc giấy chứng nhận',
    attachments: [{ ...paper, originals: 1 }],
  },
  output: { receiptNumber: supplemented, state: 'processing', attachments: [sent] },
  varies: ['state'],
};

const returned = 'H24.11-261101-0032';

export const returnedResult: { input: ReturnedResult; output: LandDossier } = {
  input: { receiptNumber: returned, returnedAt: '2026-12-01T09:30:00+07:00' },
  output: { receiptNumber: returned, state: 'returned' },
};

const faulty = 'H24.11-261101-0033';

export const faultyResult: { input: FaultyResult; output: LandDossier; varies: string[] } = {
  input: { receiptNumber: faulty, reason: 'Sai năm sinh của người sử dụng đất trên giấy chứng nhận' },
  output: { receiptNumber: faulty, state: 'processing', attachments: [] },
  varies: ['state'],
};

export const parcel: { input: ParcelQuestion; output: Parcel } = {
  input: { communeCode: '11329', mapSheetNumber: '12', parcelNumber: '45' },
  output: {
    communeCode: '11329',
    mapSheetNumber: '12',
    parcelNumber: '45',
    areaSquareMetres: 98.5,
    address: 'Số 1 đường Lạch Tray, phường Ngô Quyền, Hải Phòng',
    landTypes: [
      { code: 'ODT', name: 'Đất ở tại đô thị', areaSquareMetres: 80 },
      { code: 'CLN', name: 'Đất trồng cây lâu năm', areaSquareMetres: 18.5 },
    ],
    legalStatus: 'certified',
    legalStatusCode: '1',
  },
};
