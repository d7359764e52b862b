import { sign, type Message } from '../../apps/sandbox/payment/payment.proof';

/** What the payment platform says of a payment of 8,000 đồng that was paid, without its proof. */
export const confirmationOf = (reference: string, change: Message = {}): Message => ({
  LoaiBanTin: 'CONFIRM',
  MaLoi: '00',
  MaDoiTac: 'HAIPHONG',
  MaThamChieu: reference,
  SoTien: 8_000,
  MaTienTe: 'VND',
  MaGiaoDich: 'PP1',
  MaNganHang: 'MAUBANK',
  ThoiGianGD: '20261101140509',
  ThongTinGiaoDich: 'THANH TOAN HO SO',
  ...change,
});

/** The same with a proof by this secret. */
export const provenBy = (secret: string, message: Message): Message => ({
  ...message,
  MaXacThuc: sign('CONFIRM', message, secret),
});
