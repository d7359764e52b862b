import type { BusEvent, PlacedEvent } from '#lgsp/events';

/** An event as its client sees it, with the cursor by which reading goes on after it. */
export interface EventView extends BusEvent {
  cursor: string;
}

export interface EventPage {
  events: EventView[];
  /** To ask with next: also beyond events that the question left out. */
  cursor: string;
}

export const viewOf = ({ sequence, event }: PlacedEvent): EventView => ({ cursor: String(sequence), ...event });
