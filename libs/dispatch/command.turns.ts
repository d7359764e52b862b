import type { BusConnection, KeyValueStore, Stored } from '#lgsp/bus';
import { BusError } from '#lgsp/errors';
import type { CommandRecord, QueuedCommand, QueueEnd, RequestKey } from '#lgsp/records';
import { openCommandStore } from '#lgsp/recorder';
import type { CallAnswer } from './call.answer';
import { answerBytesMax, clockMarginMs } from './command.call';
import type { Sending } from './command.sender';
import { handOver, nextTurn, type CommandQueueing, type JobTurn } from './hand.over';

/** A queued command that this courier has in hand until its deadline. */
export interface HeldTurn {
  stored: Stored<CommandRecord>;
  sending: Sending;
  /** Whoever queued it was killed before it was surely written down. */
  unrecorded: boolean;
}

/** A command that waits for the job it was seen for. */
export interface SeenTurn {
  stored: Stored<CommandRecord>;
  /** Epoch milliseconds from when on it may be sent; undefined when nothing keeps it. */
  freeAt?: number;
}

export interface TakeOptions {
  /** The command as `look` found it, which saves a reading. */
  seen?: SeenTurn;
  /** Also while it waits for its next attempt: to end it, not to send it. */
  evenPaused?: boolean;
}

/** What is to be done with a job. */
export type Taken =
  | { kind: 'held'; turn: HeldTurn }
  /** Somebody else has it in hand, or its pause is not over; epoch milliseconds. */
  | { kind: 'wait'; until: number }
  /** Its turn has ended, and whoever ended it was killed before all of it was told. */
  | { kind: 'ended'; end: QueueEnd; attempts: number }
  /** Its caller went on without it, or it was put into the queue twice. */
  | { kind: 'stale' }
  /** What was kept under its key is gone: its days are over. */
  | { kind: 'gone' };

/** What a try changes of a command that stays in the queue. */
export interface Pause {
  /** Epoch milliseconds before which it is not sent again. */
  notBefore: number;
  /** Whether it counts as an attempt: not when it certainly never came to the outside system. */
  counts: boolean;
  uncertain: boolean;
}

/** How an answer lies under the key: a body that is too large is not kept. */
interface Ending {
  /** `failed` and `unknown` leave the command to whoever sends it again. */
  state: 'done' | 'failed' | 'unknown';
  end: QueueEnd;
  /** What is answered from now on; for `done` only. */
  answer?: CallAnswer;
}

/**
 * The courier's side of the commands: it takes the one that a job stands for in hand, puts it back, or ends it, always by
 * compare-and-set. So a job that is delivered twice, or to two couriers, takes effect once; and a job is only ever a reminder.
 */
export class CommandTurns {
  private constructor(private readonly store: KeyValueStore<CommandRecord>) {}

  static async open(connection: BusConnection): Promise<CommandTurns> {
    return new CommandTurns(await openCommandStore(connection));
  }

  /** @param deadline epoch milliseconds until which the command is taken in hand @throws BusError `bus-unavailable` */
  async take(job: JobTurn, deadline: number, { seen, evenPaused = false }: TakeOptions = {}): Promise<Taken> {
    const now = Date.now();
    const stored = seen?.stored ?? (await this.store.get(job.place));
    if (stored?.value.transactionId !== job.transactionId) return { kind: 'gone' };
    const { value, revision } = stored;
    const { state, queue } = value;
    if (queue?.turn !== job.turn) return { kind: 'stale' };
    if (queue.ended) return { kind: 'ended', end: queue.ended, attempts: queue.attempts };
    const isFree = evenPaused && state === 'queued';
    const until = isFree ? 0 : (freeAt(value, queue, now) ?? 0);
    if (until > now) return { kind: 'wait', until };
    const uncertain = queue.uncertain || state === 'sending';
    const taken: CommandRecord = {
      ...value,
      state: 'sending',
      attempt: value.attempt + 1,
      deadline,
      queue: { ...queue, attempts: queue.attempts + 1, uncertain, notBefore: undefined },
    };
    const next = await this.store.update(job.place, taken, revision);
    if (next === undefined && seen) return this.take(job, deadline, { evenPaused }); // It has changed since it was seen.
    if (next === undefined) return { kind: 'wait', until: now + clockMarginMs }; // Somebody else was faster.
    const { transactionId, place } = job;
    const sending = { transactionId, place, recheck: value.attempt > 0 || uncertain, uncertain };
    return {
      kind: 'held',
      turn: { stored: { value: taken, revision: next }, sending, unrecorded: state === 'queueing' },
    };
  }

  /**
   * The command of a job while it waits for it, else undefined. A reading may be behind: what takes a job out of the queue, such as
   * an end, is told by `take` alone, which reads once more for it. @throws BusError `bus-unavailable`
   */
  async look({ place, transactionId, turn }: JobTurn): Promise<SeenTurn | undefined> {
    const stored = await this.store.get(place);
    const { value } = stored ?? {};
    if (!stored || value?.transactionId !== transactionId || value.queue?.turn !== turn || value.queue.ended)
      return undefined;
    return { stored, freeAt: freeAt(value, value.queue, Date.now()) };
  }

  /** Whether the command of a job waits for its first sending. @throws BusError `bus-unavailable` */
  async isUnsent({ place, transactionId, turn }: JobTurn): Promise<boolean> {
    const value = (await this.store.get(place))?.value;
    const isThere = value?.transactionId === transactionId && value.queue?.turn === turn && !value.queue.ended;
    return isThere && value.state === 'queued' && value.attempt === 0 && !value.queue!.uncertain;
  }

  /** It stays in the queue. @throws BusError `bus-unavailable`, `internal` when it was taken over */
  async putBack({ stored, sending }: HeldTurn, { notBefore, counts, uncertain }: Pause): Promise<void> {
    const { value, revision } = stored;
    const queue = value.queue!;
    const attempts = counts ? queue.attempts : queue.attempts - 1;
    const attempt = counts ? value.attempt : value.attempt - 1;
    const back: CommandRecord = {
      ...value,
      state: 'queued',
      attempt,
      queue: { ...queue, attempts, uncertain, notBefore },
    };
    await this.update(sending.place, back, revision);
  }

  /** It is sent no more in this turn. @throws BusError as `putBack` */
  async end({ stored, sending }: HeldTurn, ending: Ending, request: RequestKey): Promise<void> {
    const { value, revision } = stored;
    await this.update(sending.place, ended(value, ending, request), revision);
  }

  /**
   * Takes a command whose turn has ended without effect, or without a known one, to end it for good.
   * @throws BusError `wrong-state` when it is not so; `bus-unavailable`
   */
  async giveUp(job: JobTurn, ending: Ending, requestOf: (salt: string) => RequestKey): Promise<void> {
    const { value, revision } = await this.endedTurn(job);
    const next = await this.store.update(job.place, ended(value, ending, requestOf(value.salt)), revision);
    if (next === undefined) throw new BusError('wrong-state', { detail: takenOver });
  }

  /**
   * Hands a command whose turn has ended without effect to the queue again, under the same key.
   * @param deadline epoch milliseconds until which nobody else may do so
   * @throws BusError `wrong-state` when it is not so; as `handOver`
   */
  async requeue(job: JobTurn, deadline: number, queueing: CommandQueueing): Promise<void> {
    const { value, revision } = await this.endedTurn(job);
    const uncertain = value.state === 'queueing' ? value.queue!.uncertain : value.state !== 'failed';
    const queue = nextTurn(value.queue, uncertain);
    const taken: CommandRecord = { ...value, state: 'queueing', deadline, queue };
    const next = await this.store.update(job.place, taken, revision);
    if (next === undefined) throw new BusError('wrong-state', { detail: takenOver });
    await handOver(this.store, job.place, { value: taken, revision: next }, uncertain, queueing);
  }

  /** The state of the command of a job, and whether the job still stands for it. @throws BusError `bus-unavailable` */
  async stateOf({ place, transactionId, turn }: JobTurn): Promise<CommandRecord['state'] | 'gone' | 'elsewhere'> {
    const value = (await this.store.get(place))?.value;
    if (value?.transactionId !== transactionId) return 'gone';
    return value.queue?.turn === turn ? value.state : 'elsewhere';
  }

  /**
   * How the command of a job that was overtaken rests, when nobody took it in hand since it was taken away from the queue, so
   * that nobody but whoever finds the job would say what became of it.
   */
  async restingState({ place, transactionId, turn }: JobTurn): Promise<'failed' | 'unknown' | undefined> {
    const value = (await this.store.get(place))?.value;
    if (value?.transactionId !== transactionId || value.queue?.turn !== turn + 1) return undefined;
    return value.state === 'failed' || value.state === 'unknown' ? value.state : undefined;
  }

  private async endedTurn({ place, transactionId, turn }: JobTurn): Promise<Stored<CommandRecord>> {
    const stored = await this.store.get(place);
    if (stored?.value.transactionId !== transactionId) throw new BusError('wrong-state', { detail: keyGone });
    const { state, queue, deadline } = stored.value;
    const hasEnded = queue?.turn === turn && (state === 'failed' || state === 'unknown');
    // Whoever took it to hand it over again was killed before the job was there.
    const isStranded = queue?.turn === turn + 1 && state === 'queueing' && deadline + clockMarginMs < Date.now();
    if (!hasEnded && !isStranded) throw new BusError('wrong-state', { detail: takenOver });
    return stored;
  }

  private async update(place: string, value: CommandRecord, revision: number): Promise<void> {
    if ((await this.store.update(place, value, revision)) === undefined)
      throw new BusError('internal', { cause: new Error(`the command at ${place} was taken over`) });
  }
}

/** Pause before a command that is just being queued is looked at again, in milliseconds. */
const queueingMs = 30;

/** When a queued command may be taken in hand; whoever has it has it until its deadline. */
function freeAt({ state, deadline }: CommandRecord, { notBefore }: QueuedCommand, now: number): number | undefined {
  if (state === 'queued') return notBefore;
  const until = deadline + clockMarginMs;
  // Whoever queues it is about to write the last word down.
  return state === 'queueing' && until > now ? now + queueingMs : until;
}

function ended(value: CommandRecord, { state, end, answer }: Ending, request: RequestKey): CommandRecord {
  const keeps = answer && answer.body.length <= answerBytesMax;
  return {
    ...value,
    // Without its answer it cannot be answered again: the outside system is asked then.
    state: state === 'done' && !keeps ? 'unknown' : state,
    answer: keeps ? { status: answer.status, code: answer.code, sealed: request.seal(answer.body) } : undefined,
    queue: { ...value.queue!, ended: end },
  };
}

const takenOver = {
  en: 'the transaction is under way, or has ended meanwhile',
  vi: 'giao dịch đang được xử lý hoặc đã kết thúc',
};
const keyGone = {
  en: 'what was kept under its idempotency key is gone',
  vi: 'dữ liệu lưu theo khóa của lệnh đã hết hạn',
};
