import { setTimeout as pause } from 'node:timers/promises';
import { BusError } from '#lgsp/errors';
import type { Recorder } from '#lgsp/recorder';
import type { Logger } from '#lgsp/telemetry';
import type { BookWriter } from '../apply/book.writer';
import type { Database } from '../store/database';
import { dueCommands, forgetAnswered, noteQuestion, openCommand, type OpenCommand } from './open.command';
import type { OutcomeQuestion, Verdict } from './outcome.question';

/** How often the book is looked through for commands to ask about, in milliseconds. */
const lookEveryMs = 1_000;
/** Most commands that are asked about in one look, and at once. */
const lookMax = 200;
const atOnceMax = 8;
/** Pause before a command is asked about again: doubled each time, up to the longest, give or take a fifth. */
const firstPauseMs = 2_000;
const longestPauseMs = 600_000;
const recordMs = 10_000;

/**
 * Follows every command whose outcome is open until it is final: whatever was in the middle when a process was killed, or
 * timed out, or failed in a way that its caller may repeat. What is found is written as a record like any other, so that it
 * is proven, counted and searched in the same way.
 */
export class Questions {
  constructor(
    private readonly database: Database,
    private readonly question: OutcomeQuestion,
    private readonly recorder: Recorder,
    private readonly log: Logger,
  ) {}

  /** Looks again and again until the signal aborts: a duty of the one process that writes the book. */
  readonly duty = async (book: Pick<BookWriter, 'isBehind'>, signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      // What the stream already holds may answer: nobody is asked before it is in the book.
      if (!book.isBehind) await this.look(signal).catch((error: unknown) => this.complain(error));
      await this.pause(signal);
    }
  };

  /** Asks about everything that is due now. */
  private async look(signal: AbortSignal): Promise<void> {
    const due = await dueCommands(this.database, new Date(), lookMax);
    const next = async (): Promise<void> => {
      for (let open = due.shift(); open && !signal.aborted; open = due.shift()) await this.follow(open);
    };
    await Promise.all(Array.from({ length: atOnceMax }, next));
    await forgetAnswered(this.database);
  }

  /** Asks about one command now. @throws BusError `unknown-transaction`, `wrong-state` when it is no command that is open */
  async askNow(id: string): Promise<Verdict> {
    return this.follow(await openCommand(this.database, id));
  }

  private async follow(open: OpenCommand): Promise<Verdict> {
    // Its deadline is over, so it may have taken effect: that is said before anybody is asked, which may take long.
    if (open.outcome === 'accepted')
      await this.write(open, { outcome: 'unknown', code: 'outcome-unknown', final: false });
    const verdict = await this.question.ask(open);
    const { outcome, final, said, notBefore } = verdict;
    if (outcome && (outcome !== open.outcome || final)) await this.write(open, verdict);
    const asked = open.asked + 1;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(asked - 1, 20)) * (0.8 + 0.4 * Math.random());
    await noteQuestion(this.database, open.facts.id, asked, new Date(notBefore ?? Date.now() + pauseMs), said);
    this.log.info({ transaction: open.facts.id, system: open.facts.system, outcome, final, asked, said }, 'asked');
    return verdict;
  }

  private write(
    { facts }: OpenCommand,
    { outcome, code, final }: Pick<Verdict, 'outcome' | 'code' | 'final'>,
  ): Promise<void> {
    const record = { ...facts, step: 'outcome', outcome, code, final } as const;
    return this.recorder.record(record, Date.now() + recordMs);
  }

  /** The database or the bus is away: whatever is due stays due. */
  private complain(thrown: unknown): void {
    const error = BusError.from(thrown);
    if (error.row.retry === 'after') this.log.debug({ code: error.code }, 'open commands cannot be looked through now');
    else this.log.error({ err: thrown }, 'open commands could not be looked through');
  }

  private async pause(signal: AbortSignal): Promise<void> {
    try {
      await pause(lookEveryMs, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
