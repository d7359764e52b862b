import { courierSubjects, type JobQueue, type JobView } from '#lgsp/jobs';
import { busHeaders, type BusClient } from '#lgsp/bus';
import { BusError, type Language } from '#lgsp/errors';

const askMs = 10_000;
const retryAfterMs = 2_000;

/** Transactions that were accepted and are looked after by the courier. */
export class AcceptedJobs {
  /** @param jobs absent where no command is accepted before it was sent */
  constructor(
    private readonly bus: BusClient,
    private readonly jobs: JobQueue | undefined,
  ) {}

  /** Whether commands are accepted before they were sent. */
  get isOpen(): boolean {
    return this.jobs !== undefined;
  }

  /** Whether it was accepted from this client, of anybody when none is named. @throws BusError `bus-unavailable` */
  async has(id: string, client: string | undefined): Promise<boolean> {
    const state = (await this.jobs?.states.get(id))?.value;
    return state !== undefined && (client === undefined || state.client === client);
  }

  /** Takes it back before it was sent. @throws BusError `unknown-transaction`, `wrong-state` */
  async cancel(id: string, scope: { client?: string; who: string }, language: Language): Promise<JobView> {
    const headers = { [busHeaders.language]: language };
    try {
      return await this.bus.call<JobView>(courierSubjects.cancel, { id, ...scope }, Date.now() + askMs, headers);
    } catch (error) {
      if (BusError.from(error).code !== 'connector-unavailable') throw error;
      throw new BusError('bus-unavailable', { detail: notRunning, retryAfterMs, cause: error });
    }
  }
}

const notRunning = { en: 'the courier does not run now', vi: 'bộ phận chuyển phát đang không hoạt động' };
