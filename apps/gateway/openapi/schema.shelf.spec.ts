import { SchemaShelf } from './schema.shelf';

const shelved = (schema: unknown): Record<string, unknown> => {
  const shelf = new SchemaShelf();
  expect(shelf.add('a.b.input', schema)).toEqual({ $ref: '#/components/schemas/a.b.input' });
  return shelf.schemas;
};

it('puts definitions beside the schema, and references lead there', () => {
  const schema = {
    type: 'object',
    properties: { payer: { $ref: '#/$defs/Payer' }, fees: { type: 'array', items: { $ref: '#/$defs/Fee' } } },
    $defs: { Payer: { type: 'object', properties: { next: { $ref: '#/$defs/Payer' } } }, Fee: { type: 'object' } },
  };
  expect(shelved(schema)).toEqual({
    'a.b.input': {
      type: 'object',
      properties: {
        payer: { $ref: '#/components/schemas/a.b.input.Payer' },
        fees: { type: 'array', items: { $ref: '#/components/schemas/a.b.input.Fee' } },
      },
    },
    'a.b.input.Payer': { type: 'object', properties: { next: { $ref: '#/components/schemas/a.b.input.Payer' } } },
    'a.b.input.Fee': { type: 'object' },
  });
});

it.each<[string, string, string | undefined]>([
  ['the schema itself', '#', '#/components/schemas/a.b.input'],
  ['a part of it', '#/properties/x', '#/components/schemas/a.b.input/properties/x'],
  ['a part of a definition', '#/$defs/D/properties/y', '#/components/schemas/a.b.input.D/properties/y'],
  ['a definition of the older word', '#/definitions/Old', '#/components/schemas/a.b.input.Old'],
  ['a definition with a strange name', '#/$defs/x~1y%20z', '#/components/schemas/a.b.input.x_2fy_20z'],
  ['a definition that is not there', '#/$defs/None', undefined],
  ['the prototype', '#/$defs/__proto__', undefined],
  ['another address', 'https://example.com/schema.json', undefined],
  ['a file', 'schema.json#/x', undefined],
  ['nothing that can be read', '#/%', undefined],
])('a reference to %s', (_name, reference, expected) => {
  const schemas = shelved({
    properties: { x: {}, tested: { $ref: reference } },
    $defs: { D: { properties: { y: {} } }, 'x/y z': {} },
    definitions: { Old: {} },
  });
  const { properties } = schemas['a.b.input'] as { properties: { tested: object } };
  expect(properties.tested).toEqual(expected === undefined ? {} : { $ref: expected });
});

it.each<[string, unknown, unknown]>([
  ['nothing', undefined, {}],
  ['a text', 'x', {}],
  ['a list', [{}], {}],
  ['true', true, true],
  ['an address of its own', { $id: 'https://x', $schema: 'https://y', type: 'object' }, { type: 'object' }],
  ['properties that are none', { properties: 5, items: 'x' }, { properties: {}, items: {} }],
  ['a property called $ref', { properties: { $ref: { type: 'string' }, a: {} } }, { properties: { a: {} } }],
  ['data that looks like a reference', { enum: [{ $ref: 'https://x', a: 1 }] }, { enum: [{ a: 1 }] }],
])('takes %s', (_name, schema, expected) => {
  expect(shelved(schema)).toEqual({ 'a.b.input': expected });
});

it('leaves names that JavaScript knows alone', () => {
  const schema = JSON.parse('{"properties":{"__proto__":{"type":"string"},"constructor":{}}}') as object;
  expect(JSON.stringify(shelved(schema))).toBe(`{"a.b.input":${JSON.stringify(schema)}}`);
});
