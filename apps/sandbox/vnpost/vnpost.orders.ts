import { nowInVietnam, s10CheckDigit } from '#lgsp/vietnam';
import type { SandboxClock } from '../sandbox.clock';

export interface StatusRecord {
  /** 24 hexadecimal digits that sort by time. */
  id: string;
  orderNumber: string;
  itemCode: string;
  statusCode: number;
  statusMessage: string;
  /** Epoch milliseconds. */
  at: number;
}

interface Order {
  number: string;
  itemCode: string;
  serial: number;
  placedAt: number;
  /** When it was cancelled, which ends its way. */
  cancelledAt?: number;
  /** Fixed times of its states, for the examples of the documentation. */
  times?: readonly number[];
}

const words = ['Đã tiếp nhận yêu cầu', 'Bưu tá đã nhận hồ sơ', 'Đã giao hồ sơ'];
const cancelledWords = 'Đã hủy yêu cầu';
const ordersMax = 10_000;
const at = (text: string): number => Date.parse(text);

/** The examples of the documentation: always there, whatever happens. */
const examples: readonly Order[] = [
  {
    number: 'H24.11-261101-0016-0EXAMPLE01',
    itemCode: 'EE123456785VN',
    serial: 1,
    placedAt: at('2026-11-02T08:00:00+07:00'),
    times: [at('2026-11-02T08:00:00+07:00'), at('2026-11-02T14:30:00+07:00'), at('2026-11-03T09:15:00+07:00')],
  },
  {
    number: 'H24.11-261101-0016-0EXAMPLE02',
    itemCode: 'EE200000023VN',
    serial: 2,
    placedAt: at('2026-11-02T08:05:00+07:00'),
    times: [at('2026-11-02T08:05:00+07:00')],
  },
  {
    // Its check digit ought to be 5: somebody has typed the label by hand.
    number: 'H24.11-261101-0016-0EXAMPLE03',
    itemCode: 'EE123456789VN',
    serial: 3,
    placedAt: at('2026-11-02T08:10:00+07:00'),
    times: [at('2026-11-02T08:10:00+07:00'), at('2026-11-02T15:00:00+07:00')],
  },
];

/** The orders that VNPost has taken; they move on with the sandbox's time. */
export class Orders {
  private readonly byNumber = new Map<string, Order>(examples.map((order) => [order.number, { ...order }]));
  private serial = examples.length;

  constructor(private readonly clock: SandboxClock) {}

  /** A number that is known already is taken once more: nothing in the real service is known to prevent it. */
  place(number: string): string {
    const known = this.byNumber.get(number);
    if (known) return known.itemCode;
    const serial = ++this.serial;
    const digits = String(20_000_000 + (serial % 80_000_000));
    const itemCode = `EV${digits}${s10CheckDigit(digits)}VN`;
    this.byNumber.set(number, { number, itemCode, serial, placedAt: this.clock.now() });
    if (this.byNumber.size > ordersMax) this.forgetOldest();
    return itemCode;
  }

  cancel(number: string): 'cancelled' | 'cancelled-before' | 'collected' | undefined {
    const order = this.byNumber.get(number);
    if (!order) return undefined;
    if (order.cancelledAt !== undefined) return 'cancelled-before';
    if (this.recordsOf(order).length > 1) return 'collected';
    // The examples may lie in the future.
    order.cancelledAt = Math.max(this.clock.now(), order.placedAt);
    return 'cancelled';
  }

  /** Status records after an id, oldest first; of one order or item where it is asked for. */
  records(after: string, limit: number, filter: { order?: string; item?: string }): StatusRecord[] {
    const { order, item } = filter;
    const one = order === undefined ? undefined : this.byNumber.get(order);
    const orders = order === undefined ? [...this.byNumber.values()] : one ? [one] : [];
    return orders
      .filter(({ itemCode }) => item === undefined || item === itemCode)
      .flatMap((found) => this.recordsOf(found))
      .filter(({ id }) => id > after)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, limit);
  }

  private recordsOf(order: Order): StatusRecord[] {
    const { placedAt, cancelledAt } = order;
    const steps = Math.min(words.length - 1, this.clock.stepsSince(placedAt));
    const moved = Array.from({ length: steps + 1 }, (_, step) => placedAt + step * this.clock.stepMs);
    const times = (order.times ?? moved).filter(
      (time) => cancelledAt === undefined || time < cancelledAt || time === placedAt,
    );
    const records = times.map((time, index) => record(order, time, index + 1, words[index]!));
    if (cancelledAt !== undefined) records.push(record(order, cancelledAt, words.length + 1, cancelledWords));
    return records;
  }

  private forgetOldest(): void {
    const oldest = [...this.byNumber.keys()].find((number) => !examples.some((example) => example.number === number));
    if (oldest !== undefined) this.byNumber.delete(oldest);
  }
}

function record(order: Order, time: number, statusCode: number, statusMessage: string): StatusRecord {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0').slice(-digits);
  const id = `${hex(Math.floor(time / 1_000), 8)}${hex(order.serial, 14)}${hex(statusCode, 2)}`;
  return { id, orderNumber: order.number, itemCode: order.itemCode, statusCode, statusMessage, at: time };
}

/** `03/11/2026 09:15:00`, Vietnamese time. */
export function timeText(time: number): string {
  const [day = '', clock = ''] = nowInVietnam(new Date(time)).slice(0, 19).split('T');
  return `${day.split('-').reverse().join('/')} ${clock}`;
}
