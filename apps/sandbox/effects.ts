/** One thing that an outside system did because it was told to. */
export interface Effect {
  /** What was done, such as `register-birth`. */
  kind: string;
  /** The business key it was done for: dossier code, payment reference, order number. */
  key: string;
  /** How often. More than once is a double effect. */
  count: number;
  firstAt: string;
  lastAt: string;
}

const effectsMax = 1_000_000;

/** Counts effects per business key, so that a double effect is visible from outside. */
export class Effects {
  private readonly effects = new Map<string, Effect>();

  /** Says how often it has now happened for this key. */
  add(kind: string, key: string): number {
    const at = new Date().toISOString();
    const id = `${kind}\n${key}`;
    const effect = this.effects.get(id);
    if (effect) {
      effect.lastAt = at;
      return ++effect.count;
    }
    if (this.effects.size >= effectsMax) throw new Error('the sandbox has counted too many effects: clear them');
    this.effects.set(id, { kind, key, count: 1, firstAt: at, lastAt: at });
    return 1;
  }

  count(kind: string, key: string): number {
    return this.effects.get(`${kind}\n${key}`)?.count ?? 0;
  }

  list(): Effect[] {
    return [...this.effects.values()];
  }

  clear(): void {
    this.effects.clear();
  }
}
