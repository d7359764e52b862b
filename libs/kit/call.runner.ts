import { busHeaders } from '#lgsp/bus';
import type { BusContext } from '#lgsp/bus/server';
import { BusError } from '#lgsp/errors';
import { startSpan, traceIdOf, type Logger, type Metrics } from '#lgsp/telemetry';
import { Call } from './call';
import { kebabCase, type Operation } from './definition';

export interface RunnerParts {
  system: string;
  /** In camelCase, as in the definition. */
  verb: string;
  timeoutMs: number;
  log: Logger;
  metrics: Metrics;
}

/** What every call of a connector has around it: its deadline, its span, what it took, and one log line. */
export class CallRunner {
  private readonly duration: { observe(seconds: number): void };

  constructor(private readonly parts: RunnerParts) {
    const { system, verb, metrics } = parts;
    this.duration = metrics.histogram('lgsp_connector_duration_seconds', { system, operation: kebabCase(verb) });
  }

  /** The bytes of what the work gives. @throws BusError */
  async run(context: BusContext, kind: Operation['kind'], work: (call: Call) => Promise<object>): Promise<Uint8Array> {
    const { system, verb, timeoutMs, log } = this.parts;
    const call = new Call(system, verb, { kind, timeoutMs }, log, context);
    const { transactionId: transaction } = call;
    const span = startSpan(`${system}.${call.operation}`, 'server', call.traceparent, {
      system,
      operation: call.operation,
      transaction,
    });
    call.traceparent = span?.traceparent ?? call.traceparent;
    const startedAt = performance.now();
    let code = 'ok';
    try {
      if (call.remainingMs() === 0) throw new BusError('deadline-exceeded');
      const output = await call.orTooLate(work(call));
      return Buffer.from(JSON.stringify(output));
    } catch (thrown) {
      const error = BusError.from(thrown);
      code = error.code;
      if (error.row.status >= 500) this.complain(call, error);
      throw error;
    } finally {
      call.end();
      const ms = performance.now() - startedAt;
      this.duration.observe(ms / 1_000);
      context.answerHeaders.set(busHeaders.upstreamAttempts, String(call.attempts));
      context.answerHeaders.set(busHeaders.upstreamMs, call.upstreamMs.toFixed(1));
      if (call.linkedDossier) context.answerHeaders.set(busHeaders.linkedDossier, call.linkedDossier);
      span?.end({ code });
      log.info({
        transaction,
        trace: call.traceparent && traceIdOf(call.traceparent),
        operation: call.operation,
        code,
        ms: Math.round(ms),
        upstreamMs: Math.round(call.upstreamMs),
        attempts: call.attempts,
      });
    }
  }

  private complain(call: Call, error: BusError): void {
    call.log.warn({ transaction: call.transactionId, operation: call.operation, err: error }, 'the call failed');
  }
}
