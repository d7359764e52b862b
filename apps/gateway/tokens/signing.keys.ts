import { exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';
import { KeyValueStore, type BusConnection } from '#lgsp/bus';
import type { Logger } from '#lgsp/telemetry';

/** A signing key as it is kept on the bus, shared by all gateways. Only their credentials may read it. */
interface KeptKey {
  kid: string;
  privateJwk: JWK;
  publicJwk: JWK;
  /** Epoch milliseconds until which it signs, and until which what it signed is believed. */
  signsUntil: number;
  verifiesUntil: number;
}

interface LoadedKey extends KeptKey {
  privateKey: CryptoKey;
  publicKey: CryptoKey;
}

export interface KeyLifetimes {
  /** How long a key signs before the next one does, in milliseconds. */
  signMs: number;
  /** How long after that its tokens can still live: longer than any token. */
  verifyMs: number;
}

const checkEveryMs = 60_000;

/**
 * The keys of access tokens (Ed25519): made when there is none that signs, followed by the next in time, published until
 * the last token of each has expired. A gateway that makes one at the same moment as another does no harm: both verify.
 */
export class SigningKeys {
  private readonly keys = new Map<string, LoadedKey>();
  private timer?: NodeJS.Timeout;

  private constructor(
    private readonly store: KeyValueStore<KeptKey>,
    private readonly lifetimes: KeyLifetimes,
    private readonly log: Logger,
  ) {}

  static async open(connection: BusConnection, lifetimes: KeyLifetimes, log: Logger): Promise<SigningKeys> {
    const description = 'signing keys of access tokens';
    const store = await KeyValueStore.open<KeptKey>(connection, { bucket: 'KEYS', description });
    const keys = new SigningKeys(store, lifetimes, log);
    for (const kept of (await store.all()).values()) await keys.load(kept);
    await store.watch((kid, stored) => {
      if (stored) void keys.load(stored.value);
      else keys.keys.delete(kid);
    });
    await keys.rotate();
    keys.timer = setInterval(() => {
      keys.rotate().catch((error: unknown) => log.error({ err: error }, 'the signing keys could not be renewed'));
    }, checkEveryMs);
    return keys;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** The key that signs now. */
  current(now = Date.now()): LoadedKey {
    const signing = [...this.keys.values()].filter(({ signsUntil }) => signsUntil > now);
    const newest = signing.toSorted((a, b) => b.signsUntil - a.signsUntil)[0];
    if (!newest) throw new Error('there is no signing key');
    return newest;
  }

  /**
   * Until when the newest key signs, in epoch milliseconds: renewed before that, unless something is wrong. This moment when there
   * is none: nothing signs any more, and how long the last one would have is of no use.
   */
  signsUntil(now = Date.now()): number {
    const ends = [...this.keys.values()].map((key) => key.signsUntil);
    return ends.length === 0 ? now : Math.max(...ends);
  }

  /** The public key by its id, while it is believed. */
  publicKey(kid: string | undefined, now = Date.now()): CryptoKey | undefined {
    const key = this.keys.get(kid ?? '');
    return key && key.verifiesUntil > now ? key.publicKey : undefined;
  }

  /** What `/.well-known/jwks.json` shows. */
  published(now = Date.now()): { keys: JWK[] } {
    const believed = [...this.keys.values()].filter(({ verifiesUntil }) => verifiesUntil > now);
    return { keys: believed.map(({ publicJwk }) => publicJwk) };
  }

  /**
   * Makes the next key a tenth of its time before it is needed, so that what hinders it can still be mended, and forgets those
   * that verify nothing any more.
   */
  async rotate(now = Date.now()): Promise<void> {
    for (const { kid, verifiesUntil } of this.keys.values()) {
      if (verifiesUntil > now) continue;
      this.keys.delete(kid);
      await this.store.delete(kid);
    }
    const ahead = now + this.lifetimes.signMs / 10;
    if ([...this.keys.values()].some(({ signsUntil }) => signsUntil > ahead)) return;
    const { privateKey, publicKey } = await generateKeyPair('Ed25519', { extractable: true });
    const kid = `${new Date(now).toISOString().slice(0, 10)}-${crypto.randomUUID().slice(0, 8)}`;
    const publicJwk = { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'EdDSA' };
    const kept: KeptKey = {
      kid,
      privateJwk: await exportJWK(privateKey),
      publicJwk,
      signsUntil: now + this.lifetimes.signMs,
      verifiesUntil: now + this.lifetimes.signMs + this.lifetimes.verifyMs,
    };
    await this.store.put(kid, kept);
    await this.load(kept);
    this.log.info({ kid }, 'a new signing key');
  }

  private async load(kept: KeptKey): Promise<void> {
    if (this.keys.has(kept.kid)) return;
    const [privateKey, publicKey] = await Promise.all(
      [kept.privateJwk, kept.publicJwk].map((jwk) => importJWK(jwk, 'EdDSA') as Promise<CryptoKey>),
    );
    this.keys.set(kept.kid, { ...kept, privateKey: privateKey!, publicKey: publicKey! });
  }
}
