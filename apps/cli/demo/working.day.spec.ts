import { Population } from '../../sandbox/people/population';
import { workingDay } from './working.day';

it('goes to all ten systems', () => {
  const day = [...workingDay(new Population(31, 500).people, 3_000)];
  const systems = new Set(day.map(({ first }) => first.operation.split('.')[0]!));
  expect([...systems].toSorted()).toEqual([
    'budget-code',
    'business-registration',
    'civil-registry',
    'health-insurance',
    'judicial-records',
    'land',
    'national-portal',
    'payment',
    'population',
    'vnpost',
  ]);
});
