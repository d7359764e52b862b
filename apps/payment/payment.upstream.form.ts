import { createHash } from 'node:crypto';
import { BusError } from '#lgsp/errors';
import type { Call } from '#lgsp/kit';
import { formatDate, nowInVietnam, valueOrThrow } from '#lgsp/vietnam';
import type { PaymentConfig } from './payment.config';
import type { NewPayment } from './payment.messages';

/** The fields that `MaXacThuc` proves, in the platform's order. */
export const provenFields = {
  init: [
    'LoaiBanTin', 'PhienBan', 'MaDoiTac', 'MaThamChieu', 'SoTien', 'LoaiHinhThanhToan', 'MaKenhThanhToan', 'MaThietBi',
    'NgonNgu', 'MaTienTe', 'MaNganHang', 'ThongTinGiaoDich', 'ThoiGianGD', 'Ip',
  ],
  question: ['LoaiBanTin', 'PhienBan', 'MaDoiTac', 'MaThamChieu', 'ThoiGianGD'],
  confirmation: [
    'LoaiBanTin', 'MaLoi', 'MaDoiTac', 'MaThamChieu', 'SoTien', 'MaTienTe', 'MaGiaoDich', 'MaNganHang', 'ThoiGianGD',
    'ThongTinGiaoDich',
  ],
} as const; // oxfmt-ignore

export type Proven = keyof typeof provenFields;
type Message = Record<string, unknown>;
/** The provable part of a message: texts, and the amount of a confirmation, which comes as a number. */
export type ProvableMessage = Partial<Record<string, string | number>>;

/** `MaXacThuc`: lower-case hexadecimal SHA-256 (no HMAC) of the fields and then the secret, joined by `|`. */
export function proofOf(proven: Proven, message: ProvableMessage, secret: string): string {
  const fields = provenFields[proven].map((name) => message[name] ?? '');
  return createHash('sha256')
    .update([...fields, secret].join('|'))
    .digest('hex');
}

/** What the platform's own examples of a reference have room for. */
const referenceLengthMax = 50;
const keyLength = 20;
const prefix = 'dvc';

/**
 * `MaThamChieu`: "dvc", the dossier code without its punctuation, and a part made of client, dossier and idempotency key
 * where other software puts the time. The platform wants it unique per attempt; each attempt has a key of its own, and
 * the same attempt sent again must not look like another one.
 */
export function referenceOf({ client, dossier, idempotencyKey }: Pick<Call, 'client' | 'dossier' | 'idempotencyKey'>) {
  if (!dossier) throw new BusError('missing-context');
  if (!idempotencyKey) throw new BusError('idempotency-key-required');
  const key = createHash('sha256')
    .update(JSON.stringify([client ?? '', dossier, idempotencyKey]))
    .digest('hex')
    .slice(0, keyLength);
  return prefix + dossier.replace(/\W/g, '').slice(0, referenceLengthMax - prefix.length - keyLength) + key;
}

/** `ThoiGianGD`: now, on the 24-hour clock of Vietnam. */
export const timeOf = (now: Date): string => valueOrThrow(formatDate(nowInVietnam(now), 'yyyyMMddHHmmss'), 'internal');

const procedureNameLengthMax = 200;
const currency = 'VND';
/** What is sent of a payer whose number nobody knows. */
const noIdentityNumber = '000000000';

/** Fields of the receipt that only a fine has. The platform wants them there, and empty. */
const fieldsOfFines = [
  'MaLoaiHinhThuPhat', 'TenLoaiHinhThuPhat', 'MaCoQuanQD', 'TenCoQuanQD', 'KhoBac', 'NgayQD', 'SoQD', 'ThoiGianViPham',
  'DiaDiemViPham', 'TenNguoiViPham', 'TaiKhoanThuNSNN',
]; // oxfmt-ignore

/** The whole message that opens a payment. Amounts are text. */
export function initMessage(config: PaymentConfig, payment: NewPayment, call: Call): Message {
  const amount = payment.fees.reduce((sum, fee) => sum + fee.amount, 0);
  const message = {
    LoaiBanTin: config.initType,
    PhienBan: config.protocolVersion,
    MaDoiTac: config.partnerCode,
    MaThamChieu: referenceOf(call),
    SoTien: String(amount),
    LoaiHinhThanhToan: config.paymentKind,
    MaKenhThanhToan: config.channel,
    MaThietBi: config.device,
    NgonNgu: config.pageLanguage,
    MaTienTe: currency,
    MaNganHang: config.bank,
    ThongTinGiaoDich: paymentText(call),
    ThoiGianGD: timeOf(new Date()),
    Ip: config.ip,
  };
  return {
    ...message,
    MaXacThuc: proofOf('init', message, config.secret),
    ThongTinBienLai: receiptBlock(config, payment, call),
  };
}

/** Asks for the status or the receipt of one payment. */
export function questionMessage(config: PaymentConfig, type: string, reference: string): Message {
  const message = {
    LoaiBanTin: type,
    PhienBan: config.protocolVersion,
    MaDoiTac: config.partnerCode,
    MaThamChieu: reference,
    ThoiGianGD: timeOf(new Date()),
  };
  return { ...message, MaXacThuc: proofOf('question', message, config.secret) };
}

function receiptBlock(config: PaymentConfig, payment: NewPayment, call: Call): Message {
  const { payer, beneficiary, fees } = payment;
  // By characters, not by UTF-16 halves: a cut must not leave half a character.
  const procedureName = [...payment.procedureName].slice(0, procedureNameLengthMax).join('');
  const serviceCode = `${call.procedure}.01`;
  const kinds = { fee: config.feeCode, charge: config.chargeCode };
  return {
    MaDichVu: config.serviceKind,
    MaTTHC: call.procedure,
    TenTTHC: procedureName,
    MaDVC: serviceCode,
    TenDVC: procedureName,
    MaDonVi: call.agency,
    TenDonVi: payment.agencyName,
    MaHoSo: call.dossier,
    TKThuHuong: beneficiary.accountNumber,
    TenTKThuHuong: beneficiary.accountName,
    MaNHThuHuong: beneficiary.bankCode,
    HoTenNguoiNop: payer.name,
    SoCMNDNguoiNop: payer.identityNumber ?? noIdentityNumber,
    DiaChiNguoiNop: payer.address ?? '',
    HuyenNguoiNop: '',
    TinhNguoiNop: '',
    NoiDungThanhToan: payment.description ?? paymentText(call),
    ...Object.fromEntries(fieldsOfFines.map((name) => [name, ''])),
    PhiLePhi: fees.map(({ kind, name, amount }) => ({
      LoaiPhiLePhi: kinds[kind],
      MaPhiLePhi: serviceCode,
      TenPhiLePhi: name,
      SoTien: String(amount),
    })),
    DSKhoanNop: fees.map(({ name, amount }) => ({ NoiDung: name, SoTien: String(amount) })),
  };
}

/** Without marks, as banks carry it, and without `|`, which would move the fields of the proof. */
const paymentText = ({ dossier = '' }: Call): string => `THANH TOAN HO SO ${dossier.replace(/[^\w./-]/g, '')}`;
