import type { DashboardSpec } from './dashboard';
import type { PanelSpec } from './panel';
import { now, overTime } from './query';

const ours = 'system="$system"';
const rate = (metric: string, more = ''): string => `rate(${metric}{${ours}${more}}[$__rate_interval])`;
const perTransaction = (seconds: string): string =>
  `sum(${seconds}) / sum(${rate('lgsp_transaction_duration_seconds_count')} > 0)`;

const quantiles = (metric: string, by = ''): string => `sum by (le${by}) (${rate(`${metric}_bucket`)})`;

const state: PanelSpec[] = [
  {
    title: 'Bộ kết nối',
    description: 'Whether at least one instance of the connector answers on the bus. From the gateways.',
    kind: 'number',
    unit: 'none',
    queries: [now(`max(lgsp_connector_up{${ours}})`, 'bộ kết nối')],
    width: 4,
    height: 4,
    words: { 0: ['ngừng', 'red'], 1: ['hoạt động', 'green'] },
    steps: [[undefined, 'text']],
    alerts: ['LgspConnectorDown'],
  },
  {
    title: 'Ngắt mạch',
    description:
      'Open: the outside system failed again and again, and calls are held back for a while. The worst of all instances. From the connector.',
    kind: 'number',
    unit: 'none',
    queries: [now(`max(lgsp_circuit_state{${ours}})`, 'mạch')],
    width: 4,
    height: 4,
    words: { 0: ['đóng (tốt)', 'green'], 1: ['nửa mở', 'yellow'], 2: ['mở', 'red'] },
    steps: [[undefined, 'text']],
    alerts: ['LgspCircuitOpen'],
  },
  {
    title: 'Đang chờ trả lời',
    description: 'Calls of this system that are not answered yet. From the gateways.',
    kind: 'number',
    unit: 'short',
    queries: [now(`sum(lgsp_inflight{${ours}})`, 'lượt gọi')],
    width: 4,
    height: 4,
  },
  {
    title: 'Giao dịch đang mở',
    description: 'Transactions whose outcome is not final yet. From the ledger.',
    kind: 'number',
    unit: 'short',
    queries: [now(`sum(lgsp_transactions_open{${ours}}) or vector(0)`, 'giao dịch')],
    width: 4,
    height: 4,
    alerts: ['LgspOutcomeUnknown'],
  },
  {
    title: 'Đang mở lâu nhất',
    description: 'Age of the oldest of them, by state. From the ledger.',
    kind: 'number',
    unit: 's',
    queries: [now(`max by (outcome) (lgsp_transactions_open_oldest_seconds{${ours}})`, '{{outcome}}')],
    width: 4,
    height: 4,
    alerts: ['LgspOutcomeUnknown'],
    seldom: { 0: 'absent while every outcome is final' },
  },
  {
    title: 'Chứng thư số còn hạn',
    description:
      'Until the TLS certificate that the outside system shows expires. From the connector, where the system is called over TLS.',
    kind: 'number',
    unit: 's',
    queries: [now(`min(lgsp_upstream_certificate_expiry_timestamp_seconds{${ours}}) - time()`, 'còn lại')],
    width: 4,
    height: 4,
    steps: [
      [undefined, 'red'],
      [14 * 86_400, 'green'],
    ],
    alerts: ['LgspCertificateExpires'],
    seldom: { 0: 'the sandbox is called without TLS' },
  },
];

const traffic: PanelSpec[] = [
  {
    title: 'Lượt gọi theo dịch vụ',
    description: 'Calls answered per second, refused ones included. From the gateways.',
    kind: 'areas',
    unit: 'reqps',
    queries: [overTime(`sum by (operation) (${rate('lgsp_requests_total')})`, '{{operation}}')],
    width: 8,
    height: 8,
    alerts: ['LgspSystemSilent'],
  },
  {
    title: 'Kết quả',
    description: 'Final transactions per second, by outcome, as the book counts them. From the ledger.',
    kind: 'areas',
    unit: 'reqps',
    queries: [overTime(`sum by (outcome) (${rate('lgsp_transactions_total')})`, '{{outcome}}')],
    width: 8,
    height: 8,
  },
  {
    title: 'Lỗi theo loại, và lỗi của ai',
    description: 'Calls that failed per second, by error code and by whose fault it was. From the gateways.',
    kind: 'areas',
    unit: 'reqps',
    queries: [overTime(`sum by (code, fault) (${rate('lgsp_failures_total')})`, '{{code}} ({{fault}})')],
    width: 8,
    height: 8,
    alerts: ['LgspErrorBudgetFastBurn', 'LgspErrorBudgetSlowBurn'],
    seldom: { 0: 'absent until a call fails' },
  },
  {
    title: 'Mã HTTP',
    description: 'Calls answered per second, by the HTTP status that the caller got. From the gateways.',
    kind: 'areas',
    unit: 'reqps',
    queries: [overTime(`sum by (status) (${rate('lgsp_requests_total')})`, '{{status}}')],
    width: 12,
    height: 7,
  },
  {
    title: 'Trả lời lại theo khóa',
    description:
      'Commands answered again with the answer that was kept under their idempotency key. From the gateways.',
    kind: 'lines',
    unit: 'reqps',
    queries: [overTime(`sum by (operation) (${rate('lgsp_idempotent_replays_total')})`, '{{operation}}')],
    width: 12,
    height: 7,
    seldom: { 0: 'absent until a caller sends a command again' },
  },
];

const latency: PanelSpec[] = [
  {
    title: 'Thời gian trả lời',
    description: 'From admission to answer: half, 95 % and 99 % of the transactions took no longer. From the gateways.',
    kind: 'lines',
    unit: 's',
    queries: [0.5, 0.95, 0.99].map((share) =>
      overTime(`histogram_quantile(${share}, ${quantiles('lgsp_transaction_duration_seconds')})`, `p${share * 100}`),
    ),
    width: 8,
    height: 9,
    alerts: ['LgspSlow'],
  },
  {
    title: 'Thời gian nằm ở đâu',
    description:
      'The mean of a transaction, split: in the bus (gateway, NATS, recording), in the connector, and in the outside system, all attempts together. From gateways and connectors.',
    kind: 'areas',
    unit: 's',
    queries: [
      overTime(perTransaction(rate('lgsp_upstream_duration_seconds_sum')), 'hệ thống nguồn'),
      overTime(
        `clamp_min(${perTransaction(rate('lgsp_connector_duration_seconds_sum'))} - (${perTransaction(rate('lgsp_upstream_duration_seconds_sum'))}), 0)`,
        'bộ kết nối',
      ),
      overTime(
        `clamp_min(${perTransaction(rate('lgsp_transaction_duration_seconds_sum'))} - (${perTransaction(rate('lgsp_connector_duration_seconds_sum'))}), 0)`,
        'trục',
      ),
    ],
    width: 8,
    height: 9,
  },
  {
    title: 'Dùng bao nhiêu phần thời hạn',
    description:
      'The 95th percentile as a share of the whole time that the operation may take: near 100 % calls begin to time out. From the gateways.',
    kind: 'lines',
    unit: 'percentunit',
    queries: [
      overTime(
        `histogram_quantile(0.95, ${quantiles('lgsp_transaction_duration_seconds', ', operation')}) / on (operation) group_left () max by (operation) (lgsp_operation_timeout_seconds{${ours}})`,
        '{{operation}}',
      ),
    ],
    width: 8,
    height: 9,
    max: 1,
  },
  {
    title: 'p95 theo dịch vụ',
    description: 'How long 95 % of the transactions of an operation took at most. From the gateways.',
    kind: 'lines',
    unit: 's',
    queries: [
      overTime(
        `histogram_quantile(0.95, ${quantiles('lgsp_transaction_duration_seconds', ', operation')})`,
        '{{operation}}',
      ),
    ],
    width: 12,
    height: 8,
  },
  {
    title: 'p95 một lần gửi tới hệ thống nguồn',
    description:
      'How long 95 % of single attempts took at most, by operation: the outside system alone. From the connector.',
    kind: 'lines',
    unit: 's',
    queries: [
      overTime(
        `histogram_quantile(0.95, ${quantiles('lgsp_upstream_duration_seconds', ', operation')})`,
        '{{operation}}',
      ),
    ],
    width: 12,
    height: 8,
    alerts: ['LgspSlow'],
  },
];

const attempts: PanelSpec[] = [
  {
    title: 'Số lần gửi mỗi giao dịch',
    description:
      'Attempts at the outside system for one transaction: above 1 there are retries, or an operation that asks several times. From gateways and connector.',
    kind: 'lines',
    unit: 'short',
    queries: [overTime(perTransaction(rate('lgsp_upstream_attempts_total')), 'lần gửi')],
    width: 12,
    height: 8,
  },
  {
    title: 'Các lần gửi theo kết quả',
    description:
      'Attempts per second by result: ok, the HTTP status, or the error code. 401 and 403 are refused credentials. From the connector.',
    kind: 'areas',
    unit: 'reqps',
    queries: [overTime(`sum by (result) (${rate('lgsp_upstream_attempts_total')})`, '{{result}}')],
    width: 12,
    height: 8,
    alerts: ['LgspCredentialsRefused', 'LgspCircuitOpen'],
  },
];

const callbacks: PanelSpec[] = [
  {
    title: 'Phản hồi do hệ thống ngoài gửi đến',
    description:
      'Callbacks per second by kind and result: accepted; forged and mismatch are not believed; refused cannot be read; blocked at the door; failed are sent again. From the gateways.',
    kind: 'areas',
    unit: 'reqps',
    queries: [overTime(`sum by (kind, result) (${rate('lgsp_callbacks_total')})`, '{{kind}} {{result}}')],
    width: 24,
    height: 7,
    alerts: ['LgspCallbackForged', 'LgspCallbacksFail'],
    seldom: { 0: 'absent where the outside system sends nothing by itself' },
  },
];

export const connection: DashboardSpec = {
  uid: 'lgsp-connection',
  title: 'LGSP · Một kết nối',
  description: 'One system: its state, its traffic, where the time goes, and whose fault a failure is.',
  from: 'now-3h',
  variable: { name: 'system', label: 'Hệ thống', metric: 'lgsp_connector_up' },
  rows: [
    { title: 'Tình trạng', panels: state },
    { title: 'Lưu lượng và kết quả', panels: traffic },
    { title: 'Thời gian', panels: latency },
    { title: 'Hệ thống nguồn', panels: attempts },
    { title: 'Phản hồi', panels: callbacks },
  ],
  onwards: `Những giao dịch đứng sau biểu đồ (cần quyền người vận hành):

\`\`\`sh
npx lgsp transactions find --system $system --outcome failed
npx lgsp transactions find --system $system --outcome unknown
npx lgsp transactions show <id>
\`\`\`

[Tìm qua cổng](\${gateway}/v1/transactions?system=$system&outcome=failed) (kèm mã truy cập của người vận hành) · [Tình trạng kết nối](\${gateway}/status#$system) · [Sổ tay vận hành](\${runbooks})`,
};
