import type { DashboardSpec } from './dashboard';
import type { PanelSpec } from './panel';
import { ofClientThisMonth } from './book.sql';
import { now, ofBook, overTime } from './query';

const ours = 'client="$client"';

const limits: PanelSpec[] = [
  {
    title: 'Còn lại ở giới hạn chặt nhất',
    description: 'Calls left at the tightest limit, as of the last call; the least of all gateways. From the gateways.',
    kind: 'number',
    unit: 'short',
    queries: [now(`min(lgsp_rate_limit_remaining{${ours}})`, 'lượt gọi')],
    width: 6,
    height: 5,
  },
  {
    title: 'Hạn mức còn lại',
    description: 'Calls left of the quota of the day and of the month. From the gateways, which ask Redis.',
    kind: 'number',
    unit: 'short',
    queries: [now(`min by (quota) (lgsp_quota_remaining{${ours}})`, '{{quota}}')],
    width: 6,
    height: 5,
    alerts: ['LgspQuotaNearlySpent'],
    seldom: { 0: 'absent for a client without a quota' },
  },
  {
    title: 'Phần hạn mức còn lại',
    description: 'The same as a share of the whole quota, over time. From the gateways, which ask Redis.',
    kind: 'lines',
    unit: 'percentunit',
    queries: [
      overTime(
        `min by (quota) (lgsp_quota_remaining{${ours}}) / on (quota) max by (quota) (lgsp_quota_limit{${ours}})`,
        '{{quota}}',
      ),
    ],
    width: 12,
    height: 5,
    max: 1,
    alerts: ['LgspQuotaNearlySpent'],
    seldom: { 0: 'absent for a client without a quota' },
  },
];

const traffic: PanelSpec[] = [
  {
    title: 'Giao dịch theo hệ thống',
    description: 'Final transactions of this client per second, as the book counts them. From the ledger.',
    kind: 'areas',
    unit: 'reqps',
    queries: [overTime(`sum by (system) (rate(lgsp_transactions_total{${ours}}[$__rate_interval]))`, '{{system}}')],
    width: 12,
    height: 8,
  },
  {
    title: 'Giao dịch theo kết quả',
    description:
      'The same by outcome: many rejected ones are forms to correct, failed ones are not the caller’s fault.',
    kind: 'areas',
    unit: 'reqps',
    queries: [overTime(`sum by (outcome) (rate(lgsp_transactions_total{${ours}}[$__rate_interval]))`, '{{outcome}}')],
    width: 12,
    height: 8,
  },
  {
    title: 'Bị từ chối tại cổng, theo mã lỗi',
    description:
      'Calls refused at the door per second: limits, grants, networks, missing context. They are no transactions. From the gateways.',
    kind: 'areas',
    unit: 'reqps',
    queries: [overTime(`sum by (code) (rate(lgsp_refusals_total{${ours}}[$__rate_interval]))`, '{{code}}')],
    width: 12,
    height: 8,
    seldom: { 0: 'absent for a client that was never refused' },
  },
  {
    title: 'Tháng này theo hệ thống',
    description:
      'Transactions of this client since the first of the month. Read from the counts of the book; needs PostgreSQL as the database of the ledger.',
    kind: 'table',
    unit: 'short',
    queries: [ofBook(ofClientThisMonth)],
    width: 12,
    height: 8,
    leadsTo: {
      title: 'Mở kết nối này',
      url: '/d/lgsp-connection?var-system=${__data.fields["Hệ thống"]}',
    },
  },
];

const strangers: PanelSpec[] = [
  {
    title: 'Từ chối trước khi biết là ai',
    description:
      'Calls refused per second before their caller was known: wrong or missing keys. Many of them are an attack, or a lost key. From the gateways.',
    kind: 'areas',
    unit: 'reqps',
    queries: [overTime('sum by (code) (rate(lgsp_refusals_total{client="none"}[$__rate_interval]))', '{{code}}')],
    width: 24,
    height: 7,
    seldom: { 0: 'absent until a stranger knocks' },
  },
];

export const client: DashboardSpec = {
  uid: 'lgsp-client',
  title: 'LGSP · Một phần mềm khai thác',
  description: 'One client: what it calls, what is left of its limits and quotas, and why it is refused.',
  from: 'now-6h',
  variable: { name: 'client', label: 'Phần mềm', metric: 'lgsp_transactions_total' },
  rows: [
    { title: 'Giới hạn và hạn mức', panels: limits },
    { title: 'Lưu lượng', panels: traffic },
    { title: 'Người lạ', panels: strangers },
  ],
  onwards: `Đăng ký, quyền và hạn mức của phần mềm này (cần quyền người vận hành):

\`\`\`sh
npx lgsp clients show $client
npx lgsp transactions find --client $client --outcome rejected
\`\`\`

[Tìm qua cổng](\${gateway}/v1/transactions?client=$client) (kèm mã truy cập của người vận hành) · [Sổ tay vận hành](\${runbooks})`,
};
