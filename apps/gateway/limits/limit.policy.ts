import type { ClientLimits, ClientRecord } from '#lgsp/clients';
import { todayInVietnam, vietnamOffset } from '#lgsp/vietnam';
import type { Limit, Quota, Rate } from './limit';

export interface LimitDefaults {
  /** Of a client that has no rate of its own. */
  client: { perSecond: number; burst: number };
  /** Calls per second that an outside system can bear from the whole province, by system. */
  systems: Readonly<Record<string, number>>;
}

const dayMs = 86_400_000;

/** Which limits a call has: of its client, of its client at one system, of the system, and the quotas of day and month. */
export class LimitPolicy {
  /** Made once per client record and system, and anew each day: quotas count by the day in Vietnam. */
  private made = new WeakMap<ClientRecord, Map<string, Limit[]>>();
  private dayEndsAt = 0;

  constructor(private readonly defaults: LimitDefaults) {}

  of(client: ClientRecord, system: string, now = Date.now()): readonly Limit[] {
    this.turnDay(now);
    let bySystem = this.made.get(client);
    if (!bySystem) this.made.set(client, (bySystem = new Map()));
    let limits = bySystem.get(system);
    if (!limits) bySystem.set(system, (limits = this.make(client, system, now)));
    return limits;
  }

  /** The quotas of a client as they count now. */
  quotasOf({ id, limits = {} }: ClientRecord, now = Date.now()): readonly Quota[] {
    this.turnDay(now);
    return this.quotas(id, limits, now);
  }

  private turnDay(now: number): void {
    // Also when the clock was set back over midnight.
    if (now < this.dayEndsAt && now >= this.dayEndsAt - dayMs) return;
    this.made = new WeakMap();
    this.dayEndsAt = Date.parse(`${todayInVietnam(new Date(now))}T00:00:00${vietnamOffset}`) + dayMs;
  }

  private make({ id, limits = {} }: ClientRecord, system: string, now: number): Limit[] {
    const { client, systems } = this.defaults;
    const perSecond = limits.perSecond ?? client.perSecond;
    const burst = limits.burst ?? (limits.perSecond ? 2 * limits.perSecond : client.burst);
    const made: Limit[] = [rate('client', `client:${id}`, perSecond, burst)];
    const atSystem = limits.perSecondAtSystem;
    if (atSystem) made.push(rate('client-system', `client:${id}:${system}`, atSystem, 2 * atSystem));
    const ofSystem = systems[system];
    if (ofSystem) made.push(rate('system', `system:${system}`, ofSystem, ofSystem));
    return [...made, ...this.quotas(id, limits, now)];
  }

  private quotas(id: string, { perDay, perMonth }: ClientLimits, now: number): Quota[] {
    const day = todayInVietnam(new Date(now));
    const month = day.slice(0, 7);
    const made: Quota[] = [];
    if (perDay)
      made.push({ kind: 'quota', name: 'day', key: `client:${id}:${day}`, limit: perDay, endsAt: this.dayEndsAt });
    if (perMonth)
      made.push({
        kind: 'quota',
        name: 'month',
        key: `client:${id}:${month}`,
        limit: perMonth,
        endsAt: endOfMonth(month),
      });
    return made;
  }
}

const rate = (name: string, key: string, limit: number, burst: number): Rate => ({
  kind: 'rate',
  name,
  key,
  limit,
  periodMs: 1_000,
  burst,
});

/** `2026-12` → the first moment of January in Vietnam. */
function endOfMonth(month: string): number {
  const [year, number] = month.split('-').map(Number);
  const next = number === 12 ? `${year! + 1}-01` : `${year}-${String(number! + 1).padStart(2, '0')}`;
  return Date.parse(`${next}-01T00:00:00${vietnamOffset}`);
}
