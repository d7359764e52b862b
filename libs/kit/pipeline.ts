import type { BusContext } from '#lgsp/bus/server';
import { BusError } from '#lgsp/errors';
import { maskBody, type Logger, type Metrics } from '#lgsp/telemetry';
import type { Call } from './call';
import { CallRunner } from './call.runner';
import type { Operation } from './definition';
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
  private readonly runner: CallRunner;

  constructor(private readonly parts: PipelineParts) {
    const { operation, ...others } = parts;
    this.runner = new CallRunner({ ...others, timeoutMs: operation.timeoutMs });
  }

  /** Answers a call of the operation with the bytes of its output. @throws BusError */
  run(body: Uint8Array, context: BusContext): Promise<Uint8Array> {
    const { operation, perform, findOutcome } = this.parts;
    return this.runner.run(context, operation.kind, async (call) => {
      this.checkContext(call);
      const input = readInput(operation.input, body, call.language);
      const earlier = call.recheck && findOutcome ? await findOutcome(input, call).catch(unanswered(call)) : undefined;
      const output = earlier ?? (await perform(input, call));
      this.tell(call, output);
      return output;
    });
  }

  /** Answers what became of the command with this idempotency key; `not-found` when it took no effect. */
  runOutcome(body: Uint8Array, context: BusContext): Promise<Uint8Array> {
    const { operation, findOutcome } = this.parts;
    return this.runner.run(context, 'query', async (call) => {
      if (!call.idempotencyKey) throw new BusError('idempotency-key-required');
      const input = body.length === 0 ? undefined : readInput(operation.input, body, call.language);
      const outcome = await findOutcome!(input, call);
      if (!outcome) throw new BusError('not-found');
      this.tell(call, outcome);
      return outcome;
    });
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
}

/** The question failed and nothing was sent: what the command did when it was first sent is as unknown, or as failed, as before. */
const unanswered =
  ({ uncertain }: Call) =>
  (thrown: unknown): never => {
    const error = BusError.from(thrown);
    const { code, row, detail, upstream = { code }, retryAfterMs } = error;
    const saysSo = uncertain ? code === 'outcome-unknown' : row.outcome === 'failed' && row.retry === 'after';
    if (row.fault === 'caller' || saysSo) throw error;
    const told = uncertain ? 'outcome-unknown' : 'upstream-unreachable';
    throw new BusError(told, { detail, upstream, retryAfterMs, cause: error });
  };

/** `officer` → `Lgsp-Officer`. */
const headerOf = (name: string): string => `Lgsp-${name[0]!.toUpperCase()}${name.slice(1)}`;
