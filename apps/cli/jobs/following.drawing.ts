import type { FollowingPage, FollowingView } from '#lgsp/progress';
import { drawColumns } from '../table';
import { moment } from './job.drawing';

const head = [
  'transaction',
  'operation',
  'client',
  'reference',
  'state',
  'portal',
  'age',
  'asked',
  'last answer',
  'next',
];
const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** `3 d 4 h`; below a day `4 h 12 min`. */
function ageOf(ms: number): string {
  const [days, hours, minutes] = [
    Math.floor(ms / dayMs),
    Math.floor((ms % dayMs) / hourMs),
    Math.floor((ms % hourMs) / 60_000),
  ];
  return days > 0 ? `${days} d ${hours} h` : `${hours} h ${minutes} min`;
}

/** What is followed, a line for each. */
export function drawFollowing(items: readonly FollowingView[], now = Date.now()): string {
  if (items.length === 0) return 'nothing is followed';
  const lines = items.map((item) => [
    item.transactionId,
    `${item.system}.${item.operation}`,
    item.client,
    item.reference ?? item.dossier ?? '',
    item.state ?? 'not known yet',
    item.portalState === undefined ? '' : String(item.portalState),
    `${ageOf(now - item.since)}${item.overdue ? ', overdue' : ''}`,
    String(item.asked),
    item.lastAnswer ?? '',
    item.ended === 'too-old' ? 'never: too old' : item.ended ? 'ended' : moment(item.nextAt),
  ]);
  return drawColumns([head, ...lines], [7]);
}

/** What has no room among it yet; empty when everything has. */
export function drawWaiting({ waiting }: Pick<FollowingPage, 'waiting'>): string {
  const counts = Object.entries(waiting).map(([system, count]) => `${count} of ${system}`);
  return counts.length === 0 ? '' : `not followed yet, for as much is followed as may be: ${counts.join(', ')}`;
}
