import { KeyValueStore, type BusConnection } from '#lgsp/bus';
import type { EventType } from './event.table';

/** That a client wants its events sent to an address of its own. */
export interface Subscription {
  client: string;
  /** Kebab-case, the client's own name for it. */
  name: string;
  url: string;
  /** Only these; all when left out. */
  types?: EventType[];
  systems?: string[];
  /** By which the receiver knows the bus, sealed: never itself. Base64. */
  secret: string;
  state: 'active' | 'disabled';
  /** Why it was disabled. */
  reason?: string;
  /** After which event delivery begins, each time `turn` grows. */
  after: number;
  turn: number;
  /** Epoch milliseconds. */
  createdAt: number;
  changedAt: number;
}

/** How far a subscription came. Written by the courier that sends. */
export interface DeliveryState {
  turn: number;
  /** Place of the last event that was delivered or passed over. */
  cursor: number;
  /** In a row, of the next event. */
  failures: number;
  /** Epoch milliseconds. */
  failingSince?: number;
  notBefore?: number;
  deliveredAt?: number;
  /** What the receiver last answered, or why it was not reached. */
  lastResult?: string;
}

export const subscriptionName = /^[a-z][a-z0-9-]{0,39}$/;

/** Where a subscription lies, and what its secret is sealed for. */
export const subscriptionKey = ({ client, name }: Pick<Subscription, 'client' | 'name'>): string => `${client}.${name}`;

export function openSubscriptions(connection: BusConnection): Promise<KeyValueStore<Subscription>> {
  const description = 'where clients want their events sent';
  return KeyValueStore.open(connection, { bucket: 'SUBSCRIPTIONS', description });
}

export function openDeliveries(connection: BusConnection): Promise<KeyValueStore<DeliveryState>> {
  const description = 'how far the delivery of events came, by subscription';
  return KeyValueStore.open(connection, { bucket: 'DELIVERIES', description });
}
