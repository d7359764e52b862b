import { Ajv2020 } from 'ajv/dist/2020';
import fc from 'fast-check';
import { Chance, changed, randomObject, randomValue, type Schema } from '../testing';
import { breaksOfSchema } from './schema.comparison';

const seeds = fc.integer({ min: 1, max: 2 ** 31 });
const valuesPerPair = 20;
const compiler = new Ajv2020({ strict: false, validateSchema: false });

const before = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 2, maxLength: 20 },
    sex: { type: 'string', enum: ['male', 'female'] },
    count: { type: 'integer', minimum: 0, maximum: 9 },
    parents: { type: 'array', maxItems: 2, items: { $ref: '#/$defs/Parent' } },
    code: { type: 'string', pattern: '^[A-Z]+$' },
  },
  required: ['name'],
  additionalProperties: false,
  $defs: { Parent: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } },
};
/** `before` with its fields changed. */
const withFields = (fields: Record<string, unknown>, rest: object = {}): Schema => ({
  ...before,
  properties: { ...before.properties, ...fields },
  ...rest,
});
const without = (name: keyof typeof before.properties): Schema => {
  const { [name]: _gone, ...properties } = before.properties;
  return { ...before, properties, required: before.required.filter((it) => it !== name) };
};
const parent = (schema: object): Schema => ({ ...before, $defs: { Parent: schema } });

describe('what breaks whom', () => {
  // The change, and what it breaks as an input and as an output; nothing where it is left out.
  it.each<[string, Schema, { input?: string; output?: string }]>([
    ['nothing changes', before, {}],
    ['an optional field comes', withFields({ more: { type: 'string' } }), {}],
    ['a required field comes', withFields({ more: {} }, { required: ['name', 'more'] }), { input: 'required /more' }],
    ['a field becomes required', { ...before, required: ['name', 'sex'] }, { input: 'required /sex' }],
    ['a field becomes optional', { ...before, required: [] }, { output: 'required /name' }],
    ['an optional field goes', without('code'), { input: 'field-removed /code', output: 'field-removed /code' }],
    ['a type changes', withFields({ count: { type: 'string' } }), { input: 'type /count', output: 'type /count' }],
    [
      'a whole number may be any',
      withFields({ count: { type: 'number', minimum: 0, maximum: 9 } }),
      { output: 'type /count' },
    ],
    ['a value comes', withFields({ sex: { type: 'string', enum: ['male', 'female', 'x'] } }), { output: 'enum /sex' }],
    ['a value goes', withFields({ sex: { type: 'string', enum: ['male'] } }), { input: 'enum /sex' }],
    [
      'a list becomes shorter',
      withFields({ parents: { ...before.properties.parents, maxItems: 1 } }),
      { input: 'maxItems /parents' },
    ],
    [
      'a text may be longer',
      withFields({ name: { type: 'string', minLength: 2, maxLength: 30 } }),
      { output: 'maxLength /name' },
    ],
    ['a bound goes', withFields({ count: { type: 'integer', minimum: 0 } }), { output: 'maximum /count' }],
    [
      'a pattern changes',
      withFields({ code: { type: 'string', pattern: '^[a-z]+$' } }),
      { input: 'pattern /code', output: 'pattern /code' },
    ],
    ['a pattern goes', withFields({ code: { type: 'string' } }), { output: 'pattern /code' }],
    [
      'something in a definition changes',
      parent({ type: 'object', properties: { name: { type: 'integer' } }, required: ['name'] }),
      { input: 'type /parents/*/name', output: 'type /parents/*/name' },
    ],
    [
      'an alternative comes',
      withFields({ count: { anyOf: [before.properties.count, { type: 'string' }] } }),
      { output: 'type /count' },
    ],
  ])('%s', (_name, after, expected) => {
    for (const direction of ['input', 'output'] as const) {
      const [found, ...more] = breaksOfSchema(direction, before, after);
      expect(found && `${found.rule} ${found.path}`).toBe(expected[direction]);
      expect(more.filter(({ rule }) => rule !== 'minimum' && rule !== 'maximum')).toEqual([]);
    }
  });

  const map = (of: object): Schema => ({ type: 'object', additionalProperties: of });
  it.each<[string, Schema, Schema, { input?: string; output?: string }]>([
    [
      'an open input is closed',
      { type: 'object' },
      { type: 'object', additionalProperties: false },
      { input: 'additionalProperties ' },
    ],
    [
      'the values of a map change',
      map({ type: 'string' }),
      map({ type: 'boolean' }),
      { input: 'type /*', output: 'type /*' },
    ],
    ['a step grows', { multipleOf: 5 }, { multipleOf: 10 }, { input: 'multipleOf ' }],
    ['items become unlike', {}, { uniqueItems: true }, { input: 'uniqueItems ' }],
    ['a constant takes the place of some words', { enum: ['a', 'b'] }, { const: 'a' }, { input: 'enum ' }],
    [
      'a keyword that is not understood changes',
      { not: { const: 1 } },
      { not: { const: 2 } },
      { input: 'not ', output: 'not ' },
    ],
    [
      'what it refers to changes',
      { ...parent({}), oneOf: [{ $ref: '#/$defs/Parent' }] },
      { ...parent({ type: 'string' }), oneOf: [{ $ref: '#/$defs/Parent' }] },
      { input: 'oneOf ', output: 'oneOf ' },
    ],
  ])('%s', (_name, before, after, expected) => {
    for (const direction of ['input', 'output'] as const) {
      const found = breaksOfSchema(direction, before, after).at(-1);
      expect(found && `${found.rule} ${found.path}`).toBe(expected[direction]);
    }
  });

  it('follows a schema that refers to itself to its end', () => {
    const tree = (leaf: object): Schema => ({
      type: 'object',
      properties: { left: { $ref: '#' }, leaf },
      additionalProperties: false,
    });
    expect(breaksOfSchema('input', tree({ type: 'string' }), tree({ type: 'string' }))).toEqual([]);
    expect(breaksOfSchema('input', tree({ type: 'string' }), tree({ type: 'integer' }))).toMatchObject([
      { path: '/leaf', rule: 'type' },
    ]);
  });
});

describe('over random schemas and changes', () => {
  it('a schema never breaks its own callers', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const schema = randomObject(new Chance(seed));
        expect([breaksOfSchema('input', schema, schema), breaksOfSchema('output', schema, schema)]).toEqual([[], []]);
      }),
    );
  });

  it('what is called no break of an input takes every value that was taken', () => {
    expectSound('input', (before, after) => [before, after]);
  });

  it('what is called no break of an output answers only what was promised, and perhaps more', () => {
    expectSound('output', (before, after) => [after, opened(before)]);
  });

  it('two changes that break nobody break nobody together', () => {
    let tried = 0;
    fc.assert(
      fc.property(seeds, fc.constantFrom('input' as const, 'output' as const), (seed, direction) => {
        const chance = new Chance(seed);
        const first = randomObject(chance);
        const second = changed(first, chance);
        const third = changed(second, chance);
        if (breaksOfSchema(direction, first, second).length + breaksOfSchema(direction, second, third).length > 0)
          return;
        tried++;
        expect(breaksOfSchema(direction, first, third)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
    expect(tried).toBeGreaterThan(100);
  });
});

/** @param pick of which schema values are made, and by which they must be valid */
function expectSound(direction: 'input' | 'output', pick: (before: Schema, after: Schema) => [Schema, Schema]): void {
  const count = { compatible: 0, breaking: 0, values: 0 };
  fc.assert(
    fc.property(seeds, (seed) => {
      const chance = new Chance(seed);
      const before = randomObject(chance);
      const after = changed(before, chance);
      if (breaksOfSchema(direction, before, after).length > 0) {
        count.breaking++;
        return;
      }
      count.compatible++;
      const [made, checked] = pick(before, after);
      const validate = compiler.compile(checked);
      for (let nth = 0; nth < valuesPerPair; nth++) {
        const value = randomValue(made, chance);
        if (value === undefined) continue;
        count.values++;
        expect({ value, valid: validate(value), errors: validate.errors }).toMatchObject({ valid: true });
      }
    }),
    { numRuns: 300 },
  );
  // Both happen often, or nothing was tried.
  expect(Math.min(count.compatible, count.breaking)).toBeGreaterThan(50);
  expect(count.values).toBeGreaterThan(1_000);
}

/** Whoever reads an answer passes over fields that they do not know. */
function opened(schema: Schema): Schema {
  return openedPart(schema) as Schema;
}

function openedPart(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(openedPart);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { additionalProperties: _closed, ...rest } = schema as Schema;
  return Object.fromEntries(Object.entries(rest).map(([keyword, value]) => [keyword, openedPart(value)]));
}
