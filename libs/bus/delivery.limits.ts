/**
 * How an operation's commands are sent when their callers do not wait: what it may say of itself (docs/protocol.md), and what
 * counts where it says nothing.
 */

/** 12 attempts with growing pauses are some 40 minutes; three days cover a weekend. */
export const attemptsMaxDefault = 12;
export const ageMaxMsDefault = 3 * 86_400_000;
/** An operation may say so much. The age is below the time for which answers are kept under their keys, seven days. */
export const attemptsMaxLimit = 100;
export const ageMaxMsLimit = 6 * 86_400_000;
export const ageMaxMsLeast = 60_000;
