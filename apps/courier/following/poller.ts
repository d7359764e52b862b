import type { BusClient } from '#lgsp/bus';
import { backoffMs, holdsSystem } from '#lgsp/dispatch';
import { BusError } from '#lgsp/errors';
import {
  acknowledgeSuffix,
  feedSuffix,
  progressSuffix,
  standingFault,
  standingOf,
  type CommandProgress,
  type FeedAcknowledgement,
  type FeedChange,
  type FeedPage,
  type FeedQuestion,
  type FollowedCommand,
  type FollowedItem,
  type FollowTerms,
  type ProgressLog,
} from '#lgsp/progress';
import type { Logger, Metrics } from '#lgsp/telemetry';
import type { RateGate } from '../drain/rate.gate';
import type { SystemHold } from '../drain/system.hold';
import type { Declared } from './declared.terms';
import type { FollowedItems } from './followed.items';

export interface PollerParts {
  system: string;
  client: BusClient;
  progress: ProgressLog;
  items: FollowedItems;
  hold: SystemHold;
  rate: RateGate;
  log: Logger;
  metrics: Metrics;
}

/**
 * Asks one system, through its connector. What it learns is durable before it counts: an item's next question is put off, and a
 * change is acknowledged at the outside system, only when the observation is in the log.
 */
export class Poller {
  constructor(private readonly parts: PollerParts) {}

  /** Asks about items of one operation, as many as its terms allow. @throws BusError `bus-unavailable` */
  async ask(items: readonly FollowedItem[], { subject, timeoutMs }: Declared, terms: FollowTerms): Promise<void> {
    const address = `${subject}${progressSuffix}`;
    const { failure, value } = await this.question(address, items.map(commandOf), timeoutMs);
    if (failure && holdsSystem(failure)) return;
    const list = Array.isArray(value) ? (value as (CommandProgress | null)[]) : [];
    const told = new Map(list.map((one) => [one?.transactionId, one]));
    for (const item of items) {
      const code = failure?.code ?? (await this.learn(item, told.get(item.transactionId) ?? undefined));
      await this.note(item, code, terms);
    }
  }

  /** Reads a page of a list of changes, and acknowledges what became durable; whether there is more. @throws BusError `bus-unavailable` */
  async read({ subject, timeoutMs, feed }: Declared): Promise<boolean> {
    const address = subject.slice(0, -feedSuffix.length);
    const question: FeedQuestion = { limit: feed!.pageMax };
    const page = (await this.question(subject, question, timeoutMs)).value as Partial<FeedPage> | undefined;
    if (!Array.isArray(page?.changes)) return false;
    const tokens: string[] = [];
    for (const change of page.changes.slice(0, feed!.pageMax)) if (await this.keep(change)) tokens.push(change.token);
    if (tokens.length === 0) return false;
    const acknowledgement: FeedAcknowledgement = { tokens };
    const { failure } = await this.question(`${address}${acknowledgeSuffix}`, acknowledgement, timeoutMs);
    return failure === undefined && page.more === true;
  }

  /** Sends a question when the rate allows it; what holds the whole system is noted, and burns nothing. */
  private async question(
    subject: string,
    body: object,
    timeoutMs: number,
  ): Promise<{ value?: unknown; failure?: BusError }> {
    const { system, client, hold, rate, metrics, log } = this.parts;
    await rate.turn();
    let result = 'ok';
    try {
      const value = await client.call<unknown>(subject, body, Date.now() + timeoutMs);
      hold.passed();
      return { value };
    } catch (thrown) {
      const failure = BusError.from(thrown);
      result = failure.code;
      if (holdsSystem(failure)) hold.meet(failure);
      else log.warn({ system, subject, code: failure.code }, 'a question about what is followed failed');
      return { failure };
    } finally {
      metrics.counter('lgsp_polls_total', { system, result }).inc();
    }
  }

  /** Keeps what was told of an item, when it is news; says what the answer came to. */
  private async learn(item: FollowedItem, told: CommandProgress | undefined): Promise<string> {
    if (!told) return 'absent';
    const fault = standingFault(told);
    if (fault !== undefined) {
      const { system, log } = this.parts;
      log.warn({ system, operation: item.operation, fault }, 'a connector told something malformed');
      return 'upstream-invalid';
    }
    const { transactionId, system, reference, state, upstreamState } = item;
    const isKnown = reference === told.reference && state === told.state && upstreamState === told.upstreamState;
    if (!isKnown) await this.parts.progress.append({ ...standingOf(told), system, source: 'poll', transactionId });
    return 'ok';
  }

  private async keep(change: FeedChange): Promise<boolean> {
    const { system, progress, log } = this.parts;
    const fault = standingFault(change) ?? (typeof change.token === 'string' ? undefined : 'token');
    if (fault !== undefined) {
      log.warn({ system, fault }, 'a change in a list is malformed, and is not acknowledged');
      return false;
    }
    await progress.append({ ...standingOf(change), system, source: 'poll' });
    return true;
  }

  /** When it is asked about next. A failure is not the item's fault alone, so it does not wait the longest pause at once. */
  private async note(item: FollowedItem, lastAnswer: string, { firstMs, mostMs }: FollowTerms): Promise<void> {
    const now = Date.now();
    const isVain = lastAnswer !== 'ok' && lastAnswer !== 'absent';
    await this.parts.items.change(item, (current) => {
      const failures = isVain ? current.failures + 1 : 0;
      // It has moved meanwhile, perhaps by what was just learned.
      const hasMoved = current.changedAt !== item.changedAt;
      const doubled = Math.min(mostMs, Math.max(firstMs, 2 * current.pauseMs));
      const pauseMs = hasMoved ? firstMs : isVain ? current.pauseMs : doubled;
      const nextMs = isVain ? backoffMs({ firstMs, mostMs }, failures) : jittered(pauseMs);
      return { ...current, asked: current.asked + 1, failures, lastAnswer, pauseMs, nextAt: now + nextMs };
    });
  }
}

/** A quarter of it by chance, so that what began together is not asked about together for ever. */
const jittered = (ms: number): number => Math.round(ms * (0.75 + Math.random() / 4));

function commandOf(item: FollowedItem): FollowedCommand {
  const { transactionId, client, idempotencyKey, agency, dossier, linkedDossier, procedure } = item;
  return { transactionId, client, idempotencyKey, agency, dossier, linkedDossier, procedure };
}
