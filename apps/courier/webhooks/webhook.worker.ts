import { idle, type KeyValueStore, type Lease } from '#lgsp/bus';
import { backoffMs, type BackoffTimes } from '#lgsp/dispatch';
import { BusError } from '#lgsp/errors';
import {
  eventView,
  subscriptionKey,
  type DeliveryState,
  type EventLog,
  type PlacedEvent,
  type Subscription,
} from '#lgsp/events';
import type { Logger, Metrics } from '#lgsp/telemetry';
import { nowInVietnam } from '#lgsp/vietnam';
import type { WebhookResult, WebhookSender } from './webhook.sender';

export interface WorkerParts {
  events: EventLog;
  sender: WebhookSender;
  subscriptions: KeyValueStore<Subscription>;
  deliveries: KeyValueStore<DeliveryState>;
  backoff: BackoffTimes;
  /** After so long without a success the subscription is disabled, in milliseconds. */
  giveUpMs: number;
  log: Logger;
  metrics: Metrics;
}

const idleMs = 1_000;
/** Bytes of events that are fetched ahead: so much memory costs a receiver that takes nothing. */
const aheadBytes = 65_536;
/** After so many events that were passed over it is noted how far it came. */
const noteEvery = 200;

/**
 * Sends the events of one subscription, one after the other: the next when its receiver has taken the one before. So a receiver
 * that is slow, fails or is away holds up nobody but itself, and gets everything in order once it is there again.
 */
export class WebhookWorker {
  private readonly stopping = new AbortController();
  private state: DeliveryState;
  private passedOver = 0;
  private readonly running: Promise<void>;

  constructor(
    private readonly subscription: Subscription,
    private readonly lease: Lease,
    private readonly parts: WorkerParts,
  ) {
    this.state = this.beginning;
    this.running = this.work();
  }

  /** Since when its receiver takes nothing, epoch milliseconds; undefined when it does, or when another courier sends to it. */
  get failingSince(): number | undefined {
    return this.lease.held ? this.state.failingSince : undefined;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await this.lease.release();
  }

  private async work(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        if (await this.lease.take()) await this.follow(signal);
        else await idle(idleMs, this.stopping.signal);
      } catch (error) {
        if (signal.aborted) return;
        const { code } = BusError.from(error);
        this.parts.log.warn(
          { err: code === 'internal' ? error : undefined, code, ...this.labels() },
          'events cannot be sent now',
        );
        await idle(idleMs, this.stopping.signal);
      }
    }
  }

  /** Until the lease is lost, or the subscription disabled. */
  private async follow(signal: AbortSignal): Promise<void> {
    const { events, deliveries } = this.parts;
    const { client, turn } = this.subscription;
    const stored = (await deliveries.get(this.key))?.value;
    this.state = stored?.turn === turn ? stored : this.beginning;
    for await (const placed of events.follow(client, this.state.cursor, signal, aheadBytes)) {
      if (!this.lease.held) return;
      if (this.wants(placed)) {
        if (!(await this.deliver(placed, signal))) return;
      } else if (++this.passedOver % noteEvery === 0) await this.note({ cursor: placed.sequence });
      this.state.cursor = placed.sequence;
    }
  }

  /** Until it is taken; whether it was. */
  private async deliver(placed: PlacedEvent, signal: AbortSignal): Promise<boolean> {
    const { sender, backoff, giveUpMs, metrics } = this.parts;
    const body = JSON.stringify(eventView(placed));
    for (;;) {
      await idle((this.state.notBefore ?? 0) - Date.now(), this.stopping.signal);
      if (signal.aborted || !this.lease.held) return false;
      const sent = await sender.send(this.subscription, placed.event.id, body, signal);
      if (signal.aborted) return false;
      this.tell(placed, sent);
      metrics
        .counter('lgsp_webhook_deliveries_total', {
          client: this.subscription.client,
          result: sent.ok ? 'ok' : kindOf(sent),
        })
        .inc();
      const now = Date.now();
      if (sent.ok) {
        await this.note({
          cursor: placed.sequence,
          failures: 0,
          failingSince: undefined,
          notBefore: undefined,
          deliveredAt: now,
          lastResult: sent.result,
        });
        return true;
      }
      const failures = this.state.failures + 1;
      const failingSince = this.state.failingSince ?? now;
      const notBefore = now + backoffMs(backoff, failures, sent.retryAfterMs);
      await this.note({ failures, failingSince, notBefore, lastResult: sent.result });
      if (sent.gone || now - failingSince >= giveUpMs) return this.disable(placed, sent);
    }
  }

  private async note(change: Partial<DeliveryState>): Promise<void> {
    this.state = { ...this.state, ...change };
    await this.parts.deliveries.put(this.key, this.state);
  }

  /** Says so to its client, and sends nothing more until the client wants it again. */
  private async disable(placed: PlacedEvent, { gone, result }: WebhookResult): Promise<false> {
    const { subscriptions, events, log } = this.parts;
    const { client, name, turn } = this.subscription;
    const reason = gone ? ('gone' as const) : ('failing' as const);
    await events.append({
      id: `webhook.${client}.${name}.${turn}`,
      type: 'webhook.disabled',
      time: nowInVietnam(new Date()),
      client,
      system: 'lgsp',
      data: { subscription: name, reason, lastResult: result, cursor: String(this.state.cursor) },
    });
    const stored = await subscriptions.get(this.key);
    if (stored?.value.turn === turn)
      await subscriptions.update(
        this.key,
        { ...stored.value, state: 'disabled', reason, changedAt: Date.now() },
        stored.revision,
      );
    log.warn({ ...this.namesOf(placed), reason, result }, 'a webhook is disabled');
    this.stopping.abort();
    return false;
  }

  private tell(placed: PlacedEvent, { ok, result, ms }: WebhookResult): void {
    const line = { ...this.namesOf(placed), result, ms };
    this.parts.log.info(line, ok ? 'an event was taken' : 'an event was not taken');
  }

  private wants({ event: { type, system } }: PlacedEvent): boolean {
    const { types, systems } = this.subscription;
    return (types === undefined || types.includes(type)) && (systems === undefined || systems.includes(system));
  }

  private get beginning(): DeliveryState {
    const { turn, after } = this.subscription;
    return { turn, cursor: after, failures: 0 };
  }

  private get key(): string {
    return subscriptionKey(this.subscription);
  }

  private labels(): { client: string; subscription: string } {
    return { client: this.subscription.client, subscription: this.subscription.name };
  }

  /** By which a line of the log is found again: the event, and the transaction that it stems from, if it does. */
  private namesOf({ event: { id, transactionId, trace } }: PlacedEvent): object {
    return { ...this.labels(), event: id, transaction: transactionId, trace };
  }
}

/** Bounded: a receiver must not be able to make series of its own. */
function kindOf({ result }: WebhookResult): string {
  const status = /^HTTP (\d)\d\d$/.exec(result)?.[1];
  return status ? `http-${status}xx` : result;
}
