import { BusError, type Text } from '#lgsp/errors';
import type { ClientRecord } from '#lgsp/clients';
import type { Environment } from '#lgsp/records';

/** Most reports under way at once, in this gateway and of one client: each asks the database. */
const underWayMax = 16;
const underWayPerClientMax = 4;
const retryAfterMs = 1_000;

/** What somebody may read: everything of an environment, or what is their own. */
export interface ReadingScope {
  environment: Environment;
  client?: string;
}

/** An operator sees all clients of the environment they ask for; anybody else their own, in their own environment. */
export function scopeOf(client: ClientRecord, asked: Environment | undefined): ReadingScope {
  const { id, role, environment: own } = client;
  if (role === 'operator') return { environment: asked ?? 'production' };
  if (asked !== undefined && asked !== own) throw new BusError('operation-not-granted', { detail: otherEnvironment });
  return { environment: own, client: id };
}

/** How many reports are read at once. */
export class ReportReaders {
  private readonly underWay = new Map<string, number>();

  /** Does the work unless too much is under way. @throws BusError `overloaded` */
  async bounded<T>({ id }: ClientRecord, work: () => Promise<T>): Promise<T> {
    const own = this.underWay.get(id) ?? 0;
    const all = [...this.underWay.values()].reduce((sum, count) => sum + count, 0);
    if (own >= underWayPerClientMax || all >= underWayMax) throw new BusError('overloaded', { retryAfterMs });
    this.underWay.set(id, own + 1);
    try {
      return await work();
    } finally {
      const left = this.underWay.get(id)! - 1;
      if (left > 0) this.underWay.set(id, left);
      else this.underWay.delete(id);
    }
  }
}

const otherEnvironment: Text = {
  en: 'a client sees only its own environment',
  vi: 'phần mềm chỉ xem được môi trường của chính mình',
};
