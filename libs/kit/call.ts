import { busHeaders } from '#lgsp/bus';
import type { BusContext } from '#lgsp/bus/server';
import { BusError, languageOf, type Language } from '#lgsp/errors';
import type { Logger } from '#lgsp/telemetry';
import { operationName, type Operation } from './definition';

/** Kept back from the deadline so that a typed answer reaches the caller before its own clock runs out. */
const answerReserveMs = 60;

/** As much of a call as an upstream client needs. */
export interface UpstreamCall {
  readonly operation: string;
  readonly kind: Operation['kind'];
  /** The whole time of the operation, in milliseconds, before any caller shortened it. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** W3C trace context under which attempts at the outside system stand. */
  traceparent?: string;
  /** How often the outside system was called for this call, and how long in all. */
  attempts: number;
  upstreamMs: number;
  /** Milliseconds that are left until the deadline; 0 when it has passed. */
  remainingMs(): number;
}

/**
 * One call as an adapter and its upstream client see it: who calls, for which dossier, until when. `signal` aborts when
 * the time for the outside system is used up.
 */
export class Call implements UpstreamCall {
  readonly operation: string;
  readonly kind: Operation['kind'];
  readonly timeoutMs: number;
  readonly transactionId: string;
  readonly client?: string;
  readonly agency?: string;
  readonly officer?: string;
  readonly dossier?: string;
  readonly procedure?: string;
  readonly purpose?: string;
  readonly idempotencyKey?: string;
  /** The command was sent before: ask before sending again. */
  readonly recheck: boolean;
  /** Its outcome then is unknown; without this it is known to have failed without an effect. */
  readonly uncertain: boolean;
  readonly language: Language;
  /** Epoch milliseconds after which nobody waits for the answer. */
  readonly deadline: number;
  traceparent?: string;
  attempts = 0;
  upstreamMs = 0;
  /** Set by an adapter when the dossier has another code elsewhere: the transaction is then found by either. */
  linkedDossier?: string;
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;

  constructor(
    readonly system: string,
    verb: string,
    operation: Pick<Operation, 'kind' | 'timeoutMs'>,
    readonly log: Logger,
    context: Pick<BusContext, 'header'>,
  ) {
    const now = Date.now();
    this.operation = operationName(verb);
    this.kind = operation.kind;
    this.timeoutMs = operation.timeoutMs;
    this.transactionId = context.header(busHeaders.transactionId) ?? '';
    this.client = context.header(busHeaders.client);
    this.agency = context.header(busHeaders.agency);
    this.officer = context.header(busHeaders.officer);
    this.dossier = context.header(busHeaders.dossier);
    this.procedure = context.header(busHeaders.procedure);
    this.purpose = context.header(busHeaders.purpose);
    this.idempotencyKey = context.header(busHeaders.idempotencyKey);
    const recheck = context.header(busHeaders.recheck);
    this.uncertain = recheck === 'true';
    this.recheck = this.uncertain || recheck === 'failed';
    this.traceparent = context.header(busHeaders.traceparent);
    this.language = languageOf(context.header(busHeaders.language));
    const asked = Number(context.header(busHeaders.deadline));
    const own = now + operation.timeoutMs;
    this.deadline = asked > 0 ? Math.min(asked, own) : own;
    const givenMs = Math.max(0, this.deadline - now);
    const upstreamMs = givenMs - Math.min(answerReserveMs, givenMs / 4);
    this.timer = setTimeout(() => this.controller.abort(), upstreamMs);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  remainingMs(): number {
    return Math.max(0, this.deadline - Date.now());
  }

  /**
   * The result of the work, or the failure that the deadline makes of it. Upstream clients end by themselves when `signal`
   * aborts, and say more; this catches an adapter that waits for something else.
   */
  async orTooLate<T>(work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      const code = this.kind === 'command' ? 'outcome-unknown' : 'deadline-exceeded';
      timer = setTimeout(() => reject(new BusError(code)), this.remainingMs() - answerReserveMs / 3);
    });
    try {
      return await Promise.race([work, tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Frees the timer, and aborts whatever of the call still runs. */
  end(): void {
    clearTimeout(this.timer);
    this.controller.abort();
  }
}
