import { recordOf, textOf } from './json.reading';
import { refusalOf } from './refusal';

it.each([
  ['401', 'upstream-fault', undefined],
  ['500', 'upstream-fault', undefined],
  ['17', 'upstream-rejected', [{ path: '/name', rule: 'upstream-field', message: 'no' }]],
])('reads the code %s as %s', (code, meant, errors) => {
  const codes = { credentialCodes: ['401'], faultCodes: ['500', '503'] };
  const named = [{ path: '/name', rule: 'upstream-field', message: 'no' }];
  const refusal = refusalOf({ code, message: 'its words' }, codes, named);
  expect(refusal).toMatchObject({ code: meant, upstream: { code, message: 'its words' } });
  expect(refusal.errors).toEqual(errors);
});

it('reads text, numbers, and what is not there', () => {
  expect([' 7 ', 7, 0].map(textOf)).toEqual(['7', '7', '0']);
  expect(['', '  ', null, undefined, true, {}].filter((nothing) => textOf(nothing) !== undefined)).toEqual([]);
  expect([{ a: 1 }, null, 'text', undefined].map(recordOf)).toEqual([{ a: 1 }, {}, {}, {}]);
});
