import { createHash } from 'node:crypto';

/** The fields under `MaXacThuc`, written down a second time: the stand-in must not learn them from the connector. */
const lists = {
  INIT:
    'LoaiBanTin|PhienBan|MaDoiTac|MaThamChieu|SoTien|LoaiHinhThanhToan|MaKenhThanhToan|MaThietBi|NgonNgu|MaTienTe|' +
    'MaNganHang|ThongTinGiaoDich|ThoiGianGD|Ip',
  QUERY: 'LoaiBanTin|PhienBan|MaDoiTac|MaThamChieu|ThoiGianGD',
  GET_BILL: 'LoaiBanTin|PhienBan|MaDoiTac|MaThamChieu|ThoiGianGD',
  CONFIRM: 'LoaiBanTin|MaLoi|MaDoiTac|MaThamChieu|SoTien|MaTienTe|MaGiaoDich|MaNganHang|ThoiGianGD|ThongTinGiaoDich',
};

export type MessageType = keyof typeof lists;
export type Message = Record<string, unknown>;

export function sign(type: MessageType, message: Message, secret: string): string {
  const text = lists[type].replace(/\w+/g, (name) => scalar(message[name]));
  return createHash('sha256').update(`${text}|${secret}`, 'utf8').digest('hex');
}

const scalar = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
