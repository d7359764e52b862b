import { Injectable } from '@nestjs/common';
import {
  isSameSecret,
  jsonObjectOf,
  jsonReply,
  refusedAs,
  taken,
  type Callback,
  type CallbackAnswer,
  type CallbackRequest,
} from '#lgsp/kit';
import { nowInVietnam, parseAnyDate } from '#lgsp/vietnam';
import { VnpostConfig } from './vnpost.config';
import { orderNumberPattern } from './vnpost.messages';
import { wire } from './vnpost.order.upstream';
import { orderStatesOf } from './vnpost.states.upstream';

const { record } = wire;
const done = { [wire.result.code]: 1, [wire.result.message]: 'Thành công' };

/**
 * What VNPost sends by itself when an item moves. No form of it is published: it is taken as the status record that the service
 * also answers when it is asked, and is to be compared with the contract (docs/connectors/vnpost.md).
 */
export const tracking: Callback = {
  summary: { en: 'Tells where an order is', vi: 'Báo hành trình của đơn' },
  scheme: {
    en: 'Authorization: Bearer and a secret that both sides know (LGSP_VNPOST_CALLBACK_SECRET)',
    vi: 'Authorization: Bearer và mã bí mật hai bên cùng biết (LGSP_VNPOST_CALLBACK_SECRET)',
  },
  bodyBytesMax: 65_536,
  timeoutMs: 5_000,
  sensitivity: 'personal',
  headers: ['authorization'],
  example: {
    body: {
      [record.orderNumber]: 'H24.11-261101-0016-0EXAMPLE01',
      [record.trackingNumber]: 'EE123456785VN',
      [record.code]: 3,
      [record.message]: 'Đã giao hồ sơ',
      [record.time]: '03/11/2026 09:15:00',
    },
    reply: done,
  },
};

const refusal = (message: string, status: number): ReturnType<typeof jsonReply> =>
  jsonReply({ [wire.result.code]: 0, [wire.result.message]: message }, status);
/** Codes come as text or as numbers. */
const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
const bearer = /^Bearer ([\x21-\x7e]{1,300})$/;
/** Of a time that is further ahead than clocks differ, nothing is believed. */
const clockDifferenceMs = 5 * 60_000;

/** Reads what VNPost tells of orders. Its words about an order may name people, and are not kept. */
@Injectable()
export class VnpostCallbacks {
  private readonly states: ReturnType<typeof orderStatesOf>;

  constructor(private readonly config: VnpostConfig) {
    this.states = orderStatesOf(config);
  }

  async track({ headers, body }: CallbackRequest): Promise<CallbackAnswer> {
    const secret = bearer.exec(headers['authorization'] ?? '')?.[1];
    if (!isSameSecret(secret, this.config.callbackSecret)) return refusedAs('forged', refusal('Sai mã xác thực', 401));
    const json = jsonObjectOf(body);
    const reference = json?.[record.orderNumber];
    const code = textOf(json?.[record.code]);
    const time = parseAnyDate(textOf(json?.[record.time]));
    if (typeof reference !== 'string' || !orderNumberPattern.test(reference) || code === '' || !time.ok)
      return refusedAs('refused', refusal('Dữ liệu không hợp lệ', 400));
    const state = this.states.get(code);
    // Sent again it would not be understood either.
    if (!state) return taken(jsonReply(done));
    const now = Date.now();
    const at = Date.parse(time.value) > now + clockDifferenceMs ? nowInVietnam(new Date(now)) : time.value;
    const final = state === 'received' || state === 'cancelled';
    return taken(jsonReply(done), { reference, state, upstreamState: code, final, at });
  }
}
