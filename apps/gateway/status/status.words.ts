import type { Fault, Text } from '#lgsp/errors';
import type { ConnectionReason, SystemStatus } from '../catalogue/connection.state';

/** The words of the page, in both languages. */
export const pageWords = {
  heading: { en: 'LGSP · State of the connections', vi: 'LGSP · Tình trạng kết nối' },
  other: { en: 'Tiếng Việt', vi: 'English' },
  connections: { en: 'Connections', vi: 'Các kết nối' },
  gateway: { en: 'This gateway', vi: 'Cổng này' },
  system: { en: 'System', vi: 'Hệ thống' },
  state: { en: 'State', vi: 'Tình trạng' },
  since: { en: 'Since', vi: 'Từ lúc' },
  lastError: { en: 'Last error', vi: 'Lỗi gần nhất' },
  inFlight: { en: 'In flight', vi: 'Đang xử lý' },
  none: { en: 'none', vi: 'không' },
  nothing: { en: 'No connector has ever been seen.', vi: 'Chưa thấy bộ kết nối nào.' },
  note: {
    en: 'As this gateway has seen it since it was started. The page renews itself every 15 seconds. An error is shown by its class only; the transaction and its trace are with the operator.',
    vi: 'Theo những gì cổng này ghi nhận từ khi khởi động. Trang tự làm mới sau mỗi 15 giây. Lỗi chỉ ghi loại; giao dịch và dấu vết chi tiết do người vận hành tra cứu.',
  },
} as const satisfies Record<string, Text>;

export const overallWords: Record<SystemStatus, Text> = {
  up: { en: 'Everything is up', vi: 'Tất cả đang hoạt động' },
  degraded: { en: 'Something needs attention', vi: 'Có phần cần chú ý' },
  down: { en: 'This gateway cannot serve', vi: 'Cổng này không phục vụ được' },
};

export const stateWords: Record<SystemStatus, Text> = {
  up: { en: 'up', vi: 'hoạt động' },
  degraded: { en: 'degraded', vi: 'suy giảm' },
  down: { en: 'down', vi: 'ngừng' },
};

export const reasonWords: Record<ConnectionReason, Text> = {
  'no-instance': { en: 'the connector is not running', vi: 'bộ kết nối không chạy' },
  'circuit-open': {
    en: 'the outside system fails: calls are held back (circuit open)',
    vi: 'hệ thống nguồn lỗi: tạm ngừng gửi (ngắt mạch)',
  },
  'circuit-half-open': {
    en: 'trying whether the outside system is back (circuit half-open)',
    vi: 'đang thử xem hệ thống nguồn đã trở lại chưa (mạch nửa mở)',
  },
  'versions-differ': { en: 'instances of different versions run', vi: 'các bản chạy khác phiên bản' },
};

export const faultWords: Record<Fault, Text> = {
  caller: { en: 'the caller', vi: 'phần mềm gọi' },
  bus: { en: 'the bus', vi: 'nền tảng' },
  upstream: { en: 'the outside system', vi: 'hệ thống nguồn' },
  nobody: { en: 'nobody', vi: 'không ai' },
};

/** The gateway's own parts, and what it means when one is not up. */
export const partWords: Record<string, { name: Text; sick: Text }> = {
  bus: {
    name: { en: 'NATS', vi: 'NATS' },
    sick: { en: 'the connection is lost: no call can be served', vi: 'mất kết nối: không phục vụ được lượt gọi nào' },
  },
  records: {
    name: { en: 'Records', vi: 'Ghi sổ' },
    sick: {
      en: 'transactions cannot be recorded: calls are refused',
      vi: 'không ghi được giao dịch: các lượt gọi bị từ chối',
    },
  },
  catalogue: {
    name: { en: 'Catalogue', vi: 'Danh mục' },
    sick: { en: 'will not be remembered after a restart', vi: 'sẽ không được nhớ sau khi khởi động lại' },
  },
  limiter: {
    name: { en: 'Limits', vi: 'Hạn mức' },
    sick: {
      en: 'Redis does not answer, or there is none: this gateway limits on its own',
      vi: 'Redis không trả lời hoặc chưa có: cổng này tự giới hạn',
    },
  },
  courier: {
    name: { en: 'Courier', vi: 'Chuyển phát' },
    sick: {
      en: 'none answers: accepted commands wait, and no events are sent',
      vi: 'không hoạt động: lệnh đã tiếp nhận phải chờ và sự kiện chưa được gửi',
    },
  },
  issuer: {
    name: { en: 'Outside issuer', vi: 'Nơi cấp mã bên ngoài' },
    sick: { en: 'its keys cannot be fetched', vi: 'không lấy được khóa' },
  },
};
