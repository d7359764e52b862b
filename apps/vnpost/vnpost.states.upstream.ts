import type { VnpostConfig } from './vnpost.config';
import type { OrderState } from './vnpost.messages';

/** What each of VNPost's status codes means, as it is configured. */
export function orderStatesOf(config: VnpostConfig): ReadonlyMap<string, OrderState> {
  const { requestedStatuses, sentStatuses, receivedStatuses, cancelledStatuses: cancelled } = config;
  const lists = { requested: requestedStatuses, 'sent-to-post': sentStatuses, received: receivedStatuses, cancelled };
  return new Map(
    Object.entries(lists).flatMap(([state, codes]) => codes.map((code) => [code, state as OrderState] as const)),
  );
}
