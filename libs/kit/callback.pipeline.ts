import { busHeaders } from '#lgsp/bus';
import type { BusContext } from '#lgsp/bus/server';
import { BusError } from '#lgsp/errors';
import { traceIdOf, type Logger } from '#lgsp/telemetry';
import { Call } from './call';
import { callbackRefusals, type Callback, type CallbackAnswer, type CallbackRequest } from './callback';
import { kebabCase } from './definition';

/** An adapter's method for one kind of callback. */
export type Receive = (request: CallbackRequest, call: Call) => Promise<CallbackAnswer>;

export interface CallbackPipelineParts {
  system: string;
  kind: string;
  callback: Callback;
  log: Logger;
  receive: Receive;
}

const mediaTypeDefault = 'application/json';

/** The way of a callback through a connector: deadline, size, adapter, one log line, in which nothing of the body stands. */
export class CallbackPipeline {
  constructor(private readonly parts: CallbackPipelineParts) {}

  /** Answers a callback with what it tells and the reply to it. @throws BusError when it could not be verified */
  async run(body: Uint8Array, context: BusContext): Promise<Uint8Array> {
    const { system, kind, callback, log, receive } = this.parts;
    // Verifying has no effect: what fails may be sent again.
    const call = new Call(system, callbackName(kind), { kind: 'query', timeoutMs: callback.timeoutMs }, log, context);
    const startedAt = performance.now();
    let result: string = 'failed';
    try {
      if (call.remainingMs() === 0) throw new BusError('deadline-exceeded');
      if (body.length > callback.bodyBytesMax) throw new BusError('body-too-large');
      const answer = await call.orTooLate(receive(this.requestOf(body, context), call));
      result = answer.refused ?? 'accepted';
      return Buffer.from(JSON.stringify(answer));
    } catch (thrown) {
      const error = BusError.from(thrown);
      result = error.code;
      log.warn({ callback: kebabCase(kind), err: error }, 'a callback could not be verified');
      throw error;
    } finally {
      call.end();
      const line = {
        callback: kebabCase(kind),
        trace: call.traceparent && traceIdOf(call.traceparent),
        result,
        ms: Math.round(performance.now() - startedAt),
        attempts: call.attempts,
      };
      if (callbackRefusals.some((refusal) => refusal === result)) log.warn(line, 'a callback was refused');
      else log.info(line);
    }
  }

  private requestOf(body: Uint8Array, context: BusContext): CallbackRequest {
    const mediaType = context.header(busHeaders.mediaType) ?? mediaTypeDefault;
    const headers: Record<string, string> = {};
    for (const name of this.parts.callback.headers ?? []) {
      const value = context.header(`${busHeaders.httpHeader}${name}`);
      if (value !== undefined) headers[name] = value;
    }
    return { mediaType, headers, body: Buffer.from(body) };
  }
}

/** As which a callback stands among the operations in the metrics of the outside system. */
const callbackName = (kind: string): string => `${kind}Callback`;
