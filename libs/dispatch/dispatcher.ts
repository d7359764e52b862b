import { busHeaders, headerLengthMax, type BusAnswer, type BusClient } from '#lgsp/bus';
import { BusError, fromProblem, outcomeOf, type ErrorCode } from '#lgsp/errors';
import { traceIdOf, type Logger } from '#lgsp/telemetry';
import type { AdmittedCall } from './admitted.call';
import { problemAnswer, type CallAnswer } from './call.answer';
import type { CallRecord, Relayed } from './call.record';
import type { CommandSender, Sending, Sent } from './command.sender';
import type { CommandQueueing } from './hand.over';

/** Asks the connector, and makes an answer for the caller of whatever comes back or does not. */
export class Dispatcher {
  constructor(
    private readonly bus: BusClient,
    private readonly log: Logger,
    /** Whether a system's connector is known to run; left out by whoever does not watch them. */
    private readonly runs: (system: string) => boolean = () => true,
  ) {}

  /** Asks once, and writes down what came of it. A failure is an answer as well. @throws BusError `ledger-unavailable` */
  async query(call: AdmittedCall, record: CallRecord, transactionId: string): Promise<CallAnswer> {
    const relayed = await this.relay(call, transactionId, (error) => {
      // Its connector died or froze with the call: that is no fault of the outside system.
      const isGone = error.code === 'deadline-exceeded' && !this.runs(call.system);
      const told = isGone ? new BusError('connector-unavailable', { retryAfterMs: retryGoneMs, cause: error }) : error;
      return this.problem(told, call, transactionId);
    });
    await record.outcome(transactionId, relayed, { outcome: outcomeOf(relayed.code), final: true });
    return relayed;
  }

  /** How a command is sent and written down, and what its end means for sending it again. */
  senderOf(call: AdmittedCall, record: CallRecord): CommandSender {
    return {
      begin: ({ transactionId }) => record.intent(transactionId),
      send: (sending) => this.sendCommand(call, sending),
      end: ({ transactionId }, sent) =>
        record.outcome(transactionId, sent, {
          outcome: sent.state === 'unknown' ? 'unknown' : outcomeOf(sent.code),
          final: sent.state === 'done',
        }),
      unkept: ({ transactionId }, cause) => this.problem(outcomeUnknown(cause), call, transactionId),
    };
  }

  /** How a command is handed to the queue of jobs and written down. */
  queueingOf(call: AdmittedCall, record: CallRecord, put: CommandQueueing['put']): CommandQueueing {
    return {
      put,
      accept: ({ transactionId }) => record.intent(transactionId),
      unkept: (transactionId, cause) => this.problem(outcomeUnknown(cause), call, transactionId),
    };
  }

  private async sendCommand(call: AdmittedCall, { transactionId, recheck, uncertain }: Sending): Promise<Sent> {
    if (recheck) call.headers[busHeaders.recheck] = uncertain ? 'true' : 'failed';
    let state: Sent['state'] = 'done';
    let failure: BusError | undefined;
    const relayed = await this.relay(call, transactionId, (error, answered) => {
      // Without an answer it is as uncertain as it was before, or as it became by being sent.
      failure = error;
      const unknown = !answered && (uncertain || mayHaveBeenSent(error));
      state = answered ? stateAfter(error) : unknown ? 'unknown' : 'failed';
      return this.problem(unknown ? outcomeUnknown(error) : error, call, transactionId);
    });
    return { ...relayed, state, failure };
  }

  private async relay(
    call: AdmittedCall,
    transactionId: string,
    failed: (error: BusError, answered: boolean) => CallAnswer,
  ): Promise<Relayed> {
    const { operation, body, headers, deadline } = call;
    headers[busHeaders.transactionId] = transactionId;
    const sentAt = Date.now();
    try {
      const answer = await this.bus.request(operation.subject, body, deadline, headers);
      const returnedAt = Date.now();
      const { attempts, upstreamMs, linkedDossier } = upstreamFacts(answer);
      if (answer.errorCode)
        return { ...failed(problemOf(answer), true), sentAt, returnedAt, attempts, upstreamMs, linkedDossier };
      // One literal: what is spread into one that has something already is copied field by field.
      return { status: 200, body: answer.body, sentAt, returnedAt, attempts, upstreamMs, linkedDossier };
    } catch (thrown) {
      return { ...failed(BusError.from(thrown), false), sentAt };
    }
  }

  private problem(error: BusError, call: AdmittedCall, transaction: string): CallAnswer {
    const { system, operation, headers, language } = call;
    const { code } = error;
    const trace = traceIdOf(headers[busHeaders.traceparent]!);
    const line = { transaction, trace, system, operation: operation.operation, code };
    if (code === 'internal') this.log.error({ ...line, err: error }, 'a call failed unexpectedly');
    else if (error.row.status >= 500) this.log.info(line, 'a call failed');
    else this.log.debug(line, 'a call was refused');
    return problemAnswer(error, language, transaction);
  }
}

const retryUnknownMs = 2_000;
const retryGoneMs = 1_000;
/** What a connector tells is not believed beyond this: a million attempts, or a quarter of an hour. */
const countMax = 1_000_000;

const outcomeUnknown = (cause: unknown): BusError =>
  new BusError('outcome-unknown', { retryAfterMs: retryUnknownMs, cause });

/** Whether a request that nobody answered may have reached its connector. */
function mayHaveBeenSent({ code, cause }: BusError): boolean {
  return code === 'deadline-exceeded' || code === 'internal' || (code === 'bus-unavailable' && cause !== undefined);
}

/** What the connector's failure says of the command's effect. */
function stateAfter({ code, row }: BusError): Sent['state'] {
  if (row.outcome === 'unknown' || row.outcome === 'timed-out' || code === 'internal') return 'unknown';
  return row.retry === 'never' ? 'done' : 'failed';
}

function problemOf(answer: BusAnswer): BusError {
  let body: unknown;
  try {
    body = JSON.parse(Buffer.from(answer.body).toString('utf8'));
  } catch {
    body = undefined; // A problem without a document: its code says enough.
  }
  const error = fromProblem(answer.errorCode!, body);
  if (!doorsOnly.has(error.code)) return error;
  const cause = new Error(`the connector answered with "${error.code}", which is not its to say`);
  return new BusError('internal', { cause });
}

/** What the door says of a caller and its request: from a connector it would be taken for the door's. */
const doorsOnly: ReadonlySet<ErrorCode> = new Set([
  'unauthenticated',
  'token-expired',
  'operation-not-granted',
  'address-not-allowed',
  'client-suspended',
  'rate-limited',
  'quota-exhausted',
  'request-timeout',
  'headers-too-large',
]);

/** What the connector tells of the outside system; nothing when it is of another make and does not. */
function upstreamFacts(answer: BusAnswer): Pick<Relayed, 'attempts' | 'upstreamMs' | 'linkedDossier'> {
  return {
    attempts: countOf(answer.header(busHeaders.upstreamAttempts)),
    upstreamMs: countOf(answer.header(busHeaders.upstreamMs)),
    linkedDossier: answer.header(busHeaders.linkedDossier).slice(0, headerLengthMax) || undefined,
  };
}

function countOf(text: string): number | undefined {
  const count = Math.round(Number(text));
  return text !== '' && count >= 0 && count <= countMax ? count : undefined;
}
