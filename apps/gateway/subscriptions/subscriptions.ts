import { randomBytes } from 'node:crypto';
import type { BusClient, KeyValueStore } from '#lgsp/bus';
import { BusError, type Text } from '#lgsp/errors';
import { subscriptionKey, type DeliveryState, type EventLog, type Subscription } from '#lgsp/events';
import { courierSubjects, type JobSeal } from '#lgsp/jobs';
import { nowInVietnam } from '#lgsp/vietnam';
import type { SubscriptionInput } from './subscription.input';

export interface SubscriptionParts {
  subscriptions: KeyValueStore<Subscription>;
  deliveries: KeyValueStore<DeliveryState>;
  events: EventLog;
  /** Absent where the gateway has no key to seal secrets with: then there are no webhooks. */
  seal?: JobSeal;
  bus: BusClient;
}

/** A subscription as its client sees it. */
export interface SubscriptionView {
  name: string;
  url: string;
  types?: string[];
  systems?: string[];
  state: Subscription['state'];
  reason?: string;
  /** Place of the last event that was taken. */
  cursor: string;
  failures: number;
  lastResult?: string;
  deliveredAt?: string;
  nextTryAt?: string;
  /** `whsec_…`: only where it was made this moment. */
  secret?: string;
}

/** Most subscriptions of a client. */
const subscriptionsMax = 20;
const secretBytes = 32;
const tryMs = 25_000;

/** Where a client wants its events sent. Each change is another turn for the courier that sends them. */
export class Subscriptions {
  constructor(private readonly parts: SubscriptionParts) {}

  async list(client: string): Promise<SubscriptionView[]> {
    const all = [...(await this.parts.subscriptions.all()).values()].filter((one) => one.client === client);
    return Promise.all(all.toSorted((a, b) => a.name.localeCompare(b.name)).map((one) => this.view(one)));
  }

  async get(client: string, name: string): Promise<SubscriptionView> {
    return this.view((await this.stored(client, name)).value);
  }

  /** Makes it, or changes it; one that was disabled begins again where it stopped. @returns whether it is new */
  async put(
    client: string,
    name: string,
    input: SubscriptionInput,
  ): Promise<{ view: SubscriptionView; isNew: boolean }> {
    const { subscriptions, events } = this.parts;
    const key = subscriptionKey({ client, name });
    const { url, types, systems } = input;
    const now = Date.now();
    const before = await subscriptions.get(key);
    if (!before) {
      const own = [...(await subscriptions.all()).values()].filter((one) => one.client === client).length;
      if (own >= subscriptionsMax) throw new BusError('quota-exhausted', { detail: tooMany });
      const { secret, sealed } = this.newSecret(key);
      const after = input.after === undefined ? await events.last() : Number(input.after);
      const made: Subscription = {
        client,
        name,
        url,
        types,
        systems,
        secret: sealed,
        state: 'active',
        after,
        turn: 1,
        createdAt: now,
        changedAt: now,
      };
      if ((await subscriptions.create(key, made)) === undefined)
        throw new BusError('overloaded', { retryAfterMs: 1_000 });
      return { view: { ...(await this.view(made)), secret }, isNew: true };
    }
    const rotated = input.rotateSecret ? this.newSecret(key) : undefined;
    const changed = await this.change(before, { url, types, systems, ...(rotated && { secret: rotated.sealed }) });
    return { view: { ...(await this.view(changed)), secret: rotated?.secret }, isNew: false };
  }

  async remove(client: string, name: string): Promise<void> {
    await this.stored(client, name);
    await this.parts.subscriptions.delete(subscriptionKey({ client, name }));
  }

  /** Everything after a cursor once more, also what was taken. */
  async redeliver(client: string, name: string, after: number): Promise<SubscriptionView> {
    return this.view(await this.change(await this.stored(client, name), {}, after));
  }

  /** One message that stands for no event, sent now. @throws BusError `bus-unavailable` when no courier runs */
  async try(client: string, name: string): Promise<object> {
    await this.stored(client, name);
    try {
      return await this.parts.bus.call<object>(courierSubjects.tryWebhook, { client, name }, Date.now() + tryMs);
    } catch (error) {
      if (BusError.from(error).code !== 'connector-unavailable') throw error;
      throw new BusError('bus-unavailable', { retryAfterMs: 2_000, cause: error });
    }
  }

  private async change(
    { value, revision }: { value: Subscription; revision: number },
    change: Partial<Subscription>,
    from?: number,
  ): Promise<Subscription> {
    const cursor = (await this.deliveryOf(value))?.cursor ?? value.after;
    const changed: Subscription = {
      ...value,
      ...change,
      state: 'active',
      reason: undefined,
      after: from ?? cursor,
      turn: value.turn + 1,
      changedAt: Math.max(Date.now(), value.changedAt + 1),
    };
    const next = await this.parts.subscriptions.update(subscriptionKey(value), changed, revision);
    if (next === undefined) throw new BusError('overloaded', { retryAfterMs: 1_000 }); // Somebody else was faster.
    return changed;
  }

  private async stored(client: string, name: string): Promise<{ value: Subscription; revision: number }> {
    const stored = await this.parts.subscriptions.get(subscriptionKey({ client, name }));
    if (!stored) throw new BusError('not-found', { detail: noSuch });
    return stored;
  }

  private async deliveryOf(subscription: Subscription): Promise<DeliveryState | undefined> {
    const state = (await this.parts.deliveries.get(subscriptionKey(subscription)))?.value;
    return state?.turn === subscription.turn ? state : undefined;
  }

  private async view(subscription: Subscription): Promise<SubscriptionView> {
    const { name, url, types, systems, state, reason, after } = subscription;
    const delivery = await this.deliveryOf(subscription);
    return {
      name,
      url,
      types,
      systems,
      state,
      reason,
      cursor: String(delivery?.cursor ?? after),
      failures: delivery?.failures ?? 0,
      lastResult: delivery?.lastResult,
      deliveredAt: moment(delivery?.deliveredAt),
      nextTryAt: state === 'active' ? moment(delivery?.notBefore) : undefined,
    };
  }

  private newSecret(key: string): { secret: string; sealed: string } {
    if (!this.parts.seal) throw new BusError('bus-unavailable', { detail: noKey });
    const bytes = randomBytes(secretBytes);
    return { secret: `whsec_${bytes.toString('base64')}`, sealed: this.parts.seal.seal(bytes, key).toString('base64') };
  }
}

const moment = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : nowInVietnam(new Date(at));
export const noSuch: Text = { en: 'there is no such subscription', vi: 'không có đăng ký nhận sự kiện này' };
const tooMany: Text = {
  en: `a client has at most ${subscriptionsMax} subscriptions`,
  vi: `mỗi phần mềm có tối đa ${subscriptionsMax} đăng ký`,
};
const noKey: Text = {
  en: 'this gateway has no LGSP_JOB_KEY to keep secrets under, so there are no webhooks',
  vi: 'cổng chưa có LGSP_JOB_KEY để lưu khóa bí mật nên chưa gửi sự kiện được',
};
