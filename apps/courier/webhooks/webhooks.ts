import type { Leases } from '#lgsp/bus';
import { BusError } from '#lgsp/errors';
import { subscriptionKey, type Subscription } from '#lgsp/events';
import type { Metrics } from '#lgsp/telemetry';
import { nowInVietnam } from '#lgsp/vietnam';
import type { WebhookResult } from './webhook.sender';
import { WebhookWorker, type WorkerParts } from './webhook.worker';

/** The subscriptions of all clients, each with its worker: one that changes gets another one. */
export class Webhooks {
  private readonly workers = new Map<string, { worker: WebhookWorker; client: string; changedAt: number }>();
  private readonly disabled = new Map<string, string>();
  /** Whoever had a subscription since the start: what is told of them must go back to nothing. */
  private readonly clients = new Set<string>();
  private changes: Promise<unknown> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly parts: WorkerParts,
    private readonly leases: Leases,
  ) {}

  /** Resolves once all that are there are known. */
  async start(): Promise<void> {
    await this.parts.subscriptions.watch((key, stored) => {
      this.changes = this.changes.then(() => this.change(key, stored?.value));
    });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.changes;
    await Promise.all([...this.workers.values()].map(({ worker }) => worker.stop()));
    await this.parts.sender.close();
  }

  /** Sends a message that stands for no event, now and once. @throws BusError `not-found` */
  async try(client: string, name: string): Promise<WebhookResult> {
    const subscription = (await this.parts.subscriptions.get(subscriptionKey({ client, name })))?.value;
    if (!subscription) throw new BusError('not-found');
    const now = new Date();
    const id = `test.${client}.${name}.${now.getTime()}`;
    const event = {
      id,
      type: 'webhook.test',
      time: nowInVietnam(now),
      client,
      system: 'lgsp',
      data: { subscription: name },
    };
    return this.parts.sender.send(subscription, id, JSON.stringify(event));
  }

  /** Tells how the receivers of each client do. */
  measure(metrics: Metrics): void {
    const failing = new Map<string, number>();
    for (const { client, worker } of this.workers.values()) {
      const seconds = (Date.now() - (worker.failingSince ?? Date.now())) / 1_000;
      failing.set(client, Math.max(failing.get(client) ?? 0, seconds));
    }
    const disabled = [...this.disabled.values()];
    for (const client of this.clients) {
      metrics.gauge('lgsp_webhooks_failing_seconds', { client }).set(failing.get(client) ?? 0);
      metrics.gauge('lgsp_webhooks_disabled', { client }).set(disabled.filter((one) => one === client).length);
    }
  }

  private async change(key: string, subscription: Subscription | undefined): Promise<void> {
    if (subscription) this.clients.add(subscription.client);
    if (subscription?.state === 'disabled') this.disabled.set(key, subscription.client);
    else this.disabled.delete(key);
    const running = this.workers.get(key);
    if (running && running.changedAt === subscription?.changedAt) return;
    this.workers.delete(key);
    await running?.worker.stop();
    if (this.stopped || subscription?.state !== 'active') return;
    const worker = new WebhookWorker(subscription, this.leases.of(`webhook.${key}`), this.parts);
    this.workers.set(key, { worker, client: subscription.client, changedAt: subscription.changedAt });
  }
}
