import { drawTable, sumUp } from './demo.table';

const results = [
  { operation: 'payment.create-payment', code: 'ok', ms: 10 },
  { operation: 'payment.create-payment', code: 'outcome-unknown', ms: 30 },
  { operation: 'payment.get-receipt', code: 'not-found', ms: 20 },
  { operation: 'land.get-parcel', code: 'no-answer', ms: 5 },
  { operation: 'land.get-parcel', code: 'operation-not-granted', ms: 1 },
];

it('sums up by system and operation, with everything at the end', () => {
  expect(sumUp(results).map(({ name, calls, outcomes }) => ({ name, calls, outcomes }))).toEqual([
    { name: 'land', calls: 2, outcomes: { unanswered: 1, refused: 1 } },
    { name: 'land.get-parcel', calls: 2, outcomes: { unanswered: 1, refused: 1 } },
    { name: 'payment', calls: 3, outcomes: { succeeded: 1, unknown: 1, 'not-found': 1 } },
    { name: 'payment.create-payment', calls: 2, outcomes: { succeeded: 1, unknown: 1 } },
    { name: 'payment.get-receipt', calls: 1, outcomes: { 'not-found': 1 } },
    { name: 'all', calls: 5, outcomes: { succeeded: 1, unknown: 1, 'not-found': 1, unanswered: 1, refused: 1 } },
  ]);
});

it('draws only the outcomes that occurred', () => {
  const [head, , ...lines] = drawTable(sumUp(results.slice(0, 2))).split('\n');
  expect(head).toMatch(/^ +calls +succeeded +unknown +p50 ms +p95 ms$/);
  expect(lines[0]).toMatch(/^payment +2 +1 +1 +30\.0 +30\.0$/);
  expect(lines[1]).toMatch(/^ {2}create-payment +2/);
});
