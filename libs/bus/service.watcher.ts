import { setTimeout as pause } from 'node:timers/promises';
import {
  createInbox,
  JSONCodec,
  type ServiceIdentity,
  type ServiceInfo,
  type ServiceStats,
  type Subscription,
} from 'nats';
import type { Logger } from '#lgsp/telemetry';
import type { BusConnection } from './bus.connection';

/** One endpoint as the services protocol describes it. */
export interface SeenEndpoint {
  name: string;
  subject: string;
  metadata: Record<string, string>;
}

/** One running instance of a service. */
export interface SeenInstance {
  id: string;
  name: string;
  version: string;
  description: string;
  metadata: Record<string, string>;
  endpoints: SeenEndpoint[];
}

export interface ServiceWatcherOptions {
  /** How often everybody is asked to answer. */
  pingEveryMs?: number;
  /** An instance that was silent for this long is gone. */
  goneAfterMs?: number;
  /** How often everybody is asked how it fares. */
  statsEveryMs?: number;
  /** Told what each endpoint of an instance says of itself beyond the protocol: whatever its maker put there. */
  onStats?: (instance: SeenInstance, data: readonly unknown[]) => void;
  /** Most instances that are kept: protects the memory from a flood of invented answers. */
  instancesMax?: number;
}

/** How long a round waits for whoever is there, and then for what they offer: a busy machine is slow to answer. In milliseconds. */
const [answersWithinMs, descriptionsWithinMs, lookAgainMs] = [150, 1_000, 20];

interface Tracked {
  instance?: SeenInstance;
  lastSeen: number;
}

/**
 * Watches which services run and how they fare, over the services protocol alone (`$SRV.PING`, `$SRV.INFO`, `$SRV.STATS`), so
 * that a connector in any language is found without being known by name.
 */
export class ServiceWatcher {
  private readonly tracked = new Map<string, Tracked>();
  private readonly codec = JSONCodec();
  private readonly pingEveryMs: number;
  private readonly goneAfterMs: number;
  private readonly instancesMax: number;
  private readonly statsEveryMs: number;
  private readonly onStats?: ServiceWatcherOptions['onStats'];
  private statsAskedAt = 0;
  private inbox = '';
  private subscription?: Subscription;
  private timer?: NodeJS.Timeout;
  private round?: Promise<void>;

  constructor(
    private readonly connection: BusConnection,
    private readonly log: Logger,
    private readonly listener: (change: 'up' | 'down', instance: SeenInstance) => void,
    options: ServiceWatcherOptions = {},
  ) {
    this.pingEveryMs = options.pingEveryMs ?? 1_000;
    this.goneAfterMs = options.goneAfterMs ?? 3_500;
    this.instancesMax = options.instancesMax ?? 1_000;
    this.statsEveryMs = options.statsEveryMs ?? 2_000;
    this.onStats = options.onStats;
  }

  /** Starts watching; resolves after the first round of answers. */
  async start(): Promise<void> {
    this.inbox = createInbox(this.connection.inboxPrefix);
    this.subscription = this.connection.nats.subscribe(this.inbox, {
      callback: (error, message) => {
        if (error) this.log.error({ err: error }, 'the discovery subscription failed');
        else if (message.data.length > 0) this.onAnswer(message.data); // Empty: nobody is there to answer.
      },
    });
    this.timer = setInterval(() => this.tick(), this.pingEveryMs);
    await this.lookNow();
  }

  /**
   * Asks everybody at once and waits a moment for the answers, longer for what somebody offers who has said that it is there:
   * for a call of an operation that is not known yet. Callers that come while a round is under way share it.
   */
  lookNow(): Promise<void> {
    this.round ??= (async () => {
      this.ping();
      await pause(answersWithinMs);
      const giveUpAt = Date.now() + descriptionsWithinMs;
      while (this.someoneUndescribed() && Date.now() < giveUpAt) await pause(lookAgainMs);
      this.round = undefined;
    })();
    return this.round;
  }

  stop(): void {
    clearInterval(this.timer);
    this.subscription?.unsubscribe();
  }

  private someoneUndescribed(): boolean {
    for (const { instance } of this.tracked.values()) if (!instance) return true;
    return false;
  }

  private tick(): void {
    if (!this.connection.connected) return; // Who is there cannot be told now; nobody is declared gone for it.
    const now = Date.now();
    for (const [id, tracked] of this.tracked) {
      if (now - tracked.lastSeen <= this.goneAfterMs) continue;
      this.tracked.delete(id);
      if (tracked.instance) this.listener('down', tracked.instance);
    }
    this.ping();
    if (this.onStats && now - this.statsAskedAt >= this.statsEveryMs) {
      this.statsAskedAt = now;
      this.ask('$SRV.STATS');
    }
  }

  private ping(): void {
    if (this.connection.connected) this.ask('$SRV.PING');
  }

  private onAnswer(data: Uint8Array): void {
    const said = this.parse(data);
    if (!said) return;
    const tracked = this.tracked.get(said.id);
    if (tracked) tracked.lastSeen = Date.now();
    else if (this.tracked.size < this.instancesMax) this.tracked.set(said.id, { lastSeen: Date.now() });
    else return;
    if (said.type === 'io.nats.micro.v1.info_response') this.onInfo(said as ServiceInfo);
    else if (said.type === 'io.nats.micro.v1.stats_response') this.onStatsAnswer(said as ServiceStats);
    else if (!this.tracked.get(said.id)?.instance) this.askInfo(said);
  }

  private askInfo({ name, id }: ServiceIdentity): void {
    this.ask(`$SRV.INFO.${name}.${id}`);
  }

  private ask(subject: string): void {
    this.connection.nats.publish(subject, undefined, { reply: this.inbox });
  }

  private onStatsAnswer({ id, endpoints }: ServiceStats): void {
    const instance = this.tracked.get(id)?.instance;
    if (instance && Array.isArray(endpoints))
      this.onStats?.(
        instance,
        endpoints.map((endpoint) => endpoint?.data),
      );
  }

  private onInfo(info: ServiceInfo): void {
    const tracked = this.tracked.get(info.id)!;
    if (tracked.instance) return;
    tracked.instance = {
      id: info.id,
      name: info.name,
      version: info.version,
      description: info.description ?? '',
      metadata: info.metadata ?? {},
      endpoints: (info.endpoints ?? []).map(({ name, subject, metadata }) => ({
        name,
        subject,
        metadata: metadata ?? {},
      })),
    };
    this.listener('up', tracked.instance);
    if (this.onStats) this.ask(`$SRV.STATS.${info.name}.${info.id}`);
  }

  private parse(data: Uint8Array): (ServiceIdentity & { type?: string }) | undefined {
    try {
      const said = this.codec.decode(data) as ServiceIdentity & { type?: string };
      if (/^[\w-]{1,64}$/.test(said.name) && /^[\w-]{1,64}$/.test(said.id)) return said;
    } catch (error) {
      this.log.warn({ err: error }, 'a discovery answer is not JSON');
    }
    return undefined;
  }
}
