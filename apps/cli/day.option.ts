import { InvalidArgumentError } from 'commander';
import { parseFullDate } from '#lgsp/vietnam';

/** A day in Vietnam as an option of a command, `2026-11-24`. */
export function dayOption(text: string): string {
  if (!parseFullDate(text).ok) throw new InvalidArgumentError('it must be a day, yyyy-MM-dd');
  return text;
}
