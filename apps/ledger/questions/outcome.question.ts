import { busHeaders, type BusClient, type HeaderPairs, type KeyValueStore } from '#lgsp/bus';
import { BusError, outcomeOf, type Outcome } from '#lgsp/errors';
import { commandKeptMs } from '#lgsp/recorder';
import type { CommandRecord } from '#lgsp/records';
import type { OpenCommand } from './open.command';

/** What is known of a command after it was asked about. */
export interface Verdict {
  /** Absent when nothing new is known. */
  outcome?: Outcome;
  code?: string;
  final: boolean;
  /** In a few words, for whoever looks at what hangs. */
  said: string;
  /** Epoch milliseconds; absent to ask again with growing pauses. */
  notBefore?: number;
}

export interface QuestionTimes {
  /** How long after its deadline a command that the outside system does not know is still believed to arrive there. */
  settleMs: number;
  /** Longest wait for a connector's answer. */
  askMs: number;
}

/** States of a command that somebody has in hand until its deadline. */
const inHand: ReadonlySet<CommandRecord['state']> = new Set(['open', 'queueing', 'sending']);
/** How long after a deadline the gateway may still be writing down what came of a command. */
const gatewayMarginMs = 3_000;
/** When the key of a command is gone, so that nobody can send it again and its failure is final. */
const keyMarginMs = 60_000;

/** Finds out what became of a command: from its idempotency record, and by asking its connector by the caller's own key. */
export class OutcomeQuestion {
  constructor(
    private readonly commands: KeyValueStore<CommandRecord>,
    private readonly bus: BusClient,
    private readonly times: QuestionTimes,
  ) {}

  /** @throws BusError `bus-unavailable` */
  async ask(open: OpenCommand, now = Date.now()): Promise<Verdict> {
    const { facts } = open;
    const stored = facts.idempotency === undefined ? undefined : await this.commands.get(facts.idempotency);
    if (stored?.value.transactionId !== facts.id) return withoutKey(open, now);
    const { value } = stored;
    const busyUntil = value.deadline + gatewayMarginMs;
    if (value.state === 'queued') return { final: false, said: 'it waits for the courier' };
    if (inHand.has(value.state) && busyUntil > now)
      return { final: false, said: 'it is under way', notBefore: busyUntil };
    if (value.state === 'done' && value.answer) {
      const { code } = value.answer;
      return { outcome: outcomeOf(code), code, final: true, said: 'its answer is kept' };
    }
    if (value.state === 'failed') return noEffect(open, value.deadline, now);
    return this.askConnector(open, value, now);
  }

  private async askConnector(
    open: OpenCommand,
    { key, subject, deadline }: CommandRecord,
    now: number,
  ): Promise<Verdict> {
    const { facts } = open;
    const headers: HeaderPairs = {
      [busHeaders.transactionId]: facts.id,
      [busHeaders.client]: facts.client,
      [busHeaders.agency]: facts.agency,
      [busHeaders.dossier]: facts.dossier,
      [busHeaders.procedure]: facts.procedure,
      [busHeaders.idempotencyKey]: key,
    };
    try {
      const until = Date.now() + this.times.askMs;
      const { errorCode } = await this.bus.request(`${subject}.outcome`, new Uint8Array(), until, headers);
      if (errorCode === undefined) return { outcome: 'succeeded', final: true, said: 'it took effect' };
      if (errorCode !== 'not-found') return { final: false, said: `asked, and answered ${errorCode}` };
    } catch (error) {
      const { code } = BusError.from(error);
      if (code === 'internal') throw error;
      return { final: false, said: `could not be asked: ${code}` };
    }
    const settledAt = deadline + this.times.settleMs;
    if (settledAt > now) return { final: false, said: 'not there yet', notBefore: settledAt };
    return noEffect(open, deadline, now);
  }
}

/** It took none, and its caller may send it again under its key: its failure is final once the key is gone. */
function noEffect({ code = 'outcome-unknown' }: OpenCommand, deadline: number, now: number): Verdict {
  const keyGoneAt = deadline + commandKeptMs + keyMarginMs;
  return { outcome: 'failed', code, final: false, said: 'it took no effect', notBefore: Math.max(keyGoneAt, now + 1) };
}

/** The key is gone, or is another command's by now. */
function withoutKey({ outcome, code, facts }: OpenCommand, now: number): Verdict {
  if (outcome === 'failed') return { outcome, code, final: true, said: 'it took no effect, and its key is gone' };
  // A command whose intent is written has a key; it is only gone when its days are over. Then nobody can be asked any more.
  const said = 'its key is gone: nobody can be asked; see docs/ledger.md';
  return { final: false, said, notBefore: now + (now - facts.receivedAt > commandKeptMs ? 86_400_000 : 60_000) };
}
