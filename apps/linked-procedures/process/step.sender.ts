import { busHeaders, type BusClient } from '#lgsp/bus';
import {
  commandCallOf,
  holdsSystem,
  type AdmittedCall,
  type CallRecords,
  type Commands,
  type Dispatcher,
  type Relayed,
  type Sent,
} from '#lgsp/dispatch';
import { BusError, fromProblem, type Language } from '#lgsp/errors';
import type { Json, PlannedCall } from '../plan/step.plan';
import type { StepOperations } from './step.operations';

/** One call of a step, in the name of the client who began the procedure. */
export interface StepCall extends PlannedCall {
  client: AdmittedCall['client'];
  language: Language;
  /** What the client sent: context and trace. */
  headers: Record<string, string | undefined>;
  input: object;
  /** The other code of the dossier: every step is found by it in the book, whether its connector tells it or not. */
  linkedDossier?: string;
  transactionId: string;
  /** Of a command: its own. */
  key?: string;
  /** It may have been sent before: the outside system is asked first. */
  recheck?: boolean;
}

/** What came back. */
export type StepAnswer =
  | { kind: 'answered'; body: Json; linkedDossier?: string; keep?: () => Promise<void> }
  | { kind: 'refused'; error: BusError }
  | { kind: 'failed'; error: BusError; uncertain: boolean }
  | { kind: 'held'; error: BusError; uncertain: boolean };

export interface SenderParts {
  bus: BusClient;
  operations: StepOperations;
  commands: Commands;
  dispatcher: Dispatcher;
  records: CallRecords;
  /** Longest time of one call. */
  callMs: number;
}

/**
 * Calls the bus's own operations for the steps of procedures, on the way of every other call: a command under a key of its
 * own, once however often it is sent, with its intent and its outcome in the book. What merely asks whether something is done is
 * a poll and no transaction; the answer that decides it is one.
 */
export class StepSender {
  constructor(private readonly parts: SenderParts) {}

  async command(step: StepCall): Promise<StepAnswer> {
    try {
      const call = await this.callOf(step);
      const { commands, dispatcher, records } = this.parts;
      const sender = dispatcher.senderOf(call, records.open(call));
      let sent: Sent | undefined;
      const ended = await commands.run(commandCallOf(call), step.transactionId, {
        ...sender,
        send: async (sending) => {
          const { linkedDossier = step.linkedDossier, ...came } = await sender.send(sending);
          return (sent = { ...came, linkedDossier });
        },
      });
      return readCommand(ended.answer, sent);
    } catch (thrown) {
      return notSent(BusError.from(thrown));
    }
  }

  async question(step: StepCall): Promise<StepAnswer> {
    try {
      const call = await this.callOf(step);
      const sentAt = Date.now();
      const { body, errorCode } = await this.parts.bus.request(
        call.operation.subject,
        call.body,
        call.deadline,
        call.headers,
      );
      const json = jsonOf(body);
      if (errorCode) return failedOr(fromProblem(errorCode, json), false);
      const { linkedDossier } = step;
      const relayed: Relayed = { status: 200, body, sentAt, returnedAt: Date.now(), linkedDossier };
      const record = this.parts.records.open(call);
      const keep = () => record.outcome(step.transactionId, relayed, { outcome: 'succeeded', final: true });
      return { kind: 'answered', body: json, keep };
    } catch (thrown) {
      return failedOr(BusError.from(thrown), false);
    }
  }

  /** @throws BusError `connector-unavailable` */
  private async callOf(step: StepCall): Promise<AdmittedCall> {
    const { system, client, language, transactionId } = step;
    const { operation, subject, version, kind, timeoutMs } = await this.parts.operations.find(step);
    const receivedAt = Date.now();
    return {
      client,
      mode: 'async',
      system,
      operation: { operation, subject, version, kind },
      body: Buffer.from(JSON.stringify(step.input)),
      headers: {
        ...step.headers,
        [busHeaders.client]: client.id,
        [busHeaders.transactionId]: transactionId,
        [busHeaders.idempotencyKey]: step.key,
        [busHeaders.recheck]: step.recheck ? 'true' : undefined,
      },
      receivedAt,
      deadline: receivedAt + Math.min(timeoutMs, this.parts.callMs),
      language,
    };
  }
}

/** @param sent absent when the answer was kept before */
function readCommand(answer: { code?: string; body: Uint8Array }, sent: Sent | undefined): StepAnswer {
  const body = jsonOf(answer.body);
  if (answer.code === undefined) return { kind: 'answered', body, linkedDossier: sent?.linkedDossier };
  const error = sent?.failure ?? fromProblem(answer.code, body);
  // It took effect or not, and that could not be written down.
  const isUnkept = sent?.state === 'done' && answer.code === 'outcome-unknown';
  if (sent?.state === 'unknown' || isUnkept) return { kind: 'failed', error, uncertain: true };
  if (sent?.state === 'failed') return failedOr(error, false);
  return { kind: 'refused', error };
}

/** Somebody else has it in hand, as whoever was killed with it, or it could not be written down. */
function notSent(error: BusError): StepAnswer {
  if (error.code === 'idempotency-key-in-progress') return { kind: 'held', error, uncertain: true };
  return failedOr(error, false);
}

const failedOr = (error: BusError, uncertain: boolean): StepAnswer => ({
  kind: holdsSystem(error) ? 'held' : 'failed',
  error,
  uncertain,
});

function jsonOf(bytes: Uint8Array): Json {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Json) : {};
  } catch {
    return {}; // A problem without a document: its code says enough.
  }
}
