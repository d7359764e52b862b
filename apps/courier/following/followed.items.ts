import type { KeyValueStore, Stored } from '#lgsp/bus';
import { BusError } from '#lgsp/errors';
import { followedKey, type FollowedItem } from '#lgsp/progress';

/** How often a change is tried again when somebody else was faster. */
const triesMax = 10;

/**
 * Everything that is followed, kept in step with the bucket in every courier: whoever takes over a system knows at once what there
 * is. A change is a compare-and-set against the bucket, so what is seen here may be behind and does no harm.
 */
export class FollowedItems {
  /** By system, and there by key: each system is gone through several times a second. */
  private readonly systems = new Map<string, Map<string, Stored<FollowedItem>>>();
  private readonly references = new Map<string, Set<string>>();

  constructor(
    private readonly store: KeyValueStore<FollowedItem>,
    /** Told of each system that has items, once. */
    private readonly onSystem: (system: string) => void,
  ) {}

  /** Resolves once all that are there are known. */
  async start(): Promise<void> {
    await this.store.watch((key, stored) => {
      if (stored) this.keep(key, stored);
      else this.forget(key);
    });
  }

  /** Those of a system, ended ones included. */
  of(system: string): FollowedItem[] {
    return Array.from(this.systems.get(system)?.values() ?? [], ({ value }) => value);
  }

  /** How many of a system there are, ended ones included. */
  count(system: string): number {
    return this.systems.get(system)?.size ?? 0;
  }

  has(item: Pick<FollowedItem, 'system' | 'transactionId'>): boolean {
    return this.storedAt(followedKey(item)) !== undefined;
  }

  all(): FollowedItem[] {
    return [...this.systems.keys()].flatMap((system) => this.of(system));
  }

  /** Those that an observation may be about: by the transaction, and by the reference. */
  find(system: string, reference: string, transactionId?: string): FollowedItem[] {
    const keys = new Set(this.references.get(nameOf(system, reference)));
    if (transactionId) keys.add(followedKey({ system, transactionId }));
    return [...keys].flatMap((key) => this.storedAt(key)?.value ?? []);
  }

  /** Begins to follow; what is followed already stays as it is. @throws BusError `bus-unavailable` */
  async add(item: FollowedItem): Promise<void> {
    if (this.has(item)) return;
    const key = followedKey(item);
    const revision = await this.store.create(key, item);
    if (revision !== undefined) this.keep(key, { value: item, revision });
  }

  /**
   * Changes an item as it is now, and gives it; undefined when there is nothing to change, or it is gone.
   * @param change may be asked several times @throws BusError `bus-unavailable`
   */
  async change(
    { system, transactionId }: Pick<FollowedItem, 'system' | 'transactionId'>,
    change: (item: FollowedItem) => FollowedItem | undefined,
  ): Promise<FollowedItem | undefined> {
    const key = followedKey({ system, transactionId });
    for (let tries = 0; tries < triesMax; tries++) {
      const stored = this.storedAt(key);
      const value = stored && change(stored.value);
      if (!stored || !value) return undefined;
      const revision = await this.store.update(key, value, stored.revision);
      if (revision !== undefined) {
        this.keep(key, { value, revision });
        return value;
      }
      const fresh = await this.store.get(key);
      if (fresh) this.keep(key, fresh);
      else this.forget(key);
    }
    throw new BusError('bus-unavailable', { cause: new Error('an item is changed by somebody else all the time') });
  }

  /** Follows it no more. @throws BusError `bus-unavailable` */
  async remove(item: Pick<FollowedItem, 'system' | 'transactionId'>): Promise<void> {
    await this.store.delete(followedKey(item));
    this.forget(followedKey(item));
  }

  private storedAt(key: string): Stored<FollowedItem> | undefined {
    return this.systems.get(key.slice(0, key.indexOf('.')))?.get(key);
  }

  private keep(key: string, stored: Stored<FollowedItem>): void {
    const before = this.storedAt(key);
    if (before && before.revision >= stored.revision) return; // Told late of what is known already.
    const { system, reference } = stored.value;
    if (before?.value.reference !== undefined && before.value.reference !== reference) this.unname(key, before.value);
    const own = this.systems.get(system) ?? new Map<string, Stored<FollowedItem>>();
    own.set(key, stored);
    if (!this.systems.has(system)) {
      this.systems.set(system, own);
      this.onSystem(system);
    }
    if (reference === undefined) return;
    const name = nameOf(system, reference);
    this.references.set(name, (this.references.get(name) ?? new Set()).add(key));
  }

  private forget(key: string): void {
    const before = this.storedAt(key)?.value;
    if (!before) return;
    this.unname(key, before);
    this.systems.get(before.system)?.delete(key);
  }

  private unname(key: string, { system, reference = '' }: FollowedItem): void {
    const name = nameOf(system, reference);
    const keys = this.references.get(name);
    keys?.delete(key);
    if (keys?.size === 0) this.references.delete(name);
  }
}

const nameOf = (system: string, reference: string): string => `${system} ${reference}`;
