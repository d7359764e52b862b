import { subjectRoot } from '#lgsp/bus';
import { portalStates, type Standing } from './observation';

/** A command that took effect, as its connector is asked about it: what it takes to name what it began at the outside system. */
export interface FollowedCommand {
  transactionId: string;
  client: string;
  idempotencyKey: string;
  agency?: string;
  dossier?: string;
  linkedDossier?: string;
  procedure?: string;
}

/** What a connector answers of one of them. */
export interface CommandProgress extends Standing {
  transactionId: string;
}

/** What is asked of a list of changes. */
export interface FeedQuestion {
  /** Most changes. */
  limit: number;
}

/** One change of such a list, and the word by which it is acknowledged. */
export interface FeedChange extends Standing {
  token: string;
}

export interface FeedPage {
  changes: FeedChange[];
  /** Whether there are others. */
  more: boolean;
}

/** The changes of these tokens are durable here, and need not be listed again. */
export interface FeedAcknowledgement {
  tokens: string[];
}

/** Beside the subject of an operation: where a connector answers how its commands fare. */
export const progressSuffix = '.progress';
/** Beside `lgsp.<system>.v<major>.<list>`: where a page of a list of changes is read, and acknowledged. */
export const feedSuffix = '.feed';
export const acknowledgeSuffix = '.acknowledge';

const feedShape = new RegExp(`^${subjectRoot}\\.([a-z][a-z0-9-]*)\\.v[1-9][0-9]?\\.([a-z][a-z0-9-]*)\\.feed$`);

/** The system and the name of a list by its subject; undefined when it is none. */
export function parseFeedSubject(subject: string): { system: string; feed: string } | undefined {
  const match = feedShape.exec(subject);
  return match ? { system: match[1]!, feed: match[2]! } : undefined;
}

const textMax = 255;
const timeForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= textMax;

/** The name of the field that is missing or malformed; undefined when none is. */
export function standingFault(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'it is no object';
  const { reference, state, upstreamState, portalState, final, at, dossier, linkedDossier } =
    value as Partial<Standing>;
  if (!isText(reference)) return 'reference';
  if (!isText(state)) return 'state';
  if (!isText(upstreamState)) return 'upstreamState';
  if (portalState !== undefined && !portalStates.includes(portalState)) return 'portalState';
  if (typeof final !== 'boolean') return 'final';
  if (!isText(at) || !timeForm.test(at) || Number.isNaN(Date.parse(at))) return 'at';
  if (dossier !== undefined && !isText(dossier)) return 'dossier';
  return linkedDossier !== undefined && !isText(linkedDossier) ? 'linkedDossier' : undefined;
}

/** Only the fields that are known: whatever else a connector says goes no further. */
export function standingOf(told: Standing): Standing {
  const { reference, state, upstreamState, portalState, final, at, dossier, linkedDossier } = told;
  return { reference, state, upstreamState, portalState, final, at, dossier, linkedDossier };
}
