/** What the two half-years were made of: invented, in the proportions that a province's bus has. */

export interface HistoryOperation {
  operation: string;
  kind: 'query' | 'command';
  /** Its part of the system's calls, against the others. */
  weight: number;
  /** Half of the calls take less, at the outside system. */
  medianMs: number;
  timeoutMs: number;
  procedure?: string;
  /** Usual sizes of the bodies, in bytes. */
  bytes: readonly [request: number, answer: number];
}

export interface HistorySystem {
  system: string;
  /** Part of all calls, by year, against the other systems. */
  weights: Readonly<Record<string, number>>;
  /** Month of its first call, when it was connected within the time. */
  since?: string;
  /** Of a thousand calls, how many end so; the others succeed. */
  ends: { notFound: number; rejected: number; failed: number; timedOut: number };
  operations: readonly HistoryOperation[];
}

const query = (
  operation: string,
  weight: number,
  medianMs: number,
  timeoutMs: number,
  bytes: readonly [number, number],
): HistoryOperation => ({ operation, kind: 'query', weight, medianMs, timeoutMs, bytes });

const command = (
  operation: string,
  weight: number,
  medianMs: number,
  timeoutMs: number,
  bytes: readonly [number, number],
  procedure?: string,
): HistoryOperation => ({ operation, kind: 'command', weight, medianMs, timeoutMs, bytes, procedure });

export const historySystems: readonly HistorySystem[] = [
  {
    system: 'population',
    weights: { '2021': 9, '2022': 44 },
    since: '2021-05',
    ends: { notFound: 34, rejected: 11, failed: 6, timedOut: 4 },
    operations: [
      query('verify-citizen', 7, 140, 10_000, [190, 18]),
      query('look-up-citizen', 3, 210, 10_000, [120, 640]),
    ],
  },
  {
    system: 'national-portal',
    weights: { '2021': 34, '2022': 23 },
    ends: { notFound: 12, rejected: 27, failed: 17, timedOut: 12 },
    operations: [
      command('sync-dossier', 1, 620, 30_000, [2_400, 90]),
      command('update-progress', 1.5, 480, 30_000, [700, 60]),
      query('look-up-dossier', 6, 390, 15_000, [80, 900]),
      query('list-procedures', 0.4, 1_600, 30_000, [60, 48_000]),
    ],
  },
  {
    system: 'civil-registry',
    weights: { '2021': 26, '2022': 12 },
    ends: { notFound: 9, rejected: 31, failed: 8, timedOut: 5 },
    operations: [
      command('register-birth', 0.7, 860, 30_000, [3_100, 140], '1.001193'),
      command('register-marriage', 0.3, 820, 30_000, [3_400, 140], '1.000894'),
      command('register-death', 0.25, 790, 30_000, [2_600, 140], '1.000656'),
      command('request-marital-status-certificate', 0.5, 760, 30_000, [1_900, 140], '1.004873'),
      query('get-dossier-status', 7, 330, 15_000, [70, 420]),
      query('get-catalogue', 0.3, 540, 15_000, [60, 22_000]),
    ],
  },
  {
    system: 'payment',
    weights: { '2021': 6, '2022': 8 },
    ends: { notFound: 6, rejected: 9, failed: 7, timedOut: 5 },
    operations: [
      command('create-payment', 2, 430, 20_000, [900, 260]),
      query('get-payment-status', 5, 180, 10_000, [80, 240]),
      query('get-receipt', 2, 720, 20_000, [80, 86_000]),
    ],
  },
  {
    system: 'business-registration',
    weights: { '2021': 14, '2022': 6.5 },
    ends: { notFound: 21, rejected: 4, failed: 9, timedOut: 6 },
    operations: [
      query('get-enterprise', 8, 270, 10_000, [60, 3_900]),
      query('get-registration-status', 3, 240, 10_000, [70, 380]),
      query('list-changed-dossiers', 0.2, 3_200, 60_000, [110, 61_000]),
    ],
  },
  {
    system: 'vnpost',
    weights: { '2021': 6, '2022': 4 },
    ends: { notFound: 8, rejected: 13, failed: 6, timedOut: 3 },
    operations: [
      command('create-order', 2, 510, 20_000, [1_500, 210]),
      command('cancel-order', 0.2, 450, 15_000, [120, 80]),
      query('track-order', 6, 260, 10_000, [70, 760]),
    ],
  },
  {
    system: 'judicial-records',
    weights: { '2021': 4, '2022': 1.6 },
    ends: { notFound: 7, rejected: 24, failed: 11, timedOut: 7 },
    operations: [
      command('request-certificate', 1, 940, 20_000, [2_900, 120], '2.000488'),
      query('get-certificate-status', 5, 350, 10_000, [70, 300]),
    ],
  },
  {
    system: 'land',
    weights: { '2022': 1.1 },
    since: '2022-03',
    ends: { notFound: 15, rejected: 26, failed: 19, timedOut: 11 },
    operations: [
      command('submit-dossier', 1, 1_350, 60_000, [18_000, 160]),
      query('get-parcel', 4, 640, 10_000, [70, 1_700]),
    ],
  },
  {
    system: 'budget-code',
    weights: { '2021': 1, '2022': 0.4 },
    ends: { notFound: 26, rejected: 12, failed: 5, timedOut: 3 },
    operations: [
      query('look-up-unit', 6, 300, 15_000, [50, 820]),
      command('request-unit-code', 0.3, 560, 20_000, [1_200, 90]),
      query('get-request-status', 1, 280, 10_000, [70, 260]),
    ],
  },
];

/** Whose software calls: their ids say that they are made. Citizens come by the first, whatever agency it is about. */
const onlineServices = 'generated-online-services';
const onlineShare = 0.27;
const ownSoftware = { department: 'generated-departments', ward: 'generated-one-stop' } as const;

export const historyClients: readonly string[] = [onlineServices, ...Object.values(ownSoftware)];

/** No province has the code H99: whoever sees one of these agencies knows that it is made. */
const agencyRoot = 'H99';
const agencyCount = 48;

/** The first ones are the busiest. */
export const historyAgencies: readonly (readonly [code: string, weight: number])[] = Array.from(
  { length: agencyCount },
  (_, nth) => [`${agencyRoot}.${nth + 11}`, 1 / (nth + 6)] as const,
);

/** Departments have the first numbers. */
const departmentCount = 6;
const departments = new Set(historyAgencies.slice(0, departmentCount).map(([code]) => code));

/** The software by which a call about an agency's dossier comes. @param chance from 0 up to below 1 */
export function clientOf(agency: string, chance: number): string {
  if (chance < onlineShare) return onlineServices;
  return departments.has(agency) ? ownSoftware.department : ownSoftware.ward;
}

/** Officers of each agency. */
export const officersPerAgency = 6;
