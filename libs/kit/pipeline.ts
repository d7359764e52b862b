import { busHeaders } from '#lgsp/bus';
import type { BusContext } from '#lgsp/bus/server';
import { BusError } from '#lgsp/errors';
import { maskBody, startSpan, traceIdOf, type Logger, type Metrics } from '#lgsp/telemetry';
import { Call } from './call';
import { kebabCase, type Operation } from './definition';
import { readInput } from './input.reader';
import { ruleMessage } from './rule.messages';

/** An adapter's method for one operation. */
export type Perform = (input: object, call: Call) => Promise<object>;
/** An adapter's way to find out what became of a command. */
export type FindOutcome = (input: object | undefined, call: Call) => Promise<object | undefined>;

export interface PipelineParts {
  system: string;
  verb: string;
  operation: Operation;
  log: Logger;
  metrics: Metrics;
  perform: Perform;
  /** Present for every command. */
  findOutcome?: FindOutcome;
}

/** The way of every call through a connector: deadline, context, input, adapter, answer, one log line. */
export class Pipeline {
  private readonly duration: { observe(seconds: number): void };

  constructor(private readonly parts: PipelineParts) {
    const { system, verb, metrics } = parts;
    this.duration = metrics.histogram('lgsp_connector_duration_seconds', { system, operation: kebabCase(verb) });
  }

  /** Answers a call of the operation with the bytes of its output. @throws BusError */
  run(body: Uint8Array, context: BusContext): Promise<Uint8Array> {
    const { operation, perform, findOutcome } = this.parts;
    return this.within(context, operation.kind, async (call) => {
      this.checkContext(call);
      const input = readInput(operation.input, body, call.language);
      if (call.recheck && findOutcome) {
        const earlier = await findOutcome(input, call).catch(stillUnknown);
        if (earlier) return earlier;
      }
      return perform(input, call);
    });
  }

  /** Answers what became of the command with this idempotency key; `not-found` when it took no effect. */
  runOutcome(body: Uint8Array, context: BusContext): Promise<Uint8Array> {
    const { operation, findOutcome } = this.parts;
    return this.within(context, 'query', async (call) => {
      if (!call.idempotencyKey) throw new BusError('idempotency-key-required');
      const input = body.length === 0 ? undefined : readInput(operation.input, body, call.language);
      const outcome = await findOutcome!(input, call);
      if (!outcome) throw new BusError('not-found');
      return outcome;
    });
  }

  private async within(
    context: BusContext,
    kind: Operation['kind'],
    work: (call: Call) => Promise<object>,
  ): Promise<Uint8Array> {
    const { system, verb, operation, log } = this.parts;
    const call = new Call(system, verb, { kind, timeoutMs: operation.timeoutMs }, log, context);
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
      this.tell(call, output);
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

  private checkContext(call: Call): void {
    const missing = (this.parts.operation.requires ?? []).filter((name) => !call[name]);
    if (missing.length > 0) {
      const message = ruleMessage('required')[call.language];
      const errors = missing.map((name) => ({ path: headerOf(name), rule: 'required', message }));
      throw new BusError('missing-context', { errors });
    }
    if (call.kind === 'command' && !call.idempotencyKey) throw new BusError('idempotency-key-required');
  }

  private tell(call: Call, output: object): void {
    const { log, operation } = this.parts;
    if (!log.isLevelEnabled('debug')) return;
    log.debug({ transaction: call.transactionId, output: maskBody(operation.sensitivity, output) }, 'answered');
  }

  private complain(call: Call, error: BusError): void {
    call.log.warn({ transaction: call.transactionId, operation: call.operation, err: error }, 'the call failed');
  }
}

/** The question failed, not the command: what the command did when it was first sent is as unknown as before. */
function stillUnknown(thrown: unknown): never {
  const error = BusError.from(thrown);
  const { code, row, detail, upstream = { code }, retryAfterMs } = error;
  if (row.fault === 'caller' || code === 'outcome-unknown') throw error;
  throw new BusError('outcome-unknown', { detail, upstream, retryAfterMs, cause: error });
}

/** `officer` → `Lgsp-Officer`. */
const headerOf = (name: string): string => `Lgsp-${name[0]!.toUpperCase()}${name.slice(1)}`;
