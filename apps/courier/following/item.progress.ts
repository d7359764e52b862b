import type { FollowedItem, Observation } from '#lgsp/progress';

/**
 * What an observation means for an item. `told`: it is news. `same`: known already, at most later. `older`: overtaken by what is
 * known. `late`: it came after the end.
 */
export interface Judgement {
  verdict: 'told' | 'same' | 'older' | 'late';
  /** The item as it is from now on; absent when nothing of it changes. */
  item?: FollowedItem;
}

/** Most states of one moment that are remembered: upstreams count in seconds, and several changes may have one time. */
const statesThenMax = 8;

/**
 * Where an item stands after an observation, whatever the order and the number of times in which observations come in. The later
 * one holds by its own time; an end is an end, and may bear an earlier time than what was seen on the way: a bank books a payment
 * before the platform knows of it. Of one moment each state is told once.
 */
export function judge(item: FollowedItem, seen: Observation, now: number): Judgement {
  if (item.ended === 'final') return { verdict: 'late' };
  const named = item.reference === seen.reference ? item : { ...item, reference: seen.reference };
  const renamed = named === item ? undefined : named;
  const isLater = item.at === undefined || Date.parse(seen.at) > Date.parse(item.at);
  if (item.state === seen.state && item.upstreamState === seen.upstreamState) {
    const later = isLater ? { ...named, at: seen.at, statesThen: [seen.upstreamState] } : renamed;
    return { verdict: 'same', item: later };
  }
  const isThen = !isLater && Date.parse(seen.at) === Date.parse(item.at!);
  const statesThen = isThen ? (item.statesThen ?? []) : [];
  if (!isLater && !seen.final && (!isThen || statesThen.includes(seen.upstreamState)))
    return { verdict: 'older', item: renamed };
  const { state, upstreamState, portalState, at, linkedDossier = item.linkedDossier } = seen;
  const moved: FollowedItem = {
    ...named,
    state,
    upstreamState,
    portalState,
    linkedDossier,
    at,
    statesThen: [...statesThen, upstreamState].slice(-statesThenMax),
    changedAt: now,
    ...(seen.final ? { endedAt: now, ended: 'final' } : {}),
  };
  return { verdict: 'told', item: moved };
}
