import { BusError } from '#lgsp/errors';
import { ledgerFailure } from './ledger.failure';

it.each([
  ['connector-unavailable', 'the ledger does not run'],
  ['deadline-exceeded', 'the ledger did not answer in time'],
] as const)('%s of the ledger is no fault of an outside system', (code, why) => {
  const thrown = new BusError(code);
  const failure = ledgerFailure(thrown);
  expect(failure).toMatchObject({ code: 'ledger-unavailable', retryAfterMs: 2_000, cause: thrown });
  expect(failure.detail?.en).toContain(why);
});

it('what the ledger itself says is passed on', () => {
  const refused = new BusError('unknown-transaction');
  expect(ledgerFailure(refused)).toBe(refused);
  expect(ledgerFailure(new TypeError('a mistake')).code).toBe('internal');
});
