import type { KeyValueStore, Stored } from '#lgsp/bus';
import { BusError } from '#lgsp/errors';
import type { CommandRecord, QueuedCommand } from '#lgsp/records';
import type { CallAnswer } from './call.answer';

/** Which stay in the queue a job stands for. */
export interface JobTurn {
  transactionId: string;
  /** Where the record of the command lies. */
  place: string;
  turn: number;
}

/** Who puts the job into the queue and writes it down, and words what nobody can be sure of. */
export interface CommandQueueing {
  /** Resolves once the job is durable. @throws BusError `overloaded`, `bus-unavailable` */
  put(turn: JobTurn): Promise<void>;
  /** Writes down that it is accepted. @throws BusError `ledger-unavailable` */
  accept(turn: JobTurn): Promise<void>;
  /** The answer to the caller when nobody can say whether it will be sent. */
  unkept(transactionId: string, cause: unknown): CallAnswer;
}

/** The next stay in the queue; also taken by whoever goes on without it, so that a job of the stay before is of no use. */
export function nextTurn(before: QueuedCommand | undefined, uncertain: boolean): QueuedCommand {
  return { turn: (before?.turn ?? 0) + 1, attempts: 0, uncertain };
}

/**
 * Hands a command that is `queueing` to the queue of jobs. First the job, then the record in the book, then `queued`: so there
 * is never a record without a job behind it. A job without a record is recorded by whoever sends it; and whoever finds the
 * command `queueing` after its deadline goes on with it, the courier if the job is there, its caller if not.
 * @throws BusError why it could not be handed over, and it is certain that it will not be sent; `outcome-unknown` when it is not
 */
export async function handOver(
  store: KeyValueStore<CommandRecord>,
  place: string,
  { value, revision }: Stored<CommandRecord>,
  uncertain: boolean,
  queueing: CommandQueueing,
): Promise<void> {
  const { transactionId, queue } = value;
  const turn = { transactionId, place, turn: queue!.turn };
  try {
    await queueing.put(turn);
    await queueing.accept(turn);
  } catch (error) {
    const back: CommandRecord = {
      ...value,
      state: uncertain ? 'unknown' : 'failed',
      queue: nextTurn(queue, uncertain),
    };
    if (await written(store, place, back, revision)) throw error;
    throw new BusError('outcome-unknown', { cause: error });
  }
  // If this fails the courier takes the job once the deadline is over: it is accepted all the same.
  await written(store, place, { ...value, state: 'queued' }, revision);
}

/** Whether it was written; not so when the bus is away, or when somebody else was faster. */
async function written(
  store: KeyValueStore<CommandRecord>,
  place: string,
  value: CommandRecord,
  revision: number,
): Promise<boolean> {
  try {
    return (await store.update(place, value, revision)) !== undefined;
  } catch (error) {
    if (BusError.from(error).code !== 'bus-unavailable') throw error;
    return false;
  }
}
