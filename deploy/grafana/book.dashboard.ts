import type { DashboardSpec } from './dashboard';
import type { PanelSpec } from './panel';
import { frozenMonths } from './book.sql';
import { now, ofBook, overTime } from './query';
import { queues } from './queue.panels';

const writer: PanelSpec[] = [
  {
    title: 'Tiến trình ghi sổ',
    description: 'Ledger processes that write the book: exactly one must. From the ledger.',
    kind: 'number',
    unit: 'short',
    queries: [now('sum(lgsp_ledger_writer)', 'tiến trình')],
    width: 6,
    height: 4,
    steps: [
      [undefined, 'red'],
      [1, 'green'],
      [2, 'red'],
    ],
    alerts: ['LgspLedgerWithoutWriter'],
  },
  {
    title: 'Bản ghi chưa vào sổ',
    description: 'Records in the stream that are not in the book yet. From the ledger.',
    kind: 'number',
    unit: 'short',
    queries: [now('max(lgsp_ledger_lag_records)', 'bản ghi')],
    width: 6,
    height: 4,
    steps: [
      [undefined, 'green'],
      [1_000, 'yellow'],
      [5_000, 'red'],
    ],
    alerts: ['LgspLedgerLag'],
  },
  {
    title: 'Lỗi bằng chứng trong 24 giờ',
    description: 'Faults that the ledger found in signed batches. There must never be one. From the ledger.',
    kind: 'number',
    unit: 'short',
    queries: [now('sum(increase(lgsp_evidence_faults_total[1d])) or vector(0)', 'lỗi')],
    width: 6,
    height: 4,
    steps: [
      [undefined, 'green'],
      [1, 'red'],
    ],
    alerts: ['LgspEvidenceBroken'],
  },
  {
    title: 'Bản ghi trái nhau trong 24 giờ',
    description: 'Records that contradict the final outcome of their transaction, which stands. From the ledger.',
    kind: 'number',
    unit: 'short',
    queries: [now('sum(increase(lgsp_ledger_conflicts_total[1d]))', 'bản ghi')],
    width: 6,
    height: 4,
    steps: [
      [undefined, 'green'],
      [1, 'yellow'],
    ],
  },
  {
    title: 'Độ trễ của sổ',
    description: 'Records that wait, over time: it must come back to nothing after a burst. From the ledger.',
    kind: 'lines',
    unit: 'short',
    queries: [overTime('max by (instance) (lgsp_ledger_lag_records)', '{{instance}}')],
    width: 8,
    height: 8,
    alerts: ['LgspLedgerLag'],
  },
  {
    title: 'Thời gian một lần ghi SQL',
    description: 'Duration of one SQL transaction that writes records: median and 95 %. From the ledger.',
    kind: 'lines',
    unit: 's',
    queries: [0.5, 0.95].map((share) =>
      overTime(
        `histogram_quantile(${share}, sum by (le) (rate(lgsp_ledger_commit_seconds_bucket[$__rate_interval])))`,
        `p${share * 100}`,
      ),
    ),
    width: 8,
    height: 8,
  },
  {
    title: 'Bản ghi và lần ghi mỗi giây',
    description: 'Records written per second, and the SQL transactions that they shared. From the ledger.',
    kind: 'lines',
    unit: 'reqps',
    queries: [
      overTime('sum(rate(lgsp_ledger_records_total[$__rate_interval]))', 'bản ghi'),
      overTime('sum(rate(lgsp_ledger_commit_seconds_count[$__rate_interval]))', 'lần ghi'),
    ],
    width: 8,
    height: 8,
  },
  {
    title: 'Ghi sổ bị lỗi, theo mã',
    description: 'Attempts to write the book that failed and are made again. From the ledger.',
    kind: 'areas',
    unit: 'reqps',
    queries: [overTime('sum by (code) (rate(lgsp_ledger_failures_total[$__rate_interval]))', '{{code}}')],
    width: 8,
    height: 7,
    alerts: ['LgspLedgerWithoutWriter'],
    seldom: { 0: 'absent until the database fails' },
  },
  {
    title: 'Lỗi bằng chứng, theo mã',
    description: 'Faults of signed batches by their code, since the book was begun. From the ledger.',
    kind: 'lines',
    unit: 'short',
    queries: [overTime('max by (code) (lgsp_evidence_faults_total)', '{{code}}')],
    width: 8,
    height: 7,
    alerts: ['LgspEvidenceBroken'],
    seldom: { 0: 'absent while the evidence is whole' },
  },
  {
    title: 'Tháng đã chốt số liệu',
    description:
      'Months whose figures are frozen, and by whom. Read from the book; needs PostgreSQL as the database of the ledger.',
    kind: 'table',
    unit: 'none',
    queries: [ofBook(frozenMonths)],
    width: 8,
    height: 7,
    seldom: { 0: 'empty until a month is frozen' },
  },
];

const recorders: PanelSpec[] = [
  {
    title: 'Thời gian tới khi bản ghi bền vững',
    description:
      'From the sealing of a batch until NATS has it on disk: every answer waits for that. Median and 95 %. From gateways and ledger.',
    kind: 'lines',
    unit: 's',
    queries: [0.5, 0.95].map((share) =>
      overTime(
        `histogram_quantile(${share}, sum by (le, part) (rate(lgsp_recorder_append_seconds_bucket[$__rate_interval])))`,
        `{{part}} p${share * 100}`,
      ),
    ),
    width: 8,
    height: 8,
    alerts: ['LgspRecordingSlow'],
  },
  {
    title: 'Bản ghi trong một lô',
    description: 'Records that became durable together, on average: it grows with the load. From gateways and ledger.',
    kind: 'lines',
    unit: 'short',
    queries: [
      overTime(
        'sum by (part) (rate(lgsp_recorder_batch_records_sum[$__rate_interval])) / sum by (part) (rate(lgsp_recorder_batch_records_count[$__rate_interval]) > 0)',
        '{{part}}',
      ),
    ],
    width: 8,
    height: 8,
  },
  {
    title: 'Không ghi được giao dịch',
    description: 'While it is so, every call is refused with ledger-unavailable. From gateways and ledger.',
    kind: 'states',
    unit: 'none',
    queries: [overTime('max by (part, instance) (lgsp_recorder_stalled)', '{{part}} {{instance}}')],
    width: 8,
    height: 8,
    words: { 0: ['ghi được', 'green'], 1: ['không ghi được', 'red'] },
    alerts: ['LgspRecorderStalled'],
  },
];

export const book: DashboardSpec = {
  uid: 'lgsp-book',
  title: 'LGSP · Sổ giao dịch và hàng đợi',
  description: 'Whether transactions are written down, how fast the book follows, and what waits.',
  from: 'now-6h',
  rows: [
    { title: 'Sổ giao dịch', panels: writer },
    { title: 'Ghi trước khi trả lời', panels: recorders },
    { title: 'Hàng đợi và lưu trữ', panels: queues },
  ],
};
