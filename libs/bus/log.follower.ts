import {
  AckPolicy,
  DeliverPolicy,
  NatsError,
  nanos,
  type Consumer,
  type ConsumerMessages,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
} from 'nats';
import { BusError } from '#lgsp/errors';
import type { BusConnection } from './bus.connection';

/** What one consumer has delivered ended, and whoever follows has to begin anew after the last entry it was given. */
class Interrupted extends Error {}

/** How long one request for entries waits for them; then the next one asks. */
const waitMs = 10_000;
/** How long the server keeps a consumer that nobody asks. */
const forgottenAfterMs = 60_000;
/** How many entries are fetched at once: a limit in bytes would be better, but with one the client library waits in vain for more. */
const countMin = 8;
const countMax = 256;
const retryMs = 250;
const streamNotFound = 10_059;

/**
 * Follows a stream from a position on. Entries are only fetched when the ones before were taken, so that a reader who is slow or
 * held up for hours costs no memory; the client library's own ordered consumer fetches on regardless.
 *
 * The server counts what it delivers, not what arrived: a number left out means that entries were lost on their way, and a new
 * connection that they may have been. Either way a new consumer begins after the last entry that was taken.
 */
export class LogFollower {
  private reconnects = 0;

  constructor(
    private readonly connection: BusConnection,
    private readonly jetStream: JetStreamClient,
    private readonly manager: JetStreamManager,
    private readonly stream: string,
  ) {
    connection.onChange((connected) => {
      if (connected) this.reconnects++;
    });
  }

  /**
   * @param aheadBytes most bytes that are fetched before they are asked for, when entries are as large as those before them
   * @throws BusError `bus-unavailable` when the stream is gone or the connection was closed
   */
  async *follow(subject: string, after: number, signal: AbortSignal, aheadBytes: number): AsyncGenerator<JsMsg> {
    let last = after;
    while (!signal.aborted) {
      const consumer = await this.consumerAfter(subject, last, signal);
      if (!consumer) return;
      try {
        for await (const message of this.deliveries(consumer, signal, aheadBytes)) {
          last = message.seq;
          yield message;
        }
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error;
      } finally {
        // Else the server forgets it by itself; nobody has to wait for that.
        void consumer.delete().catch(() => undefined);
      }
    }
  }

  private async *deliveries(consumer: Consumer, signal: AbortSignal, aheadBytes: number): AsyncGenerator<JsMsg> {
    const connects = this.reconnects;
    let delivered = 0;
    let count = countMin;
    while (!signal.aborted && this.reconnects === connects) {
      const messages = await fetchOf(consumer, count);
      const stop = (): void => messages.stop();
      signal.addEventListener('abort', stop, { once: true });
      let largest = 1;
      try {
        for await (const message of messages) {
          if (message.info.deliverySequence !== ++delivered) throw new Interrupted();
          if (signal.aborted) return;
          largest = Math.max(largest, message.data.length);
          yield message;
        }
      } catch (error) {
        // The server was away and has forgotten the consumer, or the connection was.
        throw error instanceof NatsError ? new Interrupted() : error;
      } finally {
        signal.removeEventListener('abort', stop);
        messages.stop();
      }
      count = Math.max(countMin, Math.min(countMax, 2 * count, Math.floor(aheadBytes / largest)));
    }
  }

  /** Waits for the server for as long as it takes. */
  private async consumerAfter(subject: string, last: number, signal: AbortSignal): Promise<Consumer | undefined> {
    const options = {
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: last + 1,
      filter_subject: subject,
      inactive_threshold: nanos(forgottenAfterMs),
      mem_storage: true,
      num_replicas: 1,
    };
    while (!signal.aborted) {
      try {
        const { name } = await this.manager.consumers.add(this.stream, options);
        return await this.jetStream.consumers.get(this.stream, name);
      } catch (error) {
        const isGone = error instanceof NatsError && error.api_error?.err_code === streamNotFound;
        if (isGone || this.connection.nats.isClosed()) throw new BusError('bus-unavailable', { cause: error });
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
    return undefined;
  }
}

async function fetchOf(consumer: Consumer, count: number): Promise<ConsumerMessages> {
  try {
    return await consumer.fetch({ max_messages: count, expires: waitMs });
  } catch (error) {
    throw error instanceof NatsError ? new Interrupted() : error;
  }
}
