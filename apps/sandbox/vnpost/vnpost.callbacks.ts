import type { Callback } from '../callback.sender';
import { timeText, type Orders } from './vnpost.orders';

export interface TrackingTarget {
  url: string;
  secret: string;
}

/** Most status records of one order: requested, on its way, received. */
const recordsMax = 3;

/** What VNPost sends by itself as an order moves: each of its status records, once there is one. */
export function trackingOf(number: string, orders: Orders, { url, secret }: TrackingTarget): Callback[] {
  const recordsOf = () => orders.records('', recordsMax, { order: number });
  return Array.from({ length: recordsMax }, (_, nth) => ({
    key: `${number} ${nth}`,
    url: `${url}/tracking`,
    headers: { authorization: `Bearer ${secret}` },
    isDue: () => recordsOf().length > nth,
    body: () => {
      const { orderNumber, itemCode, statusCode, statusMessage, at } = recordsOf()[nth]!;
      return {
        OrderNumber: orderNumber,
        ItemCode: itemCode,
        StatusCode: statusCode,
        StatusMessage: statusMessage,
        StatusDate: timeText(at),
      };
    },
  }));
}
