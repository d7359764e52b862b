import type { EventLog } from '#lgsp/events';
import { dossierTerms, type FollowedItem, type FollowTerms } from '#lgsp/progress';
import type { Logger } from '#lgsp/telemetry';
import type { FollowedItems } from './followed.items';
import { overdueEvent } from './following.events';

/** How long what has ended is kept, so that late callbacks are known as such, in milliseconds; and what nobody asks about any more. */
const finalKeptMs = 14 * 86_400_000;
const abandonedKeptMs = 90 * 86_400_000;

/** Whether it should have ended by now. What nobody has declared yet ages like a dossier. */
export function isOverdue(item: FollowedItem, { overdueMs }: FollowTerms = dossierTerms, now = Date.now()): boolean {
  return item.ended === 'too-old' || (item.ended === undefined && isOlder(item, overdueMs, now));
}

/**
 * What waited for room, or was read late, may have ended long ago: until a question about it was answered, only the time counts in
 * which it could be asked about. So nothing is said of it unasked, and it ends in any case.
 */
function isOlder({ since, followedAt = since, asked, failures }: FollowedItem, ms: number, now: number): boolean {
  // As many as were in vain one after the other: none was ever answered.
  const isHeard = asked > failures;
  return now - (isHeard ? since : followedAt) > ms;
}

/** Tells what should have ended by now, ends what is too old to be asked about, and lets go of what ended long ago. */
export class Ageing {
  constructor(
    private readonly items: FollowedItems,
    private readonly events: EventLog,
    private readonly log: Logger,
  ) {}

  /** @param terms undefined when they are not known @throws BusError `bus-unavailable` */
  async look(item: FollowedItem, terms: FollowTerms = dossierTerms, now = Date.now()): Promise<void> {
    const { endedAt, ended, overdueAt } = item;
    if (endedAt !== undefined) {
      if (now - endedAt > (ended === 'final' ? finalKeptMs : abandonedKeptMs)) await this.items.remove(item);
    } else if (isOlder(item, terms.ageMaxMs, now)) await this.abandon(item, now);
    else if (overdueAt === undefined && isOverdue(item, terms, now)) {
      await this.events.append(overdueEvent(item, false, now));
      await this.items.change(item, (current) => ({ ...current, overdueAt: now }));
    }
  }

  private async abandon(item: FollowedItem, now: number): Promise<void> {
    const { transactionId: transaction, trace, system, operation, lastAnswer } = item;
    this.log.warn(
      { transaction, trace, system, operation, lastAnswer },
      'nobody asks any more what became of it: it is too old',
    );
    await this.events.append(overdueEvent(item, true, now));
    await this.items.change(item, (current) =>
      current.ended ? undefined : { ...current, ended: 'too-old', endedAt: now, overdueAt: current.overdueAt ?? now },
    );
  }
}
