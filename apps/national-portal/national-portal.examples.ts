import type {
  FoundDossier,
  PortalDossier,
  Procedures,
  ProceduresQuestion,
  Progress,
  SyncedDossier,
  TakenProgress,
} from './national-portal.messages';

/** Invented dossiers; the sandbox always holds the one that is asked for. */

export const sync: { input: PortalDossier; output: SyncedDossier; varies: string[] } = {
  input: {
    procedureName: 'Đăng ký khai sinh tại cấp xã',
    field: { code: 'G15-TP03', name: 'Hộ tịch' },
    applicant: {
      kind: 'citizen',
      name: 'Nguyễn Thị Mẫu',
      identityNumber: '031190000016',
      phone: '0900 000 016',
    },
    summary: 'Đăng ký khai sinh cho con',
    state: 'processing',
    previousState: 'accepted',
    receivedAt: '2026-11-24T08:15:00+07:00',
    dueAt: '2026-11-27T17:00:00+07:00',
    resultBy: 'at-counter',
    processingUnit: 'Ủy ban nhân dân phường Ngô Quyền',
    fees: [
      {
        kind: 'charge',
        name: 'Lệ phí đăng ký khai sinh',
        code: 'LP-KS',
        amount: 0,
        collected: 'on-receipt',
      },
    ],
  },
  output: { dossier: 'H24.11-261124-0001', state: 'processing', change: 'created' },
  varies: ['dossier', 'change'],
};

const known = 'H24.11-261101-0041';

export const progress: { input: Progress; output: TakenProgress } = {
  input: {
    dossier: known,
    state: 'processing',
    previousState: 'processing',
    processedAt: '2026-11-25T09:30:00+07:00',
    officerName: 'Phạm Văn Cán',
    title: 'Công chức tư pháp – hộ tịch',
    department: 'Bộ phận Tư pháp – Hộ tịch',
    content: 'Đã thẩm định hồ sơ',
  },
  output: { dossier: known, state: 'processing', processedAt: '2026-11-25T09:30:00+07:00' },
};

const asked = 'H24.11-261101-0042';

export const lookUp: { input: { dossier: string }; output: FoundDossier } = {
  input: { dossier: asked },
  output: {
    dossier: asked,
    state: 'completed',
    stateName: 'Đã xử lý xong',
    procedure: '9.000150',
    procedureName: 'Thủ tục mẫu số 150',
    applicantKind: 'citizen',
    applicantName: 'Nguyễn Thị Mẫu',
    receivedAt: '2026-11-02T08:15:00+07:00',
    dueAt: '2026-11-05T17:00:00+07:00',
    progress: [
      {
        state: 'processing',
        processedAt: '2026-11-02T09:00:00+07:00',
        officerName: 'Phạm Văn Cán',
        department: 'Bộ phận Tư pháp – Hộ tịch',
        content: 'Đã thẩm định hồ sơ',
      },
      {
        state: 'completed',
        processedAt: '2026-11-03T14:30:00+07:00',
        officerName: 'Phạm Văn Cán',
        department: 'Bộ phận Tư pháp – Hộ tịch',
        content: 'Đã ký kết quả',
      },
    ],
    warnings: [],
  },
};

export const list: { input: ProceduresQuestion; output: Procedures } = {
  input: { contains: 'đăng ký khai', limit: 2 },
  output: {
    total: 2,
    procedures: [
      { code: '1.001193', name: 'Đăng ký khai sinh' },
      { code: '1.000656', name: 'Đăng ký khai tử' },
    ],
  },
};
