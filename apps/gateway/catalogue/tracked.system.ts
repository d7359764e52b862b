import type { CircuitName } from '#lgsp/bus';
import { todayInVietnam } from '#lgsp/vietnam';
import { isSameTrouble, stateOf, type ConnectionState, type InstanceState } from './connection.state';
import type { OperationEntry, SystemEntry } from './service.description';

/** A connection as this gateway sees it now. */
export interface Connection extends ConnectionState {
  entry: SystemEntry;
  /** When this gateway saw it become so, in epoch milliseconds. */
  since: number;
}

/**
 * What is known of one system. Several versions of an operation may be offered side by side, by one connector or by two; the
 * newest connector speaks for the system. What nobody offers any more is kept as long as it may come back, since its callers
 * are to be told that it is unavailable, not that it is unknown.
 */
export class TrackedSystem {
  /** What running instances tell, by their ids. */
  private readonly running = new Map<string, InstanceState>();
  /** Version of the connector that told of an operation last, by subject. */
  private readonly toldBy = new Map<string, string>();
  private state = stateOf([]);
  private since = Date.now();

  /** @param entry as it was last told, perhaps to another gateway */
  constructor(public entry: SystemEntry) {
    for (const { subject } of entry.operations) this.toldBy.set(subject, entry.version);
  }

  get isRunning(): boolean {
    return this.running.size > 0;
  }

  /** An instance came. What only earlier ones of its version or an older one had offered is gone: it tells anew what there is. */
  up(id: string, told: SystemEntry): void {
    this.running.set(id, { entry: told });
    this.judge();
    for (const { subject } of told.operations) this.toldBy.set(subject, told.version);
    this.describe((version) => compareVersions(told.version, version) < 0);
  }

  /** An instance went. What only it offered is gone where a newer one runs. @returns whether nobody is left */
  down(id: string): boolean {
    if (!this.running.delete(id)) return false;
    this.judge();
    if (this.isRunning) {
      const newest = this.inOrder().at(-1)!.version;
      this.describe((version) => compareVersions(newest, version) <= 0);
    }
    return !this.isRunning;
  }

  /** An instance told of its circuit. */
  tell(id: string, circuit: CircuitName | undefined): void {
    const instance = this.running.get(id);
    if (!instance || instance.circuit === circuit) return;
    instance.circuit = circuit;
    this.judge();
  }

  get connection(): Connection {
    return { entry: this.entry, ...this.state, since: this.since };
  }

  /** @param mayComeBack by the version of the connector that offered it */
  private describe(mayComeBack: (version: string) => boolean): void {
    const entries = this.inOrder();
    const operations = new Map<string, OperationEntry>();
    for (const operation of this.entry.operations)
      if (isPromised(operation) || mayComeBack(this.toldBy.get(operation.subject)!))
        operations.set(operation.subject, operation);
    for (const operation of entries.flatMap((entry) => entry.operations)) operations.set(operation.subject, operation);
    const callbacks = new Map(entries.flatMap((entry) => entry.callbacks ?? []).map((one) => [one.subject, one]));
    this.entry = {
      ...entries.at(-1)!,
      operations: [...operations.values()].toSorted(byNameAndVersion),
      ...(callbacks.size > 0 ? { callbacks: [...callbacks.values()] } : {}),
    };
  }

  /** The newest last. */
  private inOrder(): SystemEntry[] {
    return [...this.running.values()]
      .map(({ entry }) => entry)
      .toSorted((a, b) => compareVersions(a.version, b.version));
  }

  private judge(): void {
    const before = this.state;
    this.state = stateOf([...this.running.values()]);
    if (!isSameTrouble(before, this.state)) this.since = Date.now();
  }
}

/** It is taken away on a day that has not come. */
const isPromised = ({ sunsetOn }: OperationEntry): boolean =>
  sunsetOn !== undefined && sunsetOn > todayInVietnam(new Date());

const byNameAndVersion = (a: OperationEntry, b: OperationEntry): number =>
  a.operation.localeCompare(b.operation) || compareVersions(a.version, b.version);

/** Semantic versions by their three numbers. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map((part) => Number.parseInt(part, 10) || 0));
  for (let part = 0; part < 3; part++) {
    const difference = (left![part] ?? 0) - (right![part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
