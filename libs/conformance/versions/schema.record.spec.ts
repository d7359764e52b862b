import { breaksOf, breakText, recordText, schemasOf, type RecordedSchemas } from './schema.record';

const today = '2026-11-25';
const subject = 'lgsp.forms.v1.get-form';
const input = {
  type: 'object',
  properties: { number: { type: 'string' } },
  required: ['number'],
  additionalProperties: false,
};
const output = { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] };
const described = (change: Record<string, string> = {}): RecordedSchemas =>
  schemasOf([
    {
      subject,
      metadata: {
        version: '1.4.0',
        kind: 'query',
        requires: '["officer"]',
        input: JSON.stringify(input),
        output: JSON.stringify(output),
        ...change,
      },
    },
  ]);
const found = (before: RecordedSchemas, after: RecordedSchemas): string[] =>
  breaksOf(before, after, today).map(({ path, rule }) => `${path} ${rule}`);

it('records what callers rely on, without what is only said of it', () => {
  const noted = { ...input, title: 'Question', properties: { number: { type: 'string', description: 'of the form' } } };
  expect(described({ input: JSON.stringify(noted) })).toEqual(described());
  // A field may be called as a note is.
  const named = { type: 'object', properties: { title: { type: 'string', title: 'x' }, example: {} } };
  expect(described({ input: JSON.stringify(named) })[subject]!.input).toEqual({
    type: 'object',
    properties: { title: { type: 'string' }, example: {} },
  });
  expect(recordText({ b: described()[subject]!, a: described()[subject]! })).toBe(
    recordText({ a: described()[subject]!, b: described()[subject]! }),
  );
});

it('what is added breaks nobody', () => {
  const wider = { ...input, properties: { ...input.properties, language: { type: 'string' } } };
  const richer = {
    ...output,
    properties: { ...output.properties, pages: { type: 'integer' } },
    required: ['title', 'pages'],
  };
  const change = { version: '1.5.0', input: JSON.stringify(wider), output: JSON.stringify(richer), requires: '[]' };
  expect(found(described(), { ...described(change), 'lgsp.forms.v2.get-form': described()[subject]! })).toEqual([]);
});

it.each([
  ['another kind', { kind: 'command' }, ['operation kind']],
  ['a context that is newly required', { requires: 'officer, dossier' }, ['operation requires']],
  [
    'a required field of the input',
    { input: JSON.stringify({ ...input, required: ['number', 'year'] }) },
    ['input/year required'],
  ],
  [
    'a field of the output that is gone',
    { output: '{"type":"object"}' },
    ['output/title required', 'output/title field-removed'],
  ],
])('names %s', (_name, change, expected) => {
  expect(found(described(), described(change as Record<string, string>))).toEqual(expected);
});

it('says it in one line, with the field and the way out', () => {
  const after = described({ input: JSON.stringify({ ...input, properties: { number: { type: 'integer' } } }) });
  expect(breaksOf(described(), after, today).map(breakText)).toEqual([
    'lgsp.forms.v1.get-form: input/number no longer takes ["string"] (type): ' +
      'a change that breaks callers is another major version (CONTRIBUTING.md)',
  ]);
});

it('an operation may go once the day has come that was recorded, and not before', () => {
  const until = (sunsetOn?: string): RecordedSchemas => described(sunsetOn ? { sunsetOn } : {});
  expect(found(until(), {})).toEqual(['operation operation-removed']);
  expect(found(until('2026-11-26'), {})).toEqual(['operation operation-removed']);
  expect(found(until(today), {})).toEqual([]);
  expect(found(until('2027-06-01'), until('2027-01-01'))).toEqual(['operation sunset-earlier']);
  expect(found(until('2027-01-01'), until('2027-06-01'))).toEqual([]);
});
