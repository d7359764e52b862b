import type { BusError } from '#lgsp/errors';
import type { CallAnswer } from './call.answer';
import type { Relayed } from './call.record';

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
  /** What was met on the way, also where the answer says only that nothing is known. Absent when it succeeded. */
  failure?: BusError;
}

/** Who sends it and writes it down, and words what cannot be kept. */
export interface CommandSender {
  /** Writes down that it is about to be sent. @throws BusError `ledger-unavailable`: then it is not sent */
  begin(sending: Sending): Promise<void>;
  send(sending: Sending): Promise<Sent>;
  /** Writes down how it ended. @throws BusError `ledger-unavailable` */
  end(sending: Sending, sent: Sent): Promise<void>;
  /** The answer to the caller when what came of the command could not be kept, so that nobody may rely on it. */
  unkept(sending: Pick<Sending, 'transactionId'>, cause: unknown): CallAnswer;
}
