import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { BusError, type Text } from '#lgsp/errors';
import type { ClientRecord } from '#lgsp/clients';
import type { Environment } from '#lgsp/records';
import type { Admission } from '../admission/admission';
import { basicCredentials } from '../admission/basic.credentials';

/** Most reports under way at once, in this gateway and of one client: each asks the database. */
const underWayMax = 16;
const underWayPerClientMax = 4;
const retryAfterMs = 1_000;

/** What somebody may read: everything of an environment, or what is their own. */
export interface ReadingScope {
  environment: Environment;
  client?: string;
}

/** Who reads reports, what they may see, and how many at once. */
export class ReportReaders {
  private readonly underWay = new Map<string, number>();

  constructor(private readonly admission: Admission) {}

  /**
   * By access token, API key, or, since a person with a browser has nothing else, `Basic` with a client's id and secret:
   * on what is only read.
   * @throws BusError `unauthenticated`, `token-expired`, `address-not-allowed`, `client-suspended`, `overloaded`
   */
  async identify(request: Pick<IncomingMessage, 'headers' | 'socket'>, reads: boolean): Promise<ClientRecord> {
    const basic = reads ? basicCredentials(request.headers.authorization) : undefined;
    const client = await this.admission.identify(basic ? withKey(request.headers, basic.secret) : request.headers);
    if (basic && client.id !== basic.id) throw new BusError('unauthenticated');
    this.admission.checkAddress(client, request);
    if (client.state !== 'active') throw new BusError('client-suspended');
    return client;
  }

  /** An operator sees all clients of the environment they ask for; anybody else their own, in their own environment. */
  scopeOf({ id, role, environment: own }: ClientRecord, asked: Environment | undefined): ReadingScope {
    if (role === 'operator') return { environment: asked ?? 'production' };
    if (asked !== undefined && asked !== own) throw new BusError('operation-not-granted', { detail: otherEnvironment });
    return { environment: own, client: id };
  }

  /** @throws BusError `operation-not-granted` */
  checkOperator({ role }: ClientRecord): void {
    if (role !== 'operator') throw new BusError('operation-not-granted', { detail: onlyOperators });
  }

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

const withKey = (headers: IncomingHttpHeaders, secret: string): IncomingHttpHeaders => ({
  ...headers,
  authorization: `ApiKey ${secret}`,
});

const otherEnvironment: Text = {
  en: 'a client sees only its own environment',
  vi: 'phần mềm chỉ xem được môi trường của chính mình',
};
const onlyOperators: Text = {
  en: 'only an operator may freeze a month and see what is frozen',
  vi: 'chỉ cán bộ vận hành được chốt số liệu và xem các tháng đã chốt',
};
