import { createHash } from 'node:crypto';
import type { KeyValueStore } from '#lgsp/bus';
import type { Observation, Unclaimed } from '#lgsp/progress';

/** Most references of a system that are kept, and most observations of each; beyond it the oldest go. */
const referencesMax = 5_000;
const observationsMax = 8;

/** Observations of one system whose reference nobody follows yet: an outside system may call back before we know its reference. */
export class UnclaimedObservations {
  private constructor(
    private readonly store: KeyValueStore<Unclaimed>,
    private readonly kept: Map<string, Unclaimed>,
  ) {}

  /** Those that are there. @throws BusError `bus-unavailable` */
  static async load(store: KeyValueStore<Unclaimed>, system: string): Promise<UnclaimedObservations> {
    const stored = await store.all(`${system}.*`);
    const kept = new Map([...stored.values()].map((unclaimed) => [unclaimed.reference, unclaimed]));
    return new UnclaimedObservations(store, kept);
  }

  get size(): number {
    return this.kept.size;
  }

  references(): string[] {
    return [...this.kept.keys()];
  }

  of(reference: string): Observation[] {
    return this.kept.get(reference)?.observations ?? [];
  }

  /** Resolves once it is durable; the same one again is the same. @throws BusError `bus-unavailable` */
  async keep(observation: Observation): Promise<void> {
    const { system, reference } = observation;
    const before = this.of(reference);
    const text = JSON.stringify(observation);
    if (before.some((other) => JSON.stringify(other) === text)) return;
    const unclaimed = { system, reference, observations: [...before, observation].slice(-observationsMax) };
    await this.store.put(keyOf(system, reference), unclaimed);
    this.kept.delete(reference);
    this.kept.set(reference, unclaimed);
    const [oldest] = this.kept.keys();
    if (this.kept.size > referencesMax) await this.drop(system, oldest!);
  }

  /** It was claimed. @throws BusError `bus-unavailable` */
  async drop(system: string, reference: string): Promise<void> {
    if (!this.kept.has(reference)) return;
    await this.store.delete(keyOf(system, reference));
    this.kept.delete(reference);
  }
}

/** A reference may hold what no key may. */
const keyOf = (system: string, reference: string): string =>
  `${system}.${createHash('sha256').update(reference).digest('base64url')}`;
