import type { DashboardSpec } from './dashboard';
import type { PanelSpec } from './panel';
import { databaseCache, databaseConnections, databaseSize } from './book.sql';
import { now, ofBook, overTime } from './query';

const runtime = 'From the process itself; no exporter is needed.';
const reader = 'Asked of PostgreSQL by the reading role itself; no exporter is needed.';

const processes: PanelSpec[] = [
  {
    title: 'Tiến trình',
    description: `Whether each process answers Prometheus. ${runtime}`,
    kind: 'states',
    unit: 'none',
    queries: [overTime('max by (part, instance) (up{job="lgsp"})', '{{part}} {{instance}}')],
    width: 12,
    height: 9,
    words: { 0: ['không trả lời', 'red'], 1: ['trả lời', 'green'] },
    alerts: ['LgspProcessDown'],
  },
  {
    title: 'Khởi động lại trong 24 giờ',
    description: `How often each process was started again. ${runtime}`,
    kind: 'lines',
    unit: 'short',
    queries: [overTime('sum by (part) (changes(process_start_time_seconds{job="lgsp"}[1d]))', '{{part}}')],
    width: 12,
    height: 9,
  },
  {
    title: 'CPU',
    description: `Cores that each process uses; one process of Node uses little more than one. ${runtime}`,
    kind: 'lines',
    unit: 'short',
    queries: [
      overTime('sum by (part, instance) (rate(process_cpu_seconds_total{job="lgsp"}[$__rate_interval]))', '{{part}}'),
    ],
    width: 8,
    height: 8,
  },
  {
    title: 'Bộ nhớ',
    description: `Resident memory of each process. ${runtime}`,
    kind: 'lines',
    unit: 'bytes',
    queries: [overTime('max by (part, instance) (process_resident_memory_bytes{job="lgsp"})', '{{part}}')],
    width: 8,
    height: 8,
  },
  {
    title: 'Độ trễ vòng lặp sự kiện (p99)',
    description: `How late Node comes to its work: tens of milliseconds are felt by every call. ${runtime}`,
    kind: 'lines',
    unit: 's',
    queries: [overTime('max by (part, instance) (nodejs_eventloop_lag_p99_seconds{job="lgsp"})', '{{part}}')],
    width: 8,
    height: 8,
  },
];

const servers: PanelSpec[] = [
  {
    title: 'NATS: các tiến trình có kết nối',
    description:
      'Whether each process is connected to NATS. Seen from the processes; a NATS exporter is not scraped, `nats server report` shows the server itself.',
    kind: 'states',
    unit: 'none',
    queries: [overTime('min by (part, instance) (lgsp_bus_connected)', '{{part}} {{instance}}')],
    width: 12,
    height: 9,
    words: { 0: ['mất kết nối', 'red'], 1: ['có kết nối', 'green'] },
    alerts: ['LgspBusAway'],
  },
  {
    title: 'NATS: thời gian ghi bền vững (p95)',
    description:
      'How long JetStream takes to have a batch on its disk, as the recorders see it. From gateways and ledger.',
    kind: 'lines',
    unit: 's',
    queries: [
      overTime(
        'histogram_quantile(0.95, sum by (le, part) (rate(lgsp_recorder_append_seconds_bucket[$__rate_interval])))',
        '{{part}}',
      ),
    ],
    width: 12,
    height: 9,
    alerts: ['LgspRecordingSlow'],
  },
  {
    title: 'NATS: chứng thư số còn hạn',
    description:
      'Until the TLS certificate that NATS shows expires. Looked at every hour by every process, where NATS is reached over TLS.',
    kind: 'number',
    unit: 's',
    queries: [now('min(lgsp_bus_certificate_expiry_timestamp_seconds) - time()', 'còn lại')],
    width: 6,
    height: 6,
    steps: [
      [undefined, 'red'],
      [14 * 86_400, 'green'],
    ],
    alerts: ['LgspBusCertificateExpires'],
    seldom: { 0: 'on one machine NATS is reached without TLS' },
  },
  {
    title: 'Redis: giới hạn chính xác',
    description:
      'While Redis is away, each gateway limits on its own. Seen from the gateways; a Redis exporter is not scraped.',
    kind: 'states',
    unit: 'none',
    queries: [overTime('max by (part, instance) (lgsp_limiter_degraded)', '{{part}} {{instance}}')],
    width: 6,
    height: 6,
    words: { 0: ['chính xác', 'green'], 1: ['tự giới hạn', 'orange'] },
    alerts: ['LgspLimitsNotExact'],
  },
  {
    title: 'Nơi cấp mã truy cập bên ngoài',
    description: 'Whether the outside issuer of tokens gives its keys. From the gateways, where one is configured.',
    kind: 'states',
    unit: 'none',
    queries: [overTime('max by (part, instance) (lgsp_token_issuer_degraded)', '{{part}} {{instance}}')],
    width: 6,
    height: 6,
    words: { 0: ['trả lời', 'green'], 1: ['không trả lời', 'orange'] },
    alerts: ['LgspTokenIssuerAway'],
    seldom: { 0: 'no outside issuer is configured' },
  },
  {
    title: 'Khóa ký mã truy cập còn hạn',
    description: 'Until the newest key of access tokens ends; the next one comes 17 hours before. From the gateways.',
    kind: 'number',
    unit: 's',
    queries: [now('min(lgsp_signing_key_expiry_timestamp_seconds) - time()', 'còn lại')],
    width: 6,
    height: 6,
    steps: [
      [undefined, 'red'],
      [12 * 3_600, 'green'],
    ],
    alerts: ['LgspTokenKeyExpires'],
  },
  {
    title: 'PostgreSQL: dung lượng sổ',
    description: `Size of the database of the ledger on its disk. ${reader}`,
    kind: 'number',
    unit: 'bytes',
    queries: [ofBook(databaseSize)],
    width: 6,
    height: 5,
  },
  {
    title: 'PostgreSQL: kết nối',
    description: `Connections to the database of the ledger. ${reader}`,
    kind: 'number',
    unit: 'short',
    queries: [ofBook(databaseConnections)],
    width: 6,
    height: 5,
  },
  {
    title: 'PostgreSQL: trúng bộ đệm',
    description: `Share of the pages that were in memory already: below 99 % for long, the server has too little. ${reader}`,
    kind: 'number',
    unit: 'percentunit',
    queries: [ofBook(databaseCache)],
    width: 6,
    height: 5,
  },
  {
    title: 'PostgreSQL: ghi sổ (p95)',
    description: 'Duration of one SQL transaction that writes records. From the ledger.',
    kind: 'number',
    unit: 's',
    queries: [now('histogram_quantile(0.95, sum by (le) (rate(lgsp_ledger_commit_seconds_bucket[15m])))', 'p95')],
    width: 6,
    height: 5,
  },
];

export const platform: DashboardSpec = {
  uid: 'lgsp-platform',
  title: 'LGSP · Nền tảng',
  description: 'The processes, and NATS, Redis and PostgreSQL as the processes see them.',
  from: 'now-6h',
  rows: [
    { title: 'Tiến trình Node.js', panels: processes },
    { title: 'Máy chủ', panels: servers },
  ],
};
