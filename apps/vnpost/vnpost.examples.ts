import type { NewOrder, OrderQuestion, OrderReceipt, OrderTracking, TrackingQuestion } from './vnpost.messages';

/** Invented orders, one per operation; the sandbox always holds those that are asked for. */

const citizen = {
  name: 'Nguyễn Thị Mẫu',
  phone: '0900000016',
  address: 'Số 1 đường Lạch Tray, phường Ngô Quyền',
  provinceCode: '31',
  districtCode: '304',
};

const agency = {
  name: 'Bộ phận Một cửa phường Ngô Quyền',
  phone: '02253000016',
  address: 'Số 19 đường Đà Nẵng, phường Ngô Quyền',
  provinceCode: '31',
};

export const newOrderExample: { input: NewOrder; output: OrderReceipt; varies: string[] } = {
  input: {
    direction: 'collect-dossier',
    sender: citizen,
    receiver: agency,
    agencyName: 'Ủy ban nhân dân phường Ngô Quyền',
    procedureName: 'Đăng ký khai sinh',
    items: ['Tờ khai đăng ký khai sinh', 'Giấy chứng sinh'],
    codAmount: 0,
    applicantIdentityNumber: '031190000016',
  },
  output: { orderNumber: 'H24.11-261101-0001-7QK2M9XV0B', state: 'requested', trackingNumber: 'EV200000045VN' },
  varies: ['orderNumber', 'trackingNumber'],
};

const cancelled = 'H24.11-261101-0016-0EXAMPLE02';

export const cancelExample: { input: OrderQuestion; output: OrderReceipt } = {
  input: { orderNumber: cancelled },
  output: { orderNumber: cancelled, state: 'cancelled' },
};

const tracked = 'H24.11-261101-0016-0EXAMPLE01';

export const trackingExample: { input: TrackingQuestion; output: OrderTracking } = {
  input: { by: 'order-number', number: tracked },
  output: {
    orderNumber: tracked,
    state: 'received',
    trackingNumber: 'EE123456785VN',
    events: [
      { at: '2026-11-02T08:00:00+07:00', state: 'requested', statusCode: '1', text: 'Đã tiếp nhận yêu cầu' },
      { at: '2026-11-02T14:30:00+07:00', state: 'sent-to-post', statusCode: '2', text: 'Bưu tá đã nhận hồ sơ' },
      { at: '2026-11-03T09:15:00+07:00', state: 'received', statusCode: '3', text: 'Đã giao hồ sơ' },
    ],
    warnings: [],
  },
};
