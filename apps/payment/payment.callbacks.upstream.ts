import { Injectable } from '@nestjs/common';
import {
  isSameSecret,
  jsonObjectOf,
  jsonReply,
  refusedAs,
  taken,
  type Call,
  type Callback,
  type CallbackAnswer,
  type CallbackRequest,
  type CalledBack,
} from '#lgsp/kit';
import { nowInVietnam, parseDate } from '#lgsp/vietnam';
import { PaymentConfig } from './payment.config';
import type { PaymentState } from './payment.messages';
import { PaymentUpstream } from './payment.upstream';
import { proofOf, provenFields, type ProvableMessage } from './payment.upstream.form';

/** What the platform sends by itself once a payment is settled. */
export const confirmation: Callback = {
  summary: {
    en: 'Confirms that a payment is settled: paid, or failed',
    vi: 'Xác nhận kết quả thanh toán: thành công hoặc thất bại',
  },
  scheme: {
    en:
      'MaXacThuc: SHA-256 in hexadecimal of LoaiBanTin|MaLoi|MaDoiTac|MaThamChieu|SoTien|MaTienTe|MaGiaoDich|MaNganHang|' +
      'ThoiGianGD|ThongTinGiaoDich|secret. Then the platform is asked, and must say the same',
    vi:
      'MaXacThuc: SHA-256 dạng hexa của LoaiBanTin|MaLoi|MaDoiTac|MaThamChieu|SoTien|MaTienTe|MaGiaoDich|MaNganHang|' +
      'ThoiGianGD|ThongTinGiaoDich|khóa bí mật. Sau đó nền tảng được hỏi lại và phải trả lời trùng khớp',
  },
  alias: 'confirm',
  bodyBytesMax: 16_384,
  timeoutMs: 10_000,
  sensitivity: 'personal',
  example: {
    body: {
      LoaiBanTin: 'CONFIRM',
      MaLoi: '00',
      MaDoiTac: 'HAIPHONG',
      MaThamChieu: 'dvcH241126110100015e1f0c9a7b3d2846f0aa',
      SoTien: 8_000,
      MaTienTe: 'VND',
      MaGiaoDich: 'PP20261101000016',
      MaNganHang: 'MAUBANK',
      ThoiGianGD: '20261101140509',
      ThongTinGiaoDich: 'THANH TOAN HO SO H24.11-261101-0001',
      MaXacThuc: '0000000000000000000000000000000000000000000000000000000000000000',
    },
    reply: { MaLoi: '00', MoTaLoi: 'Thành công' },
  },
};

/** How it is answered: in the words of the platform's own replies. */
const replies = {
  taken: jsonReply(confirmation.example.reply),
  forged: jsonReply({ MaLoi: '97', MoTaLoi: 'Sai mã xác thực' }, 403),
  unreadable: jsonReply({ MaLoi: '03', MoTaLoi: 'Dữ liệu không hợp lệ' }, 400),
  unknown: jsonReply({ MaLoi: '01', MoTaLoi: 'Không tìm thấy giao dịch' }, 404),
  mismatch: jsonReply({ MaLoi: '04', MoTaLoi: 'Không khớp với giao dịch' }, 422),
  early: jsonReply({ MaLoi: '05', MoTaLoi: 'Giao dịch chưa có kết quả' }, 409),
};

/** `TrangThaiGD` of a payment that is settled. */
const settledStates: Partial<Record<PaymentState['status'], string>> = { paid: '1', failed: '4' };
const ok = '00';
const amountForm = /^(\d{1,15})(?:\.0{1,4})?$/;

/**
 * Reads confirmations. The hash says who sent it, and no more is believed of it than which payment it is about: state, amount
 * and currency are what the platform answers when it is asked.
 */
@Injectable()
export class PaymentCallbacks {
  constructor(
    private readonly config: PaymentConfig,
    private readonly upstream: PaymentUpstream,
  ) {}

  /** @throws BusError when the platform could not be asked */
  async confirm({ body }: CallbackRequest, call: Call): Promise<CallbackAnswer> {
    const message = provableOf(jsonObjectOf(body));
    if (!message) return refusedAs('refused', replies.unreadable);
    if (!this.isGenuine(message)) return refusedAs('forged', replies.forged);
    const reference = String(message['MaThamChieu']);
    const amount = amountForm.exec(String(message['SoTien']))?.[1];
    if (!/^\w{1,50}$/.test(reference) || amount === undefined) return refusedAs('refused', replies.unreadable);
    const state = await this.upstream.find(reference, call);
    if (!state) return refusedAs('refused', replies.unknown);
    if (state.status === 'pending') return refusedAs('refused', replies.early);
    const claims = { status: message['MaLoi'] === ok ? 'paid' : 'failed', amount: Number(amount) };
    const { currency = message['MaTienTe'] } = state;
    const isSame =
      state.status === claims.status &&
      (state.amount ?? claims.amount) === claims.amount &&
      currency === message['MaTienTe'];
    return isSame ? taken(replies.taken, observed(state, message)) : refusedAs('mismatch', replies.mismatch);
  }

  /** A bar within a field would let the fields of another message of ours be read as these. */
  private isGenuine(message: ProvableMessage): boolean {
    const { partnerCode, secret, confirmationType } = this.config;
    const fields = provenFields.confirmation.map((name) => String(message[name] ?? ''));
    if (fields.some((field) => field.includes('|'))) return false;
    if (message['LoaiBanTin'] !== confirmationType || message['MaDoiTac'] !== partnerCode) return false;
    return isSameSecret(String(message['MaXacThuc'] ?? '').toLowerCase(), proofOf('confirmation', message, secret));
  }
}

/** The message where its proven fields are texts and numbers, or are not there. */
function provableOf(json: Record<string, unknown> | undefined): ProvableMessage | undefined {
  if (!json) return undefined;
  const names = [...provenFields.confirmation, 'MaXacThuc'];
  const pairs = names.map((name) => [name, json[name] ?? undefined] as const);
  const isPlain = (value: unknown): boolean => ['string', 'number', 'undefined'].includes(typeof value);
  return pairs.every(([, value]) => isPlain(value)) ? (Object.fromEntries(pairs) as ProvableMessage) : undefined;
}

function observed({ reference, status, settledAt }: PaymentState, message: ProvableMessage): CalledBack {
  const told = parseDate(String(message['ThoiGianGD'] ?? ''), 'yyyyMMddHHmmss');
  const at = settledAt ?? (told.ok ? told.value : nowInVietnam(new Date()));
  return { reference, state: status, upstreamState: settledStates[status]!, final: true, at };
}
