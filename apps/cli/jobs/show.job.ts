import type { Settings } from '../settings';
import { withCourier } from './courier.access';
import { drawJob } from './job.drawing';

/** Asks about one job, and shows it. */
export function askFor(settings: Settings, subject: string, question: object, json?: boolean): Promise<void> {
  return withCourier(settings, async (ask) => {
    const view = await ask<object>(subject, question);
    write(json ? JSON.stringify(view, null, 2) : drawJob(view));
  });
}

export const write = (text: string): void => void process.stdout.write(`${text}\n`);
