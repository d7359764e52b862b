import { isYoungerThan } from './child.age';

it.each([
  ['2020-11-30', '2026-11-29', true],
  ['2020-11-30', '2026-11-30', false],
  ['2020-12-01', '2026-11-30', true],
  ['2020-02-29', '2026-02-28', true],
  ['2020-02-29', '2026-03-01', false],
  ['2026-11-30', '2026-11-30', true],
])('born on %s, on %s under 6: %s', (birthDate, day, isUnder) => {
  expect(isYoungerThan(72, birthDate, day)).toBe(isUnder);
});
