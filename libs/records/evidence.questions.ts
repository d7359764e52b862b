import type { EvidenceJwk } from './evidence.key';
import type { TrailEntry } from './trail.check';

/** The stream of seals: one chain, in which the number of a seal is its position. */
export const sealStream = { name: 'SEALS', subject: 'lgsp.seals' } as const;

/** Asks for what stood in the stream in a period: its first page without positions, the further ones with. */
export interface EvidenceRequest {
  /** Days of Vietnam, both in it; all there ever was when they are left out. */
  from?: string;
  to?: string;
  /** After this position, and through the other: those of the first page, then the last position that was given. */
  after?: number;
  through?: number;
}

export interface EvidencePage {
  /** When the stream was made: which stream it is. */
  stream: string;
  after: number;
  through: number;
  /** How many seals there are: a file has these, and none that is made while it is written. */
  seals: number;
  /** In the order of their positions; none when there are no more. */
  entries: TrailEntry[];
}

export interface SealsRequest {
  /** Seals after this number; or from the first on that reaches beyond this position. */
  after?: number;
  beyond?: number;
}

export interface SealsPage {
  /** Texts of signed seals, in the order of the chain; none when there are no more. */
  seals: string[];
}

/** Asks for the seal that closes a file of these days and positions, and of the chain of seals up to this number. */
export interface ClosingRequest extends Required<EvidenceRequest> {
  seals: number;
}

export interface ClosingSeal {
  /** Text of the signed seal. */
  seal: string;
}

/** Most keys that are asked for at once. */
export const evidenceKeysMax = 200;

export interface EvidenceKeysRequest {
  kids: string[];
}

export interface EvidenceKeysAnswer {
  /** Those that are published. */
  keys: EvidenceJwk[];
}
