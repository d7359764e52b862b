import { busHeaders, type BusAnswer, type BusClient } from '#lgsp/bus';
import { BusError, fromProblem, type Language } from '#lgsp/errors';
import type { Logger } from '#lgsp/telemetry';
import type { OperationEntry } from '../catalogue/service.description';
import type { CommandSender, Sending, Sent } from '../commands/commands';
import { asBusError } from '../problems/problem.filter';
import { problemAnswer, type CallAnswer } from './call.answer';

/** An admitted call on its way to its connector. */
export interface AdmittedCall {
  system: string;
  operation: OperationEntry;
  body: Uint8Array;
  /** What travels with it: client, context, trace. */
  headers: Record<string, string | undefined>;
  /** Epoch milliseconds. */
  deadline: number;
  language: Language;
}

/** Asks the connector, and makes an answer for the caller of whatever comes back or does not. */
export class Dispatcher {
  constructor(
    private readonly bus: BusClient,
    private readonly log: Logger,
  ) {}

  /** Asks once. A failure is an answer as well: this does not throw. */
  async send(call: AdmittedCall, transactionId: string): Promise<CallAnswer> {
    const { operation, body, headers, deadline } = call;
    headers[busHeaders.transactionId] = transactionId;
    try {
      const answer = await this.bus.request(operation.subject, body, deadline, headers);
      if (answer.errorCode) return this.problem(problemOf(answer), call, transactionId);
      return { status: 200, body: answer.body };
    } catch (thrown) {
      return this.problem(asBusError(thrown), call, transactionId);
    }
  }

  /** How a command is sent, and what its end means for sending it again. */
  senderOf(call: AdmittedCall): CommandSender {
    return {
      send: (sending) => this.sendCommand(call, sending),
      unkept: ({ transactionId }, cause) => this.problem(outcomeUnknown(cause), call, transactionId),
    };
  }

  private async sendCommand(call: AdmittedCall, { transactionId, recheck, uncertain }: Sending): Promise<Sent> {
    const { operation, body, headers, deadline } = call;
    headers[busHeaders.transactionId] = transactionId;
    if (recheck) headers[busHeaders.recheck] = 'true';
    try {
      const answer = await this.bus.request(operation.subject, body, deadline, headers);
      if (!answer.errorCode) return { status: 200, body: answer.body, state: 'done' };
      const error = problemOf(answer);
      return { ...this.problem(error, call, transactionId), state: stateAfter(error) };
    } catch (thrown) {
      const error = asBusError(thrown);
      // Without an answer it is as uncertain as it was before, or as it became by being sent.
      const unknown = uncertain || mayHaveBeenSent(error);
      return {
        ...this.problem(unknown ? outcomeUnknown(error) : error, call, transactionId),
        state: unknown ? 'unknown' : 'failed',
      };
    }
  }

  private problem(error: BusError, { system, operation, language }: AdmittedCall, transaction: string): CallAnswer {
    const { code } = error;
    const line = { transaction, system, operation: operation.operation, code };
    if (code === 'internal') this.log.error({ ...line, err: error }, 'a call failed unexpectedly');
    else if (error.row.status >= 500) this.log.info(line, 'a call failed');
    else this.log.debug(line, 'a call was refused');
    return problemAnswer(error, language, transaction);
  }
}

const retryUnknownMs = 2_000;

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
  return fromProblem(answer.errorCode!, body);
}
