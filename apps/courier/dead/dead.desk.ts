import { BusError, type Text } from '#lgsp/errors';
import {
  labelOf,
  type DeadLetter,
  type DeadLetters,
  type DeadPage,
  type DeadSearch,
  type DeadView,
  type Job,
  type JobQueue,
  type JobState,
} from '#lgsp/jobs';
import { maskBody } from '#lgsp/telemetry';
import { viewOf } from '../jobs/jobs';

/** How long it may take at most from a letter to the job's own state, in milliseconds. */
const tellingMs = 60_000;

/** A dead letter with what it takes to deal with it. */
export interface OpenedLetter {
  state: JobState;
  job: Job;
  /** Its place among the dead letters. */
  sequence: number;
}

/** Dead letters as they are looked at and laid hands on. */
export class DeadDesk {
  constructor(
    private readonly queue: JobQueue,
    private readonly dead: DeadLetters,
  ) {}

  async page(search: DeadSearch): Promise<DeadPage> {
    const found = await this.dead.list(search);
    const after = found.length === search.limit ? found.at(-1)!.sequence : undefined;
    const letters: DeadPage['letters'] = [];
    for (const letter of found) {
      const { place: _place, ...shown } = letter;
      if (await this.isOvertaken(letter)) await this.dead.messages.remove(letter.sequence);
      else letters.push(shown);
    }
    return { letters, after };
  }

  /** Its caller sent it again by itself. One that died this moment is still being told of. */
  private async isOvertaken({ transactionId, turn, diedAt }: DeadLetter): Promise<boolean> {
    const state = (await this.queue.states.get(transactionId))?.value;
    return Date.now() - diedAt > tellingMs && (state?.turn !== turn || state.state !== 'dead');
  }

  async show(id: string): Promise<DeadView> {
    const { state, job } = await this.open(id);
    return { ...viewOf(state), input: maskBody(job.operation.sensitivity, inputOf(job.body)) };
  }

  /** @throws BusError `unknown-transaction`, `wrong-state` when there is no dead letter of it (any more) */
  async open(id: string): Promise<OpenedLetter> {
    const state = (await this.queue.states.get(id))?.value;
    if (!state) throw new BusError('unknown-transaction');
    const message = state.deadAt === undefined ? undefined : await this.dead.messages.at(state.deadAt);
    if (state.state !== 'dead' || message === undefined) throw new BusError('wrong-state', { detail: notDead });
    return { state, job: this.queue.open(message.data, labelOf(message)), sequence: message.sequence };
  }

  /** It was dealt with. @param state how the job is shown from now on; as it is when left out */
  async close({ sequence, state: before }: OpenedLetter, state?: Partial<JobState>): Promise<JobState> {
    await this.dead.messages.remove(sequence);
    const now = (await this.queue.states.get(before.transactionId))?.value ?? before;
    const after: JobState = { ...now, ...state, deadAt: undefined };
    if (state) await this.queue.states.put(before.transactionId, after);
    return after;
  }
}

function inputOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return Buffer.from(body).toString('utf8'); // Shown as text, masked like any other: it is why it was refused.
  }
}

const notDead: Text = {
  en: 'it is no dead letter, or was dealt with already',
  vi: 'không phải lệnh thất bại đang chờ xử lý, hoặc đã được xử lý',
};
