import { DurableLog, type BusConnection } from '#lgsp/bus';
import type { BusEvent } from './event';

/** The stream of events: one order for each client, `lgsp.events.<client>`. */
const eventsStream = { name: 'EVENTS', subjects: 'lgsp.events.>' } as const;

function eventsSubject(client: string): string {
  return `lgsp.events.${client}`;
}

/** How long events are kept, so that a client that was away can catch up. */
const eventsKeptMs = 90 * 86_400_000;
const bytesMax = 1_073_741_824;
/** For how long the server knows an event that is appended again by its id. */
const duplicateMs = 3_600_000;

/** An event and its place in the stream, by which a reader goes on where it stopped. */
export interface PlacedEvent {
  /** Grows from event to event; those of one client are not numbered without gaps. */
  sequence: number;
  event: BusEvent;
}

/** The events of all clients, durable and in order. Whoever reads them stands on `follow` and its positions. */
export class EventLog {
  private constructor(private readonly log: DurableLog) {}

  /** Opens the stream, and makes it when it is not there. */
  static async open(connection: BusConnection): Promise<EventLog> {
    const { name: stream, subjects: subject } = eventsStream;
    const description = 'what happened after the answer, for each client in order';
    const log = await DurableLog.open(connection, {
      stream,
      subject,
      description,
      keptMs: eventsKeptMs,
      bytesMax,
      duplicateMs,
    });
    return new EventLog(log);
  }

  /** Appends an event and gives its position once it is durable; again under the same id it is the same. @throws BusError `bus-unavailable` */
  append(event: BusEvent): Promise<number> {
    return this.log.append(eventsSubject(event.client), Buffer.from(JSON.stringify(event)), { id: event.id });
  }

  /** Place of the newest event of all, 0 when there is none. @throws BusError `bus-unavailable` */
  async last(): Promise<number> {
    return (await this.log.state()).last;
  }

  /** The events of a client (of all, when none is named) from after a position on, and then whatever comes, until the signal aborts. */
  async *follow(
    client: string | undefined,
    after: number,
    signal: AbortSignal,
    aheadBytes?: number,
  ): AsyncGenerator<PlacedEvent> {
    for await (const entry of this.log.follow(subjectOf(client), after, signal, aheadBytes)) yield placed(entry);
  }

  /** The events that are there now, from after a position on. */
  async *read(client: string | undefined, after = 0): AsyncGenerator<PlacedEvent> {
    for await (const entry of this.log.read(subjectOf(client), after)) yield placed(entry);
  }
}

const subjectOf = (client: string | undefined): string => (client ? eventsSubject(client) : eventsStream.subjects);

function placed({ sequence, data }: { sequence: number; data: Uint8Array }): PlacedEvent {
  return { sequence, event: JSON.parse(Buffer.from(data).toString('utf8')) as BusEvent };
}
