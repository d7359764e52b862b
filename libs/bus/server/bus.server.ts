import { BaseRpcContext, Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { headers as natsHeaders, type Service, type ServiceMsg } from 'nats';
import { lastValueFrom } from 'rxjs';
import { BusError, languageOf, toProblem } from '#lgsp/errors';
import type { Logger } from '#lgsp/telemetry';
import type { BusConnection } from '../bus.connection';
import { busHeaders } from '../names';
import { within } from '../within';

/** What the services protocol (ADR-32) tells of a connector: shown by `nats micro info` and read by the gateway. */
export interface ServiceDescription {
  name: string;
  /** Semantic version of the connector, `1.0.0`. */
  version: string;
  description: string;
  metadata: Record<string, string>;
}

/** What `@MessagePattern(subject, extras)` carries for the services protocol. */
export interface EndpointExtras {
  endpointName: string;
  metadata: Record<string, string>;
}

/** A request as a handler sees it. The handler answers with bytes, and may add headers to the answer. */
export class BusContext extends BaseRpcContext<[ServiceMsg]> {
  readonly answerHeaders = new Map<string, string>();

  header(name: string): string | undefined {
    return this.args[0].headers?.get(name) || undefined;
  }
}

interface EndpointCounts {
  requests: number;
  errors: number;
  processingMs: number;
}

/**
 * Nest's transport over the plain NATS services protocol: the body is the message itself, with no envelope, so clients in
 * any language can call, and `@MessagePattern` stays Nest's. Stopping drains: no new requests, then those under way end.
 */
export class BusServer extends Server implements CustomTransportStrategy {
  private service?: Service;
  private inFlight = 0;
  private readonly counts = new Map<string, EndpointCounts>();

  constructor(
    private readonly connection: BusConnection,
    private readonly description: ServiceDescription,
    private readonly log: Logger,
    private readonly drainMs: number,
    /** What STATS tells of this instance beside its counts, asked for at each answer. */
    private readonly facts: () => Readonly<Record<string, unknown>> = () => ({}),
  ) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    // oxlint-disable-next-line promise/no-callback-in-promise -- Nest's interface is a callback
    this.serve().then(() => callback(), callback);
  }

  async close(): Promise<void> {
    const deadline = Date.now() + this.drainMs;
    if (this.service) await within(this.drainMs, this.service.stop());
    while (this.inFlight > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
    if (this.inFlight > 0) this.log.warn({ inFlight: this.inFlight }, 'stopped with calls under way');
  }

  on(): never {
    throw new Error('BusServer has no events: follow the BusConnection instead');
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- Nest's interface
  unwrap<T>(): T {
    return this.connection.nats as T;
  }

  private async serve(): Promise<void> {
    this.service = await this.connection.nats.services.add({
      ...this.description,
      queue: this.description.name,
      // The library counts only synchronous failures; `data` holds the true figures of this instance.
      statsHandler: async (endpoint) => ({ ...this.counts.get(endpoint.subject), ...this.facts() }),
    });
    for (const [subject, handler] of this.messageHandlers) {
      const { endpointName, metadata } = handler.extras as EndpointExtras;
      const counts: EndpointCounts = { requests: 0, errors: 0, processingMs: 0 };
      this.counts.set(subject, counts);
      this.service.addEndpoint(endpointName, {
        subject,
        metadata,
        handler: (error, message) => {
          if (error) this.log.error({ err: error, subject }, 'the subscription failed');
          else void this.handle(handler, message, counts);
        },
      });
    }
    await this.connection.nats.flush();
  }

  private async handle(handler: MessageHandler, message: ServiceMsg, counts: EndpointCounts): Promise<void> {
    const startedAt = performance.now();
    const context = new BusContext([message]);
    this.inFlight++;
    counts.requests++;
    try {
      const result: unknown = await handler(message.data, context);
      const body = (await lastValueFrom(this.transformToObservable(result))) as Uint8Array;
      this.respond(message, body, context);
    } catch (thrown) {
      counts.errors++;
      this.respondError(message, BusError.from(thrown), context);
    } finally {
      this.inFlight--;
      counts.processingMs += performance.now() - startedAt;
    }
  }

  private respond(message: ServiceMsg, body: Uint8Array, context: BusContext): void {
    const most = this.connection.messageBytesMax;
    if (body.length > most) {
      throw new BusError('internal', { cause: new Error(`the answer has ${body.length} bytes, NATS carries ${most}`) });
    }
    const headers = natsHeaders();
    for (const [name, value] of context.answerHeaders) headers.set(name, value);
    message.respond(body, { headers });
  }

  private respondError(message: ServiceMsg, error: BusError, context: BusContext): void {
    if (error.code === 'internal')
      this.log.error({ err: error, subject: message.subject }, 'a call failed unexpectedly');
    const problem = toProblem(error, languageOf(context.header(busHeaders.language)));
    const headers = natsHeaders();
    for (const [name, value] of context.answerHeaders) headers.set(name, value);
    headers.set(busHeaders.errorStatus, String(problem.status));
    headers.set(busHeaders.errorCode, error.code);
    try {
      message.respond(Buffer.from(JSON.stringify(problem)), { headers });
    } catch (failure) {
      // The connection is closed: the caller's own deadline tells it what happened.
      this.log.error({ err: failure, subject: message.subject }, 'an answer could not be sent');
    }
  }
}
