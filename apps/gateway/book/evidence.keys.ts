import type { BusConnection } from '#lgsp/bus';
import { openEvidenceKeys } from '#lgsp/recorder';
import { evidenceJwk, type RecorderPublicKey } from '#lgsp/records';
import type { Logger } from '#lgsp/telemetry';

/**
 * The public keys of all recorders there ever were, as this gateway has seen them: none is forgotten, and none replaced. They
 * are thousands after some years, so they are kept as the text that is published, apart from the few keys of tokens.
 */
export class EvidenceKeys {
  private readonly texts = new Map<string, string>();
  private joined?: string;

  private constructor(private readonly log: Logger) {}

  static async open(connection: BusConnection, log: Logger): Promise<EvidenceKeys> {
    const keys = new EvidenceKeys(log);
    const store = await openEvidenceKeys(connection);
    await store.watch((kid, stored) => {
      if (stored) keys.add(kid, stored.value);
      else log.error({ kid }, 'the public key of a recorder was taken out: it stays published');
    });
    return keys;
  }

  /** The keys as JSON, separated by commas: the same text until there is another one. */
  get published(): string {
    return (this.joined ??= [...this.texts.values()].join(','));
  }

  private add(kid: string, key: RecorderPublicKey): void {
    const text = JSON.stringify(evidenceJwk(key));
    const known = this.texts.get(kid);
    if (known === text) return;
    if (known !== undefined) {
      this.log.error({ kid }, 'the public key of a recorder was replaced: the first one stays published');
      return;
    }
    this.texts.set(kid, text);
    this.joined = undefined;
  }
}
