/** The states that the national portal knows of a dossier, by its numbers (1 newly registered … 10 result handed over). */
export const portalStates = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;
export type PortalState = (typeof portalStates)[number];

/** What is said of where something stands. */
export interface Standing {
  /** By what the outside system knows it: dossier code, payment reference, order number. */
  reference: string;
  /** In the words of the bus, kebab-case: `paid`, `supplement-required`. */
  state: string;
  /** As the outside system spells it. */
  upstreamState: string;
  /** The state of the national portal that it amounts to; absent where none does. */
  portalState?: PortalState;
  /** Whether no other state comes after it. */
  final: boolean;
  /** Since when it is so, ISO 8601 with offset +07:00; of two observations the later one holds. */
  at: string;
  /** The dossier, where the outside system names it. */
  dossier?: string;
  /** The other code of a dossier that has two. */
  linkedDossier?: string;
}

/**
 * What an outside system said of something that a command had begun there: a dossier, a payment, a parcel. It holds ids and
 * codes, and nothing of a person.
 */
export interface Observation extends Standing {
  system: string;
  /** How it was learned. */
  source: 'poll' | 'callback';
  /** The transaction whose command is followed, where it was asked about by that. */
  transactionId?: string;
}
