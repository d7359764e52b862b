import { createInbox, type Msg } from 'nats';
import { BusError } from '#lgsp/errors';
import type { BusConnection } from './bus.connection';
import { RequestInbox } from './request.inbox';
import { wireHeaders, type HeaderPairs } from './wire.headers';

/** What came of a request: an answer, a subject that nobody listens on, or nothing at all within the time. */
export type Probed =
  | { kind: 'answer'; headers: ReadonlyMap<string, string>; body: Uint8Array; ms: number }
  | { kind: 'nobody' }
  | { kind: 'silence'; waitedMs: number };

/** Most answers that are read of one question to everybody. */
const answersMax = 1_000;

/**
 * Asks services as they are, without what a well-meaning client adds or repairs: for whoever holds a connector against the
 * protocol. Unlike `BusClient` it sends what it is told, also a deadline that has passed.
 */
export class ServiceProbe {
  private readonly inbox: RequestInbox;

  constructor(private readonly connection: BusConnection) {
    this.inbox = new RequestInbox(connection);
  }

  /** @throws BusError `bus-unavailable` */
  async ask(subject: string, body: Uint8Array, headers: HeaderPairs, waitMs: number): Promise<Probed> {
    const startedAt = performance.now();
    try {
      const message = await this.inbox.request(subject, body, waitMs, wireHeaders(headers));
      const ms = performance.now() - startedAt;
      return { kind: 'answer', headers: pairsOf(message), body: message.data, ms };
    } catch (thrown) {
      const error = BusError.from(thrown);
      if (error.code === 'connector-unavailable') return { kind: 'nobody' };
      if (error.code === 'deadline-exceeded') return { kind: 'silence', waitedMs: waitMs };
      throw error;
    }
  }

  /** Asks everybody and gives each answer as it comes, until somebody has heard enough or the time is over. */
  async askEverybody(subject: string, waitMs: number, enough: (answer: Uint8Array) => boolean): Promise<void> {
    const { nats, inboxPrefix } = this.connection;
    const inbox = createInbox(inboxPrefix);
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        subscription.unsubscribe();
        resolve();
      };
      const timer = setTimeout(end, waitMs);
      const subscription = nats.subscribe(inbox, {
        max: answersMax,
        callback: (error, message) => {
          // Empty: the server says that nobody is there.
          if (error || message.data.length === 0 || enough(message.data)) end();
        },
      });
      nats.publish(subject, undefined, { reply: inbox });
    });
  }

  /** Resolves once the server has taken what was sent. */
  flush(): Promise<void> {
    return this.connection.nats.flush();
  }
}

function pairsOf(message: Msg): Map<string, string> {
  return new Map((message.headers?.keys() ?? []).map((name) => [name, message.headers!.get(name)]));
}
