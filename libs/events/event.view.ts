import type { BusEvent } from './event';
import type { PlacedEvent } from './event.log';

/** An event as its client sees it, with the cursor by which reading goes on after it. */
export interface EventView extends BusEvent {
  cursor: string;
}

export const eventView = ({ sequence, event }: PlacedEvent): EventView => ({ cursor: String(sequence), ...event });
