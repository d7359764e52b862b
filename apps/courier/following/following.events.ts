import { createHash } from 'node:crypto';
import type { BusEvent } from '#lgsp/events';
import type { FollowedItem, Observation } from '#lgsp/progress';
import { nowInVietnam } from '#lgsp/vietnam';

/** Its id is made of what happened, so that it is the same event when it is told again after a crash. */
export function progressEvent(item: FollowedItem, seen: Observation): BusEvent<'dossier.progressed'> {
  const { reference, state, upstreamState, portalState, final, at, source } = seen;
  const happening = createHash('sha256')
    .update(JSON.stringify([reference, state, upstreamState, at]))
    .digest('base64url')
    .slice(0, 22);
  return {
    ...envelopeOf(item),
    id: `${item.transactionId}.progressed.${happening}`,
    type: 'dossier.progressed',
    time: at,
    linkedDossier: seen.linkedDossier ?? item.linkedDossier,
    data: { reference, state, upstreamState, portalState, final, at, source },
  };
}

/** @param abandoned whether nobody asks any more */
export function overdueEvent(item: FollowedItem, abandoned: boolean, now: number): BusEvent<'dossier.overdue'> {
  const { reference, state, upstreamState } = item;
  return {
    ...envelopeOf(item),
    id: `${item.transactionId}.${abandoned ? 'abandoned' : 'overdue'}`,
    type: 'dossier.overdue',
    time: nowInVietnam(new Date(now)),
    data: { reference, state, upstreamState, since: nowInVietnam(new Date(item.since)), abandoned },
  };
}

function envelopeOf({ client, system, operation, transactionId, trace, dossier, linkedDossier }: FollowedItem) {
  return { client, system, operation, transactionId, trace, dossier, linkedDossier };
}
