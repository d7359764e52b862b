import { once } from 'node:events';
import type { FastifyReply } from 'fastify';
import { eventView, type EventLog, type EventView, type PlacedEvent } from '#lgsp/events';
import type { Logger } from '#lgsp/telemetry';
import { newest, type EventQuery } from './event.query';

/** How long a stream goes on before its reader has to come again, and how often it says that it is alive, in milliseconds. */
const streamMs = 900_000;
const aliveMs = 15_000;
/** How long a stream's reader may take no bytes, in milliseconds; then it is gone. */
const stuckMs = 60_000;
/** Most events that are looked through for one answer: a rare system must not make a question last for ever. */
const lookedMax = 5_000;

export interface EventPage {
  events: EventView[];
  /** To ask with next: also beyond events that the question left out. */
  cursor: string;
}

/** Reads events of a client in their order: a page, waiting for one when there is none, or as a stream that goes on. */
export class EventReading {
  constructor(
    private readonly events: EventLog,
    private readonly log: Logger,
  ) {}

  /** @param signal ends the waiting @throws BusError `bus-unavailable` */
  async page({ client, limit, waitMs, system, ...query }: EventQuery, signal: AbortSignal): Promise<EventPage> {
    const after = await this.placeOf(query.after);
    const present = await this.take(this.events.read(client, after), after, limit, system);
    if (present.events.length > 0 || waitMs === 0) return present;
    const late = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
    const next = this.events.follow(client, Number(present.cursor), late);
    return this.take(next, Number(present.cursor), 1, system);
  }

  /** Server-sent events (WHATWG HTML): `id` is the cursor. Ends by itself, so that its reader is let in anew now and then. */
  async stream({ client, system, ...query }: EventQuery, reply: FastifyReply, signal: AbortSignal): Promise<void> {
    const after = await this.placeOf(query.after);
    const { raw } = reply;
    const gone = new AbortController();
    raw.once('close', () => gone.abort());
    reply.hijack();
    raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    raw.write('retry: 2000\n\n');
    const alive = setInterval(() => raw.writableNeedDrain || raw.write(': alive\n\n'), aliveMs);
    const until = AbortSignal.any([signal, gone.signal, AbortSignal.timeout(streamMs)]);
    try {
      for await (const placed of this.events.follow(client, after, until)) {
        if (system !== undefined && placed.event.system !== system) continue;
        if (!raw.write(frameOf(eventView(placed))))
          await once(raw, 'drain', { signal: AbortSignal.any([until, AbortSignal.timeout(stuckMs)]) });
      }
    } catch (error) {
      // Nothing more can be said in a stream: its reader comes again, after the last event that it has.
      if (!until.aborted) this.log.info({ err: error, client }, 'a stream of events ended early');
    } finally {
      clearInterval(alive);
      raw.end();
    }
  }

  private placeOf(after: EventQuery['after']): number | Promise<number> {
    return after === newest ? this.events.last() : after;
  }

  private async take(
    from: AsyncIterable<PlacedEvent>,
    after: number,
    limit: number,
    system: string | undefined,
  ): Promise<EventPage> {
    const events: EventView[] = [];
    let cursor = after;
    let looked = 0;
    for await (const placed of from) {
      cursor = placed.sequence;
      if (system === undefined || placed.event.system === system) events.push(eventView(placed));
      if (events.length >= limit || ++looked >= lookedMax) break;
    }
    return { events, cursor: String(cursor) };
  }
}

const frameOf = (event: EventView): string =>
  `id: ${event.cursor}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
