import { alertTable } from './alert.table';
import { alertNames } from './alerts';
import type { DashboardSpec } from './dashboard';
import type { Colour, PanelSpec } from './panel';
import * as book from './book.sql';
import { now, ofBook, overTime } from './query';

const toConnection = { title: 'Mở kết nối này', url: '/d/lgsp-connection?var-system=${__field.labels.system}' };
const rowToConnection = {
  title: 'Mở kết nối này',
  url: '/d/lgsp-connection?var-system=${__data.fields["Hệ thống"]}',
};
const needsBook = 'Read from the counts of the book; needs PostgreSQL as the database of the ledger.';
const openStates: readonly [undefined | number, Colour][] = [
  [undefined, 'green'],
  [1, 'yellow'],
  [50, 'red'],
];

const figures: PanelSpec[] = [
  {
    title: 'Giao dịch hôm nay',
    description: `Transactions since midnight in Vietnam, of all systems. ${needsBook}`,
    kind: 'number',
    unit: 'short',
    queries: [ofBook(book.countToday)],
    width: 4,
    height: 4,
  },
  {
    title: 'Giao dịch tháng này',
    description: `Transactions since the first of the month. ${needsBook}`,
    kind: 'number',
    unit: 'short',
    queries: [ofBook(book.countThisMonth)],
    width: 4,
    height: 4,
  },
  {
    title: 'Thành công hôm nay',
    description: `Share of today's final transactions that succeeded, an honest "no such record" included. ${needsBook}`,
    kind: 'number',
    unit: 'percentunit',
    queries: [ofBook(book.successToday)],
    width: 4,
    height: 4,
    steps: [
      [undefined, 'red'],
      [0.95, 'yellow'],
      [0.99, 'green'],
    ],
  },
  {
    title: 'Lượt gọi mỗi giây',
    description: 'Calls answered per second by all gateways, refused ones included. From the gateways.',
    kind: 'number',
    unit: 'reqps',
    queries: [now('sum(rate(lgsp_requests_total[5m]))', 'lượt/giây')],
    width: 4,
    height: 4,
  },
  {
    title: 'Đang chờ trả lời',
    description: 'Calls that are admitted and not answered yet, of all gateways. From the gateways.',
    kind: 'number',
    unit: 'short',
    queries: [now('sum(lgsp_inflight)', 'lượt gọi')],
    width: 4,
    height: 4,
  },
  {
    title: 'Chưa rõ kết quả',
    description:
      'Commands that may have taken effect and whose outcome is not known yet. They are asked about by themselves. From the ledger.',
    kind: 'number',
    unit: 'short',
    queries: [now('sum(lgsp_transactions_open{outcome="unknown"}) or vector(0)', 'giao dịch')],
    width: 4,
    height: 4,
    steps: openStates,
    alerts: ['LgspOutcomeUnknown'],
  },
];

const now_: PanelSpec[] = [
  {
    title: 'Tình trạng các kết nối',
    description:
      'Every connection over time: up, circuit open (the outside system fails), or down (the connector is not running). From gateways and connectors.',
    kind: 'states',
    unit: 'none',
    queries: [
      overTime(
        '(1 - max by (system) (lgsp_connector_up)) * 3 + (max by (system) (lgsp_circuit_state) or max by (system) (lgsp_connector_up) * 0)',
        '{{system}}',
      ),
    ],
    width: 12,
    height: 10,
    words: {
      0: ['hoạt động', 'green'],
      1: ['mạch nửa mở', 'yellow'],
      2: ['ngắt mạch', 'orange'],
      3: ['ngừng', 'red'],
      4: ['ngừng', 'red'],
      5: ['ngừng', 'red'],
    },
    alerts: ['LgspConnectorDown', 'LgspCircuitOpen', 'LgspSystemSilent', 'LgspBusSilent'],
    leadsTo: toConnection,
  },
  alertTable(alertNames),
  {
    title: 'Lượt gọi theo hệ thống',
    description: 'Calls answered per second, refused ones included. From the gateways.',
    kind: 'lines',
    unit: 'reqps',
    queries: [
      overTime('sum by (system) (rate(lgsp_requests_total{system!="unknown"}[$__rate_interval]))', '{{system}}'),
    ],
    width: 12,
    height: 9,
    leadsTo: toConnection,
  },
  {
    title: 'Tỷ lệ không lỗi theo hệ thống',
    description:
      'Share of the calls without a fault of the bus or of the outside system; what a caller did wrong is no fault. From the gateways.',
    kind: 'lines',
    unit: 'percentunit',
    queries: [
      overTime(
        '1 - (sum by (system) (rate(lgsp_failures_total[$__rate_interval])) or sum by (system) (rate(lgsp_requests_total[$__rate_interval])) * 0) / sum by (system) (rate(lgsp_requests_total[$__rate_interval]) > 0)',
        '{{system}}',
      ),
    ],
    width: 12,
    height: 9,
    max: 1,
    alerts: ['LgspErrorBudgetFastBurn', 'LgspErrorBudgetSlowBurn'],
    leadsTo: toConnection,
  },
];

const waits: PanelSpec[] = [
  {
    title: 'Ai đang chờ: lượt gọi chưa trả lời',
    description: 'Calls under way, by system: an outside system that gets slow shows here first. From the gateways.',
    kind: 'areas',
    unit: 'short',
    queries: [overTime('sum by (system) (lgsp_inflight)', '{{system}}')],
    width: 8,
    height: 8,
    leadsTo: toConnection,
  },
  {
    title: 'Ai đang chờ: giao dịch đang mở',
    description: 'Transactions whose outcome is not final yet, by system and state. From the ledger.',
    kind: 'areas',
    unit: 'short',
    queries: [overTime('max by (system, outcome) (lgsp_transactions_open)', '{{system}} {{outcome}}')],
    width: 8,
    height: 8,
    leadsTo: toConnection,
  },
  {
    title: 'Giao dịch đang mở lâu nhất',
    description: 'Age of the oldest transaction whose outcome is not final. From the ledger.',
    kind: 'lines',
    unit: 's',
    queries: [overTime('max by (system, outcome) (lgsp_transactions_open_oldest_seconds)', '{{system}} {{outcome}}')],
    width: 8,
    height: 8,
    alerts: ['LgspOutcomeUnknown'],
    leadsTo: toConnection,
    seldom: { 0: 'absent while every outcome is final' },
  },
];

const counts: PanelSpec[] = [
  {
    title: 'Theo hệ thống: hôm nay, hôm qua, tháng này',
    description: `Transactions by system, with the success and what is still open of the month. ${needsBook}`,
    kind: 'table',
    unit: 'short',
    queries: [ofBook(book.bySystem)],
    width: 12,
    height: 10,
    overrides: { 'Thành công': { unit: 'percentunit' } },
    leadsTo: rowToConnection,
  },
  {
    title: 'Nửa năm nay so với cùng kỳ năm trước',
    description: `From the first day of the half-year until today, and the same days of the year before. The figures that are handed in come from the report. ${needsBook}`,
    kind: 'table',
    unit: 'short',
    queries: [ofBook(book.halfYearBySystem)],
    width: 12,
    height: 10,
    overrides: { 'Tăng trưởng (%)': { unit: 'percent' } },
    leadsTo: rowToConnection,
  },
  {
    title: 'Giao dịch theo giờ',
    description: `Transactions of each hour, by system. ${needsBook}`,
    kind: 'areas',
    unit: 'short',
    queries: [ofBook(book.byHour, 'time_series')],
    width: 12,
    height: 8,
  },
  {
    title: 'Kết quả giao dịch',
    description: 'Final transactions per second, by outcome, as the book counts them. From the ledger.',
    kind: 'areas',
    unit: 'reqps',
    queries: [overTime('sum by (outcome) (rate(lgsp_transactions_total[$__rate_interval]))', '{{outcome}}')],
    width: 12,
    height: 8,
  },
];

export const overview: DashboardSpec = {
  uid: 'lgsp-overview',
  title: 'LGSP · Tổng quan',
  description: 'Which connection is sick, who waits, and how many transactions there were.',
  from: 'now-6h',
  rows: [
    { title: 'Hôm nay', panels: figures },
    { title: 'Bây giờ', panels: now_ },
    { title: 'Ai đang chờ', panels: waits },
    { title: 'Số lượng giao dịch', panels: counts },
  ],
};
