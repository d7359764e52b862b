import type { BusConnection, KeyValueStore } from '#lgsp/bus';
import { openEvidenceKeys } from '#lgsp/recorder';
import { evidenceJwk, type EvidenceJwk, type RecorderPublicKey } from '#lgsp/records';

/** Most keys that are remembered. */
const rememberedMax = 10_000;

/** The public keys of recorders, as they were published. A key that was read once is not read again. */
export class PublishedKeys {
  private readonly remembered = new Map<string, EvidenceJwk>();

  private constructor(private readonly store: KeyValueStore<RecorderPublicKey>) {}

  static async open(connection: BusConnection): Promise<PublishedKeys> {
    return new PublishedKeys(await openEvidenceKeys(connection));
  }

  /** Undefined when none of this id was published. @throws BusError `bus-unavailable` */
  async find(kid: string): Promise<EvidenceJwk | undefined> {
    const known = this.remembered.get(kid);
    if (known) return known;
    if (!keyOfBucket.test(kid)) return undefined; // NATS would refuse it.
    const stored = await this.store.get(kid);
    if (!stored) return undefined;
    const jwk = evidenceJwk(stored.value);
    if (this.remembered.size >= rememberedMax) this.remembered.delete(this.remembered.keys().next().value!);
    this.remembered.set(kid, jwk);
    return jwk;
  }
}

const keyOfBucket = /^[\w-]{1,100}$/;
