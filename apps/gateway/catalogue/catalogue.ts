import { KeyValueStore, parseOperationSubject, ServiceWatcher, type BusConnection, type SeenInstance } from '#lgsp/bus';
import type { Logger, Metrics } from '#lgsp/telemetry';
import { callbackResults, type CallbackEntry } from './callback.description';
import { circuitIn, type SystemStatus } from './connection.state';
import { readDescription, type OperationEntry, type SystemEntry } from './service.description';
import { TrackedSystem, type Connection } from './tracked.system';

/** Least time between two looks for an operation that nobody offers, in milliseconds. */
const lookEveryMs = 1_000;

/**
 * What can be called, learnt from the connectors themselves. The last description of a system outlives its connector and
 * this gateway, on the bus: a dead connector answers "unavailable", never "no such operation".
 */
export class Catalogue {
  /** Ids of the instances of every service that runs, by its name. */
  private readonly services = new Map<string, Set<string>>();
  private readonly systems = new Map<string, TrackedSystem>();
  /** By `v1/system/operation`. */
  private routes = new Map<string, OperationEntry>();
  /** By `system/kind`, and by what an outside system calls the kind. */
  private callbacks = new Map<string, CallbackEntry>();
  private readonly watcher: ServiceWatcher;
  private store?: KeyValueStore<SystemEntry>;
  private lookedAt = 0;
  private looking = Promise.resolve();
  /** Grows whenever what is offered may have changed. */
  revision = 0;
  /** Why descriptions are not remembered beyond this process; undefined when they are. */
  forgetful?: string;

  constructor(
    private readonly connection: BusConnection,
    private readonly log: Logger,
    private readonly metrics: Metrics,
  ) {
    this.watcher = new ServiceWatcher(
      connection,
      log,
      (change, instance) => {
        if (change === 'up') this.onUp(instance);
        else this.onDown(instance);
      },
      { onStats: ({ id }, data) => this.onStats(id, data) },
    );
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

  /** The operation in this version, `v1`, if any connector offers it or has offered it. */
  find(version: string, system: string, operation: string): OperationEntry | undefined {
    return this.routes.get(`${version}/${system}/${operation}`);
  }

  /** As `find`, after asking everybody once more: for a connector that has just come. Asks at most once a second in all. */
  async look(version: string, system: string, operation: string): Promise<OperationEntry | undefined> {
    await this.lookAgain();
    return this.find(version, system, operation);
  }

  /** The kind of callback, if any connector takes it or has taken it; asks everybody once more where nobody is known to. */
  async callback(system: string, kind: string): Promise<CallbackEntry | undefined> {
    const address = `${system}/${kind}`;
    if (!this.callbacks.has(address)) await this.lookAgain();
    return this.callbacks.get(address);
  }

  /** The versions in which an operation is offered, `v1`, the newest last. */
  versionsOf(system: string, operation: string): string[] {
    const operations = this.systems.get(system)?.entry.operations ?? [];
    return operations.filter((it) => it.operation === operation).map(majorOf);
  }

  list(): (SystemEntry & { status: SystemStatus })[] {
    return this.connections().map(({ entry, status }) => ({ ...entry, status }));
  }

  /** Every system that is known, and how its connection fares. */
  connections(): Connection[] {
    return [...this.systems.values()]
      .map((tracked) => tracked.connection)
      .toSorted((a, b) => a.entry.system.localeCompare(b.entry.system));
  }

  /** Whether an instance of a system's connector answers. */
  isRunning(system: string): boolean {
    return this.systems.get(system)?.isRunning ?? false;
  }

  /** Whether an instance of a service answers that is no outside system: `courier`. */
  runs(service: string): boolean {
    return this.services.has(service);
  }

  /** Whoever comes while everybody is being asked waits for the same answers. */
  private lookAgain(): Promise<void> {
    if (Date.now() - this.lookedAt > lookEveryMs) {
      this.lookedAt = Date.now();
      this.looking = this.watcher.lookNow();
    }
    return this.looking;
  }

  private onUp(instance: SeenInstance): void {
    const instances = this.services.get(instance.name) ?? new Set();
    this.services.set(instance.name, instances.add(instance.id));
    const { systems, faults } = readDescription(instance);
    if (faults.length > 0) this.log.warn({ service: instance.name, faults }, 'a description has faults');
    for (const entry of systems) {
      const tracked = this.track(entry);
      tracked.up(instance.id, entry);
      this.remember(tracked.entry);
    }
    this.route();
    this.log.info({ service: instance.name, version: instance.version }, 'a connector is up');
  }

  private onDown(instance: SeenInstance): void {
    const left = this.services.get(instance.name);
    left?.delete(instance.id);
    if (left?.size === 0) this.services.delete(instance.name);
    for (const [system, tracked] of this.systems) {
      const before = tracked.entry;
      const isLast = tracked.down(instance.id);
      if (tracked.entry !== before) this.remember(tracked.entry);
      if (!isLast) continue;
      this.metrics.gauge('lgsp_connector_up', { system }).set(0);
      this.log.warn({ system }, 'the connector is down');
    }
    this.route();
  }

  private onStats(id: string, data: readonly unknown[]): void {
    const circuit = circuitIn(data);
    for (const tracked of this.systems.values()) tracked.tell(id, circuit);
  }

  private track(entry: SystemEntry): TrackedSystem {
    let tracked = this.systems.get(entry.system);
    if (!tracked) {
      tracked = new TrackedSystem(entry);
      this.systems.set(entry.system, tracked);
    }
    return tracked;
  }

  private route(): void {
    const routes = new Map<string, OperationEntry>();
    const callbacks = new Map<string, CallbackEntry>();
    for (const { entry, isRunning } of this.systems.values()) {
      this.metrics.gauge('lgsp_connector_up', { system: entry.system }).set(isRunning ? 1 : 0);
      for (const operation of entry.operations) {
        const labels = { system: entry.system, operation: operation.operation };
        this.metrics.gauge('lgsp_operation_timeout_seconds', labels).set(operation.timeoutMs / 1_000);
        routes.set(`${majorOf(operation)}/${entry.system}/${operation.operation}`, operation);
      }
      for (const callback of entry.callbacks ?? []) this.routeCallback(callbacks, entry.system, callback);
    }
    this.routes = routes;
    this.callbacks = callbacks;
    this.revision++;
  }

  private routeCallback(callbacks: Map<string, CallbackEntry>, system: string, callback: CallbackEntry): void {
    const { kind, alias } = callback;
    for (const name of [kind, alias]) if (name) callbacks.set(`${system}/${name}`, callback);
    // From the start, so that the first forgery is an increase.
    for (const result of callbackResults) this.metrics.counter('lgsp_callbacks_total', { system, kind, result });
  }

  private remember(entry: SystemEntry): void {
    this.store?.put(entry.system, entry).catch((error: unknown) => {
      this.log.warn({ err: error, system: entry.system }, 'the description could not be remembered');
    });
  }
}

/** `v1`, as in the subject: what an operation says of its own version may be wrong. */
export const majorOf = ({ subject }: OperationEntry): string => parseOperationSubject(subject)?.version ?? 'v1';
