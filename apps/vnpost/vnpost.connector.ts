import { Injectable } from '@nestjs/common';
import { BusError } from '#lgsp/errors';
import { defineConnector, operation, ruleMessage, type AdapterOf, type Call } from '#lgsp/kit';
import type { CommandProgress, FollowedCommand } from '#lgsp/progress';
import { parseTrackingNumber } from '#lgsp/vietnam';
import { cancelExample, newOrderExample, trackingExample } from './vnpost.examples';
import { NewOrder, OrderQuestion, OrderReceipt, OrderTracking, TrackingQuestion } from './vnpost.messages';
import { VnpostUpstream } from './vnpost.upstream';

export const vnpost = defineConnector({
  name: 'vnpost',
  version: '1.0.0',
  owner: 'Bưu điện thành phố Hải Phòng',
  summary: { en: 'VNPost: dossiers to and from the home', vi: 'VNPost: thu gom hồ sơ và trả kết quả tại nhà' },
  operations: {
    createOrder: operation({
      kind: 'command',
      summary: {
        en: 'Has the post collect the papers of a dossier at home, or deliver its result there',
        vi: 'Đặt bưu điện thu gom hồ sơ hoặc trả kết quả tại nhà',
      },
      input: NewOrder,
      output: OrderReceipt,
      requires: ['dossier', 'agency'],
      timeoutMs: 20_000,
      sensitivity: 'personal',
      follow: { firstMs: 600_000, mostMs: 6 * 3_600_000, overdueMs: 7 * 86_400_000, ageMaxMs: 45 * 86_400_000 },
      idempotency:
        'The key, client and dossier are hashed into the order number: the same command is the same number, for which the ' +
        'status records are searched before anything is sent again',
      example: newOrderExample,
    }),
    cancelOrder: operation({
      kind: 'command',
      summary: { en: 'Cancels an order that is not collected yet', vi: 'Hủy đơn chưa được bưu điện thu gom' },
      input: OrderQuestion,
      output: OrderReceipt,
      requires: ['dossier'],
      timeoutMs: 15_000,
      sensitivity: 'personal',
      idempotency: 'Repeatable by nature: an order that is cancelled already is cancelled',
      example: cancelExample,
    }),
    trackOrder: operation({
      kind: 'query',
      summary: { en: 'Says where an order is, with its events', vi: 'Tra cứu hành trình của đơn' },
      input: TrackingQuestion,
      output: OrderTracking,
      timeoutMs: 10_000,
      sensitivity: 'personal',
      example: trackingExample,
    }),
  },
});

@Injectable()
export class VnpostAdapter implements AdapterOf<typeof vnpost> {
  constructor(private readonly upstream: VnpostUpstream) {}

  createOrder(input: NewOrder, call: Call): Promise<OrderReceipt> {
    return this.upstream.place(input, call);
  }

  async createOrderOutcome(_input: NewOrder | undefined, call: Call): Promise<OrderReceipt | undefined> {
    return receiptOf(await this.upstream.findPlaced(call));
  }

  createOrderProgress(commands: FollowedCommand[], call: Call): Promise<CommandProgress[]> {
    return this.upstream.progress(commands, call);
  }

  async cancelOrder({ orderNumber }: OrderQuestion, call: Call): Promise<OrderReceipt> {
    if (!(await this.upstream.cancel(orderNumber, call))) throw new BusError('not-found');
    return { orderNumber, state: 'cancelled' };
  }

  /** The key alone does not name the order; without it nothing can be said, least of all that nothing happened. */
  async cancelOrderOutcome(input: OrderQuestion | undefined, call: Call): Promise<OrderReceipt | undefined> {
    if (!input) throw new BusError('outcome-unknown', { detail: repeatIt });
    const found = receiptOf(await this.upstream.find({ by: 'order-number', number: input.orderNumber }, call));
    return found?.state === 'cancelled' ? { orderNumber: found.orderNumber, state: 'cancelled' } : undefined;
  }

  async trackOrder(input: TrackingQuestion, call: Call): Promise<OrderTracking> {
    const parsed = input.by === 'tracking-number' ? parseTrackingNumber(input.number) : undefined;
    if (parsed?.ok === false) {
      const message = ruleMessage('is-tracking-number')[call.language];
      throw new BusError('invalid-request', { errors: [{ path: '/number', rule: 'is-tracking-number', message }] });
    }
    const found = await this.upstream.find(input, call);
    if (found) return found;
    throw new BusError('not-found', {
      detail: parsed?.value.warnings.includes('s10-check-digit') ? mistyped : undefined,
    });
  }
}

const receiptOf = (found: OrderTracking | undefined): OrderReceipt | undefined =>
  found && { orderNumber: found.orderNumber, state: found.state, trackingNumber: found.trackingNumber };

const repeatIt = {
  en: 'the order number is needed; repeating the cancellation is safe',
  vi: 'cần số đơn; gửi lại lệnh hủy là an toàn',
};
const mistyped = {
  en: 'the check digit of the tracking number is wrong, so it may be mistyped',
  vi: 'chữ số kiểm tra của số hiệu bưu gửi không đúng, có thể đã nhập sai',
};
