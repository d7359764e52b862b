import { KeyValueStore, ServiceWatcher, type BusConnection, type SeenInstance } from '#lgsp/bus';
import type { Logger, Metrics } from '#lgsp/telemetry';
import { readDescription, type OperationEntry, type SystemEntry } from './service.description';

export type SystemStatus = 'up' | 'down' | 'degraded';

interface TrackedSystem {
  entry: SystemEntry;
  /** Running instances by id, with their versions. */
  instances: Map<string, string>;
}

/** Least time between two looks for an operation that nobody offers, in milliseconds. */
const lookEveryMs = 1_000;

/**
 * What can be called, learnt from the connectors themselves. The last description of a system outlives its connector and
 * this gateway, on the bus: a dead connector answers "unavailable", never "no such operation".
 */
export class Catalogue {
  private readonly systems = new Map<string, TrackedSystem>();
  /** By `system/operation`; the newest version where there are several. */
  private routes = new Map<string, OperationEntry>();
  private readonly watcher: ServiceWatcher;
  private store?: KeyValueStore<SystemEntry>;
  private lookedAt = 0;
  /** Grows whenever what is offered may have changed. */
  revision = 0;
  /** Why descriptions are not remembered beyond this process; undefined when they are. */
  forgetful?: string;

  constructor(
    private readonly connection: BusConnection,
    private readonly log: Logger,
    private readonly metrics: Metrics,
  ) {
    this.watcher = new ServiceWatcher(connection, log, (change, instance) => {
      if (change === 'up') this.onUp(instance);
      else this.onDown(instance);
    });
  }

  async start(): Promise<void> {
    try {
      const description = 'the last known description of every system';
      this.store = await KeyValueStore.open<SystemEntry>(this.connection, { bucket: 'CATALOGUE', description });
      for (const entry of (await this.store.all()).values()) this.track(entry);
      this.route();
    } catch (error) {
      this.forgetful = 'JetStream is not available';
      this.log.warn({ err: error }, 'the catalogue will not be remembered after a restart');
    }
    await this.watcher.start();
  }

  stop(): void {
    this.watcher.stop();
  }

  /** The operation, if any connector offers it or has offered it. */
  find(system: string, operation: string): OperationEntry | undefined {
    return this.routes.get(`${system}/${operation}`);
  }

  /** As `find`, after asking everybody once more: for a connector that has just come. Asks at most once a second in all. */
  async look(system: string, operation: string): Promise<OperationEntry | undefined> {
    if (Date.now() - this.lookedAt > lookEveryMs) {
      this.lookedAt = Date.now();
      await this.watcher.lookNow();
    }
    return this.find(system, operation);
  }

  list(): (SystemEntry & { status: SystemStatus })[] {
    return [...this.systems.values()]
      .map(({ entry, instances }) => ({ ...entry, status: statusOf(instances) }))
      .toSorted((a, b) => a.system.localeCompare(b.system));
  }

  private onUp(instance: SeenInstance): void {
    const { systems, faults } = readDescription(instance);
    if (faults.length > 0) this.log.warn({ service: instance.name, faults }, 'a description has faults');
    for (const entry of systems) {
      const tracked = this.track(entry);
      tracked.instances.set(instance.id, instance.version);
      if (isOlder(entry.version, tracked.entry.version) && tracked.instances.size > 1) continue;
      tracked.entry = entry;
      this.remember(entry);
    }
    this.route();
    this.log.info({ service: instance.name, version: instance.version }, 'a connector is up');
  }

  private onDown(instance: SeenInstance): void {
    for (const [system, { instances }] of this.systems) {
      if (!instances.delete(instance.id) || instances.size > 0) continue;
      this.metrics.gauge('lgsp_connector_up', { system }).set(0);
      this.log.warn({ system }, 'the connector is down');
    }
  }

  private track(entry: SystemEntry): TrackedSystem {
    let tracked = this.systems.get(entry.system);
    if (!tracked) {
      tracked = { entry, instances: new Map() };
      this.systems.set(entry.system, tracked);
    }
    return tracked;
  }

  private route(): void {
    const routes = new Map<string, OperationEntry>();
    for (const { entry, instances } of this.systems.values()) {
      this.metrics.gauge('lgsp_connector_up', { system: entry.system }).set(instances.size > 0 ? 1 : 0);
      for (const operation of entry.operations) {
        const key = `${entry.system}/${operation.operation}`;
        const known = routes.get(key);
        if (!known || isOlder(known.version, operation.version)) routes.set(key, operation);
      }
    }
    this.routes = routes;
    this.revision++;
  }

  private remember(entry: SystemEntry): void {
    this.store?.put(entry.system, entry).catch((error: unknown) => {
      this.log.warn({ err: error, system: entry.system }, 'the description could not be remembered');
    });
  }
}

/** Instances of different versions: a change is under way, or somebody was forgotten. */
function statusOf(instances: ReadonlyMap<string, string>): SystemStatus {
  if (instances.size === 0) return 'down';
  return new Set(instances.values()).size > 1 ? 'degraded' : 'up';
}

function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split('.').map(Number));
  for (let part = 0; part < 3; part++)
    if ((a![part] ?? 0) !== (b![part] ?? 0)) return (a![part] ?? 0) < (b![part] ?? 0);
  return false;
}
