import { parseOperationSubject, type BusConnection, type KeyValueStore, type Stored } from '#lgsp/bus';
import { BusError } from '#lgsp/errors';
import { openCommandStore } from '#lgsp/recorder';
import type { CallAnswer } from './call.answer';
import type { Relayed } from './call.record';
import { RequestKey, placeOf, type CommandRecord } from '#lgsp/records';

/** A command as its caller sent it. */
export interface CommandCall {
  clientId: string;
  /** The caller's idempotency key. */
  key: string;
  system: string;
  operation: string;
  subject: string;
  body: Uint8Array;
  /** What else makes the request what it is: for whom and for which dossier. */
  context: readonly (string | undefined)[];
  /** Epoch milliseconds. */
  deadline: number;
}

/** One sending of a command to its connector. */
export interface Sending {
  transactionId: string;
  /** Where the record of the command lies. */
  place: string;
  /** It was sent before: the outside system is asked first. */
  recheck: boolean;
  /** It may have taken effect when it was sent before. */
  uncertain: boolean;
}

/** How a sending ended. */
export interface Sent extends Relayed {
  /** `done`: the answer stands. `failed`: there was no effect, it may be sent again. `unknown`: there may have been one. */
  state: 'done' | 'failed' | 'unknown';
}

/** Who sends it and writes it down, and words what cannot be kept. */
export interface CommandSender {
  /** Writes down that it is about to be sent. @throws BusError `ledger-unavailable`: then it is not sent */
  begin(sending: Sending): Promise<void>;
  send(sending: Sending): Promise<Sent>;
  /** Writes down how it ended. @throws BusError `ledger-unavailable` */
  end(sending: Sending, sent: Sent): Promise<void>;
  /** The answer to the caller when what came of the command could not be kept, so that nobody may rely on it. */
  unkept(sending: Sending, cause: unknown): CallAnswer;
}

/** How a command ended for this caller. */
export interface Ended {
  answer: CallAnswer;
  transactionId: string;
  replayed: boolean;
}

/** Largest answer that is kept, in bytes; after a larger one the outside system is asked again. */
const answerBytesMax = 1_048_576;
/** How long after a deadline nobody can have the command in hand any more, also when clocks differ a little. */
const clockMarginMs = 1_000;

/**
 * Makes a command take effect once, however often it is sent: the first caller of a key has the command in hand until its
 * deadline, others are told so; the answer is kept before it is given, and given again for seven days. All of it lies in the
 * durable store on the bus, written with compare-and-set, so that any gateway can go on where another one was killed.
 */
export class Commands {
  private constructor(private readonly store: KeyValueStore<CommandRecord>) {}

  static async open(connection: BusConnection): Promise<Commands> {
    return new Commands(await openCommandStore(connection));
  }

  /** The caller's own key of a command; undefined when it is kept no more. @throws BusError `bus-unavailable` */
  async keyOf(place: string, transactionId: string): Promise<string | undefined> {
    const stored = await this.store.get(place);
    return stored?.value.transactionId === transactionId ? stored.value.key : undefined;
  }

  /**
   * @param newId id of the transaction when the key is new
   * @throws BusError `idempotency-key-reused`, `idempotency-key-in-progress`, `bus-unavailable`; nothing was sent then
   */
  async run(call: CommandCall, newId: string, sender: CommandSender): Promise<Ended> {
    const place = placeOf(call.clientId, call.key);
    const request = requestKey(call);
    const { deadline, key, system, operation, subject } = call;
    const { salt, fingerprint } = request;
    const opened: CommandRecord = {
      transactionId: newId,
      key,
      system,
      operation,
      subject,
      state: 'open',
      attempt: 1,
      deadline,
      salt,
      fingerprint,
    };
    const revision = await this.store.create(place, opened);
    if (revision !== undefined) {
      const sending = { transactionId: newId, place, recheck: false, uncertain: false };
      return this.hold(sending, { value: opened, revision }, request, sender);
    }
    return this.again(place, call, sender);
  }

  /** The key was used before: its answer, its turn, or the next try. */
  private async again(place: string, call: CommandCall, sender: CommandSender): Promise<Ended> {
    const stored = await this.store.get(place);
    if (!stored) throw inProgress(call.deadline); // Just being written, or its time to be kept ended this moment.
    const { value } = stored;
    const request = requestKey(call, value.salt);
    if (request.fingerprint !== value.fingerprint) throw new BusError('idempotency-key-reused');
    const { transactionId, state, answer } = value;
    if (state === 'done' && answer) {
      const { status, code, sealed } = answer;
      return { answer: { status, code, body: request.open(sealed) }, transactionId, replayed: true };
    }
    if (state === 'open' && Date.now() < value.deadline + clockMarginMs) throw inProgress(value.deadline);
    const taken: CommandRecord = { ...value, state: 'open', attempt: value.attempt + 1, deadline: call.deadline };
    const revision = await this.store.update(place, taken, stored.revision);
    if (revision === undefined) throw inProgress(call.deadline); // Somebody else was faster.
    const sending = { transactionId, place, recheck: true, uncertain: state !== 'failed' };
    return this.hold(sending, { value: taken, revision }, request, sender);
  }

  /**
   * Sends the command, and keeps what came of it before anybody is told: first in the book, then under its key. So an answer
   * that is given again was always recorded.
   */
  private async hold(
    sending: Sending,
    opened: Stored<CommandRecord>,
    request: RequestKey,
    sender: CommandSender,
  ): Promise<Ended> {
    const { transactionId } = sending;
    try {
      await sender.begin(sending);
    } catch (error) {
      await this.putBack(sending, opened);
      throw error;
    }
    const sent = await sender.send(sending);
    try {
      await sender.end(sending, sent);
      await this.keep(sending.place, opened, sent, request);
      return { answer: sent, transactionId, replayed: false };
    } catch (error) {
      return { answer: sender.unkept(sending, error), transactionId, replayed: false };
    }
  }

  private async keep(
    place: string,
    { value, revision }: Stored<CommandRecord>,
    { status, code, body, state }: Sent,
    request: RequestKey,
  ): Promise<void> {
    const tooLarge = body.length > answerBytesMax;
    const answer = state === 'done' && !tooLarge ? { status, code, sealed: request.seal(body) } : undefined;
    const ended: CommandRecord = { ...value, state: state === 'done' && tooLarge ? 'unknown' : state, answer };
    if ((await this.store.update(place, ended, revision)) === undefined)
      throw new Error(`the command at ${place} was taken over`);
  }

  /** It was not sent: whoever comes next need not wait for the deadline. If even that fails, they do. */
  private async putBack({ place, uncertain }: Sending, { value, revision }: Stored<CommandRecord>): Promise<void> {
    try {
      await this.store.update(place, { ...value, state: uncertain ? 'unknown' : 'failed' }, revision);
    } catch (error) {
      if (BusError.from(error).code !== 'bus-unavailable') throw error;
    }
  }
}

function requestKey({ key, system, operation, subject, context, body }: CommandCall, salt?: string): RequestKey {
  // A key that was used for one version of an operation was not used for another.
  const version = parseOperationSubject(subject)?.version ?? 'v1';
  const named = version === 'v1' ? operation : `${version}.${operation}`;
  return new RequestKey([key, system, named, ...context], body, salt);
}

function inProgress(deadline: number): BusError {
  const retryAfterMs = Math.max(500, deadline + clockMarginMs - Date.now());
  return new BusError('idempotency-key-in-progress', { retryAfterMs });
}
