import { BusError } from '#lgsp/errors';

export interface InflightLimits {
  /** Calls under way at once in this gateway, in all and at any one system. */
  total: number;
  perSystem: number;
}

/** Queries are refused from this share on, so that there is room left for what cannot be asked again so easily. */
const queryShare = 0.8;
const retryAfterMs = 1_000;

/** Bounds the calls under way: beyond the bound a call is refused at once instead of waiting in a queue that only grows. */
export class Inflight {
  private total = 0;
  private readonly systems = new Map<string, number>();

  constructor(private readonly limits: InflightLimits) {}

  /** @param system of the catalogue, so that their number is bounded @throws BusError `overloaded` */
  enter(system: string, kind: 'query' | 'command'): void {
    const share = kind === 'query' ? queryShare : 1;
    const here = this.systems.get(system) ?? 0;
    if (here >= this.limits.perSystem * share || this.total >= this.limits.total * share)
      throw new BusError('overloaded', { retryAfterMs });
    this.systems.set(system, here + 1);
    this.total++;
  }

  leave(system: string): void {
    this.systems.set(system, this.systems.get(system)! - 1);
    this.total--;
  }
}
