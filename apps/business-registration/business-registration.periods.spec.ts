import fc from 'fast-check';
import { periodDaysMax } from './business-registration.messages';
import { cursorOf, firstWindow, nextWindow, positionAt, type Position } from './business-registration.periods';

const dayMs = 86_400_000;
const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);
const daysOf = ({ from, to }: { from: string; to: string }): number => (Date.parse(to) - Date.parse(from)) / dayMs + 1;

/** Periods that begin on any day from 2020 to 2035, so that leap days and ends of years are among them. */
const periods = fc
  .tuple(fc.integer({ min: 18_262, max: 24_000 }), fc.integer({ min: 0, max: periodDaysMax - 1 }))
  .map(([first, length]) => ({ from: dateOf(first), to: dateOf(first + length) }));
const windowDays = fc.integer({ min: 1, max: 31 });

function windowsOf(period: { from: string; to: string }, days: number): Position[] {
  const windows: Position[] = [];
  for (let at: Position | undefined = firstWindow(period, days); at; at = nextWindow(at, period, days))
    windows.push(at);
  return windows;
}

it('windows cover a period without a gap and without overlapping, none longer than it may be', () => {
  const property = fc.property(periods, windowDays, (period, days) => {
    const windows = windowsOf(period, days);
    expect([windows[0]!.from, windows.at(-1)!.to]).toEqual([period.from, period.to]);
    expect(windows.every((window) => daysOf(window) <= days && daysOf(window) >= 1)).toBe(true);
    expect(windows.reduce((sum, window) => sum + daysOf(window), 0)).toBe(daysOf(period));
    for (const [index, window] of windows.slice(1).entries()) {
      expect(Date.parse(window.from) - Date.parse(windows[index]!.to)).toBe(dayMs);
    }
  });
  fc.assert(property);
});

it('a cursor leads back to where the reading stood, in its own period only', () => {
  const property = fc.property(periods, windowDays, fc.nat(), fc.nat(999), (period, days, nth, offset) => {
    const windows = windowsOf(period, days);
    const position = { ...windows[nth % windows.length]!, offset };
    const cursor = cursorOf(position);
    expect(positionAt(cursor, period, days)).toEqual(position);
    const later = { from: dateOf(Date.parse(period.to) / dayMs + 1), to: dateOf(Date.parse(period.to) / dayMs + 9) };
    expect(positionAt(cursor, later, days)).toBeUndefined();
  });
  fc.assert(property);
});

it('no other text is a cursor', () => {
  const property = fc.property(periods, windowDays, fc.string(), (period, days, text) => {
    expect(positionAt(text, period, days)).toBeUndefined();
  });
  fc.assert(property);
  expect(
    positionAt(Buffer.from('2026-13-45.0').toString('base64url'), { from: '2026-01-01', to: '2026-12-31' }, 5),
  ).toBeUndefined();
});

it('splits eleven days as five, five and one', () => {
  expect(windowsOf({ from: '2026-02-26', to: '2026-03-08' }, 5).map(({ from, to }) => `${from} ${to}`)).toEqual([
    '2026-02-26 2026-03-02',
    '2026-03-03 2026-03-07',
    '2026-03-08 2026-03-08',
  ]);
});
