import type { KeyObject } from 'node:crypto';
import type { KeyValueStore } from '#lgsp/bus';
import { publicKeyOf, type RecorderPublicKey } from '#lgsp/records';
import type { Sql } from '../store/database';

export interface KnownKey {
  key: KeyObject;
  published: RecorderPublicKey;
}

/** Most keys that are kept at hand: every run of every recorder has its own. */
const keysMax = 1_000;

/**
 * The public keys of recorders: as the book has them, else as they are published on the bus. What the book has once seen stays,
 * whatever is published later under the same name.
 */
export class EvidenceKeys {
  private readonly known = new Map<string, KnownKey>();

  constructor(
    private readonly sql: Sql,
    private readonly published: KeyValueStore<RecorderPublicKey>,
  ) {}

  /** @returns undefined when there is no such key, or it is none @throws BusError `bus-unavailable`, `ledger-unavailable` */
  async find(kid: string): Promise<KnownKey | undefined> {
    const known = this.known.get(kid);
    if (known) return known;
    const found = (await this.inBook(kid)) ?? (await this.onBus(kid));
    if (!found) return undefined;
    const oldest = this.known.size < keysMax ? undefined : this.known.keys().next().value;
    if (oldest !== undefined) this.known.delete(oldest);
    this.known.set(kid, found);
    return found;
  }

  private async inBook(kid: string): Promise<KnownKey | undefined> {
    const [row] = await this.sql.query<{ recorder: string; from: number; x: string }>(
      `select recorder, (extract(epoch from valid_from) * 1000)::bigint as "from", x from recorder_keys where kid = $1`,
      [kid],
    );
    return (
      row && readKey({ kid, recorder: row.recorder, from: row.from, jwk: { kty: 'OKP', crv: 'Ed25519', x: row.x } })
    );
  }

  private async onBus(kid: string): Promise<KnownKey | undefined> {
    // What cannot be the name of a key in a bucket is the name of none.
    if (!/^[\w-]{1,100}$/.test(kid)) return undefined;
    const stored = await this.published.get(kid);
    return stored && readKey({ ...stored.value, kid });
  }
}

function readKey(published: RecorderPublicKey): KnownKey | undefined {
  try {
    return { key: publicKeyOf(published), published };
  } catch {
    return undefined; // Something else than a key was published: then there is none, which is noted with the batch.
  }
}
