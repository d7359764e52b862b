/** That the process was killed, as whoever waited for it would see it. */
export class Killed extends Error {}

/**
 * One life of a process that is killed after so many steps: each has its effect, and whoever took it never learns of it. Nothing of
 * this life has an effect afterwards.
 */
export class Mortal {
  private steps = 0;

  /** @param stepsMax after so many it is killed; lives for ever when left out */
  constructor(private readonly stepsMax = Infinity) {}

  get isDead(): boolean {
    return this.steps >= this.stepsMax;
  }

  /** The same thing, whose named methods are steps. */
  of<T extends object>(thing: T, ...names: (keyof T & string)[]): T {
    return new Proxy(thing, {
      get: (target, name) => {
        const member = (target as Record<string | symbol, unknown>)[name];
        if (typeof member !== 'function') return member;
        const method = member as (...parameters: unknown[]) => Promise<unknown>;
        if (!(names as (string | symbol)[]).includes(name)) return method.bind(target);
        return (...parameters: unknown[]) => this.step(() => method.apply(target, parameters));
      },
    });
  }

  private async step(work: () => Promise<unknown>): Promise<unknown> {
    if (this.isDead) throw new Killed();
    const result = await work();
    this.steps++;
    if (this.isDead) throw new Killed();
    return result;
  }
}
