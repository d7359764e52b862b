import type { Leases } from '#lgsp/bus';
import { BusError } from '#lgsp/errors';
import { subscriptionKey, type Subscription } from '#lgsp/events';
import { nowInVietnam } from '#lgsp/vietnam';
import type { WebhookResult } from './webhook.sender';
import { WebhookWorker, type WorkerParts } from './webhook.worker';

/** The subscriptions of all clients, each with its worker: one that changes gets another one. */
export class Webhooks {
  private readonly workers = new Map<string, { worker: WebhookWorker; changedAt: number }>();
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

  private async change(key: string, subscription: Subscription | undefined): Promise<void> {
    const running = this.workers.get(key);
    if (running && running.changedAt === subscription?.changedAt) return;
    this.workers.delete(key);
    await running?.worker.stop();
    if (this.stopped || subscription?.state !== 'active') return;
    const worker = new WebhookWorker(subscription, this.leases.of(`webhook.${key}`), this.parts);
    this.workers.set(key, { worker, changedAt: subscription.changedAt });
  }
}
