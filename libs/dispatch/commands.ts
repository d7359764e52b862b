import { type BusConnection, type KeyValueStore, type Stored } from '#lgsp/bus';
import { BusError } from '#lgsp/errors';
import { placeOf, RequestKey, type CommandRecord } from '#lgsp/records';
import { openCommandStore } from '#lgsp/recorder';
import { acceptedAnswer, type CallAnswer } from './call.answer';
import { answerBytesMax, clockMarginMs, requestKey, type CommandCall } from './command.call';
import type { CommandSender, Sending, Sent } from './command.sender';
import { handOver, nextTurn, type CommandQueueing } from './hand.over';

/** How a command ended for this caller, or that it was accepted. */
export interface Ended {
  answer: CallAnswer;
  transactionId: string;
  replayed: boolean;
}

/** A command that this caller has in hand until the deadline. */
interface InHand {
  place: string;
  stored: Stored<CommandRecord>;
  request: RequestKey;
  /** It may have taken effect when it was sent before. */
  uncertain: boolean;
}

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
   * Sends the command and waits for what comes of it.
   * @param newId id of the transaction when the key is new
   * @throws BusError `idempotency-key-reused`, `idempotency-key-in-progress`, `bus-unavailable`; nothing was sent then
   */
  async run(call: CommandCall, newId: string, sender: CommandSender): Promise<Ended> {
    const taken = await this.take(call, newId, 'open');
    if ('answer' in taken) return taken;
    const { place, stored, uncertain } = taken;
    const { transactionId, attempt } = stored.value;
    return this.hold({ transactionId, place, recheck: attempt > 1 || uncertain, uncertain }, taken, sender);
  }

  /**
   * Hands the command to the queue of jobs, from which the courier sends it.
   * @throws BusError as `run`; `overloaded`, `ledger-unavailable`; it is not sent then
   */
  async enqueue(call: CommandCall, newId: string, queueing: CommandQueueing): Promise<Ended> {
    const taken = await this.take(call, newId, 'queueing');
    if ('answer' in taken) return taken;
    const { place, stored, uncertain } = taken;
    const { transactionId } = stored.value;
    try {
      await handOver(this.store, place, stored, uncertain, queueing);
      return { answer: acceptedAnswer(transactionId), transactionId, replayed: false };
    } catch (error) {
      if (BusError.from(error).code !== 'outcome-unknown') throw error;
      return { answer: queueing.unkept(transactionId, error), transactionId, replayed: false };
    }
  }

  /** Takes the command of a key in hand; or says how it ended, or that the courier has it. */
  private async take(call: CommandCall, newId: string, state: 'open' | 'queueing'): Promise<Ended | InHand> {
    const place = placeOf(call.clientId, call.key);
    const request = requestKey(call);
    const { deadline, key, system, operation, subject } = call;
    const { salt, fingerprint } = request;
    const value: CommandRecord = {
      transactionId: newId,
      key,
      system,
      operation,
      subject,
      state,
      attempt: state === 'open' ? 1 : 0,
      deadline,
      salt,
      fingerprint,
      queue: state === 'queueing' ? nextTurn(undefined, false) : undefined,
    };
    const revision = await this.store.create(place, value);
    if (revision !== undefined) return { place, stored: { value, revision }, request, uncertain: false };
    return this.takeAgain(place, call, state);
  }

  /** The key was used before: its answer, its turn, or the next try. */
  private async takeAgain(place: string, call: CommandCall, state: 'open' | 'queueing'): Promise<Ended | InHand> {
    const stored = await this.store.get(place);
    if (!stored) throw inProgress(call.deadline); // Just being written, or its time to be kept ended this moment.
    const { value } = stored;
    const request = requestKey(call, value.salt);
    if (request.fingerprint !== value.fingerprint) throw new BusError('idempotency-key-reused');
    const { transactionId, answer } = value;
    if (value.state === 'done' && answer) {
      const { status, code, sealed } = answer;
      return { answer: { status, code, body: request.open(sealed) }, transactionId, replayed: true };
    }
    if (value.state === 'queued' || value.state === 'sending')
      return { answer: acceptedAnswer(transactionId), transactionId, replayed: true };
    const underWay = value.state === 'open' || value.state === 'queueing';
    if (underWay && Date.now() < value.deadline + clockMarginMs) throw inProgress(value.deadline);
    const uncertain = value.state === 'queueing' ? value.queue!.uncertain : value.state !== 'failed';
    const taken: CommandRecord = {
      ...value,
      state,
      attempt: state === 'open' ? value.attempt + 1 : value.attempt,
      deadline: call.deadline,
      queue: state === 'queueing' || value.queue ? nextTurn(value.queue, uncertain) : undefined,
    };
    const revision = await this.store.update(place, taken, stored.revision);
    if (revision === undefined) throw inProgress(call.deadline); // Somebody else was faster.
    return { place, stored: { value: taken, revision }, request, uncertain };
  }

  /**
   * Sends the command, and keeps what came of it before anybody is told: first in the book, then under its key. So an answer
   * that is given again was always recorded.
   */
  private async hold(sending: Sending, { stored, request }: InHand, sender: CommandSender): Promise<Ended> {
    const { transactionId } = sending;
    try {
      await sender.begin(sending);
    } catch (error) {
      await this.putBack(sending, stored);
      throw error;
    }
    const sent = await sender.send(sending);
    try {
      await sender.end(sending, sent);
      await this.keep(sending.place, stored, sent, request);
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

function inProgress(deadline: number): BusError {
  const retryAfterMs = Math.max(500, deadline + clockMarginMs - Date.now());
  return new BusError('idempotency-key-in-progress', { retryAfterMs });
}
