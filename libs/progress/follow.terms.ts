/**
 * How what a command has begun at an outside system is asked about until it ends. Its connector says so in its description, in
 * the metadata `follow` of the operation, as JSON text (docs/protocol.md). Times are milliseconds.
 */
export interface FollowTerms {
  /** First pause after the command, and after each change. It doubles with each question that brings nothing new. */
  firstMs: number;
  /** Longest pause. */
  mostMs: number;
  /** Most commands that are asked about in one question; 1 when left out. */
  batchMax?: number;
  /** After so long without an end it counts as overdue, and its client is told. */
  overdueMs: number;
  /** After so long without an end nobody asks any more: it is told, and listed. */
  ageMaxMs: number;
}

/** How a list of changes that an outside system keeps for us is read: the metadata `feed` of its endpoint. */
export interface FeedTerms {
  /** Pause between two readings, in milliseconds, when there was nothing more. */
  everyMs: number;
  /** Most changes of one reading. */
  pageMax: number;
}

const dayMs = 86_400_000;
const followBounds = {
  pauseMs: { least: 100, most: 30 * dayMs },
  ageMs: { least: 1_000, most: 400 * dayMs },
  batch: { least: 1, most: 100 },
  page: { least: 1, most: 1_000 },
} as const;

const isWithin = (value: unknown, { least, most }: { least: number; most: number }): boolean =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

/** For a dossier that takes an agency days: asked about soon, then every few hours, for a quarter of a year. */
export const dossierTerms = {
  firstMs: 60_000,
  mostMs: dayMs / 6,
  overdueMs: 15 * dayMs,
  ageMaxMs: 90 * dayMs,
} as const satisfies FollowTerms;

/** What is wrong with the terms, each fault in a few words; empty when nothing is. */
export function followFaults({ firstMs, mostMs, batchMax = 1, overdueMs, ageMaxMs }: Partial<FollowTerms>): string[] {
  const { pauseMs, ageMs, batch } = followBounds;
  const faults: string[] = [];
  for (const [name, value, bounds] of [
    ['firstMs', firstMs, pauseMs],
    ['mostMs', mostMs, pauseMs],
    ['batchMax', batchMax, batch],
    ['overdueMs', overdueMs, ageMs],
    ['ageMaxMs', ageMaxMs, ageMs],
  ] as const)
    if (!isWithin(value, bounds)) faults.push(`${name} ${value} is outside ${bounds.least} to ${bounds.most}`);
  if (faults.length > 0) return faults;
  if (mostMs! < firstMs!) faults.push('mostMs is below firstMs');
  if (ageMaxMs! < overdueMs!) faults.push('ageMaxMs is below overdueMs');
  return faults;
}

/** As `followFaults`, of a list of changes. */
export function feedFaults({ everyMs, pageMax }: Partial<FeedTerms>): string[] {
  const faults: string[] = [];
  if (!isWithin(everyMs, followBounds.pauseMs)) faults.push(`everyMs ${everyMs} is out of bounds`);
  if (!isWithin(pageMax, followBounds.page)) faults.push(`pageMax ${pageMax} is out of bounds`);
  return faults;
}

/** Reads the metadata of an endpoint; undefined when there is none, or it is not well-formed. */
export const readFollow = (text: unknown): FollowTerms | undefined => read(text, followFaults);
export const readFeed = (text: unknown): FeedTerms | undefined => read(text, feedFaults);

function read<T>(text: unknown, faultsOf: (terms: Partial<T>) => string[]): T | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const terms = JSON.parse(text) as T | null;
    return typeof terms === 'object' && terms !== null && faultsOf(terms).length === 0 ? terms : undefined;
  } catch {
    return undefined;
  }
}
