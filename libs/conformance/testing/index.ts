/** Schemas, changes of them and values by them, all by chance and each by a number: for property tests of the comparison. */

export type Schema = Record<string, unknown>;

/** A sequence of numbers that is the same for the same seed. */
export class Chance {
  constructor(private state: number) {}

  /** 0 to below `count`. */
  below(count: number): number {
    // Numerical Recipes' generator: what counts is that it is repeatable.
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.state / 2 ** 32) * count);
  }

  yes(oneIn = 2): boolean {
    return this.below(oneIn) === 0;
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

const names = ['a', 'b', 'c', 'd', 'e/f'];
const words = ['red', 'green', 'blue', 'white'];

/** A closed schema, as inputs are: what it does not name it refuses. */
function randomSchema(chance: Chance, depth = 3): Schema {
  const kinds =
    depth > 0 ? ['object', 'object', 'array', 'text', 'number', 'words', 'either', 'flag'] : ['text', 'words'];
  switch (chance.of(kinds)) {
    case 'object':
      return randomObject(chance, depth);
    case 'array':
      return { type: 'array', items: randomSchema(chance, depth - 1), ...randomBounds(chance, 'minItems', 'maxItems') };
    case 'number':
      return { type: chance.of(['integer', 'number']), ...randomBounds(chance, 'minimum', 'maximum') };
    case 'words':
      return { type: 'string', enum: words.slice(0, 1 + chance.below(words.length)) };
    case 'either':
      return { anyOf: [randomSchema(chance, 0), { type: 'integer', ...randomBounds(chance, 'minimum', 'maximum') }] };
    case 'flag':
      return { type: 'boolean' };
    default:
      return { type: 'string', ...randomBounds(chance, 'minLength', 'maxLength') };
  }
}

export function randomObject(chance: Chance, depth = 3): Schema {
  const fields = names.filter(() => chance.yes());
  const properties = Object.fromEntries(fields.map((name) => [name, randomSchema(chance, depth - 1)]));
  return { type: 'object', properties, required: fields.filter(() => chance.yes()), additionalProperties: false };
}

function randomBounds(chance: Chance, least: string, most: string): Schema {
  const bound = chance.below(4);
  return { ...(chance.yes() ? { [least]: bound } : {}), ...(chance.yes() ? { [most]: bound + chance.below(4) } : {}) };
}

/** The schema with one change somewhere in it, of which about half break nobody. */
export function changed(schema: Schema, chance: Chance): Schema {
  const { type, properties, items } = schema;
  if (type === 'array' && chance.yes()) return { ...schema, items: changed(items as Schema, chance) };
  if (type === 'object') return changedObject(schema, properties as Record<string, Schema>, chance);
  if (chance.yes(8)) return randomSchema(chance, 1);
  const bounds = ['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems'].filter((it) => it in schema);
  if (bounds.length > 0) {
    const bound = chance.of(bounds);
    const { [bound]: value, ...rest } = schema;
    return chance.yes(3) ? rest : { ...schema, [bound]: Math.max(0, (value as number) + chance.of([-1, 1, 2])) };
  }
  if ('enum' in schema) return { ...schema, enum: words.slice(0, 1 + chance.below(words.length)) };
  if ('anyOf' in schema) {
    const [one, other] = schema['anyOf'] as Schema[];
    return { anyOf: chance.yes() ? [other, one] : [one, changed(other!, chance)] };
  }
  return type === 'integer' ? { ...schema, type: 'number' } : { ...schema };
}

function changedObject(schema: Schema, properties: Record<string, Schema>, chance: Chance): Schema {
  const fields = Object.keys(properties);
  const required = schema['required'] as string[];
  const absent = names.filter((name) => !fields.includes(name));
  if (fields.length === 0 || (absent.length > 0 && chance.yes(3))) {
    const name = chance.of(absent);
    const further = { ...properties, [name]: randomSchema(chance, 1) };
    return { ...schema, properties: further, required: chance.yes(4) ? [...required, name] : required };
  }
  const name = chance.of(fields);
  if (chance.yes(8)) {
    const { [name]: _gone, ...rest } = properties;
    return { ...schema, properties: rest, required: required.filter((it) => it !== name) };
  }
  if (chance.yes(3)) {
    const without = required.filter((it) => it !== name);
    return { ...schema, required: without.length < required.length ? without : [...required, name] };
  }
  return { ...schema, properties: { ...properties, [name]: changed(properties[name]!, chance) } };
}

/** A value that is valid by the schema, often at its edges; undefined when its bounds leave none. */
export function randomValue(schema: Schema, chance: Chance): unknown {
  const { type, properties, required, items, anyOf } = schema;
  if (Array.isArray(anyOf)) return randomValue(chance.of(anyOf as Schema[]), chance);
  if (Array.isArray(schema['enum'])) return chance.of(schema['enum'] as unknown[]);
  if (type === 'boolean') return chance.yes();
  if (type === 'integer') return randomCount(schema, 'minimum', 'maximum', chance);
  if (type === 'number') {
    const count = randomCount(schema, 'minimum', 'maximum', chance);
    return count === undefined || schema['maximum'] === count ? count : count + chance.of([0, 0.5]);
  }
  if (type === 'string') {
    const length = randomCount(schema, 'minLength', 'maxLength', chance);
    return length === undefined ? undefined : 'x'.repeat(length);
  }
  if (type === 'array') {
    const length = randomCount(schema, 'minItems', 'maxItems', chance);
    if (length === undefined) return undefined;
    const list = Array.from({ length }, () => randomValue(items as Schema, chance));
    return list.includes(undefined) ? undefined : list;
  }
  const entries = Object.entries(properties as Record<string, Schema>).flatMap(([name, field]): [string, unknown][] => {
    const isRequired = (required as string[]).includes(name);
    return isRequired || chance.yes() ? [[name, randomValue(field, chance)]] : [];
  });
  return entries.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(entries);
}

function randomCount(schema: Schema, least: string, most: string, chance: Chance): number | undefined {
  const from = (schema[least] as number | undefined) ?? 0;
  const to = (schema[most] as number | undefined) ?? from + 6;
  return to < from ? undefined : chance.of([from, to, from + chance.below(to - from + 1)]);
}
