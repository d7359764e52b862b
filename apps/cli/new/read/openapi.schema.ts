import type { FieldDraft, FieldType, JsonValue } from '../draft';
import { UsageError } from '../../settings';
import { withExample } from './example.value';
import { distinct, ourName, ourValues } from './field.names';
import { LeftOut, type MessageShelf } from './message.shelf';

export type Json = Record<string, unknown>;

/** Longest text and list of an input for which the file names none. */
const lengthMaxDefault = 500;
const itemsMaxDefault = 1_000;
const depthMax = 20;

const formats: Record<string, FieldType> = {
  date: 'date',
  'date-time': 'date-time',
  email: 'email',
  uri: 'url',
  url: 'url',
  uuid: 'uuid',
  byte: 'base64',
};

export const recordOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined;
const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** Reads the schemas of one OpenAPI document into fields and message classes. */
export class SchemaReader {
  constructor(
    private readonly document: Json,
    private readonly shelf: MessageShelf,
  ) {}

  /** Follows `$ref` within the document. @throws UsageError where it leads outside or in a circle */
  resolve(value: unknown, depth = 0): Json {
    const schema = recordOf(value);
    const reference = textOf(schema['$ref']);
    if (reference === undefined) return schema;
    if (!reference.startsWith('#/') || depth > depthMax) {
      throw new UsageError(`the reference ${reference} leads out of the file or in a circle: bundle the file first`);
    }
    const steps = reference.slice(2).split('/');
    const found = steps.reduce<unknown>(
      (at, step) => recordOf(at)[decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')],
      this.document,
    );
    if (found === undefined) throw new UsageError(`the reference ${reference} leads nowhere`);
    return this.resolve(found, depth + 1);
  }

  /** The fields of an object. @param theirs name that a nested class without a name of its own gets */
  fieldsOf(value: unknown, theirs: string, into: 'input' | 'output'): FieldDraft[] {
    const { properties, required } = this.objectOf(value);
    const used = new Set<string>();
    const writeOnly = into === 'input' ? 'readOnly' : 'writeOnly';
    return Object.entries(properties)
      .filter(([, property]) => this.resolve(property)[writeOnly] !== true)
      .map(([name, property]) => {
        const ours = distinct(used, ourName(name));
        return this.field({ theirs: name, ours, required: required.has(name), within: theirs }, property, into);
      });
  }

  field(
    { theirs, ours, required, within }: { theirs: string; ours: string; required: boolean; within: string },
    value: unknown,
    into: 'input' | 'output',
  ): FieldDraft {
    const outer = this.one(value);
    const list = typesOf(outer).includes('array');
    const schema = list ? this.one(outer['items']) : outer;
    if (list && typesOf(schema).includes('array')) throw new LeftOut(`${theirs} is a list of lists`);
    const nullable = outer['nullable'] === true || typesOf(outer).includes('null');
    const type = this.typeOf(schema);
    const source = this.resolve(list ? outer['items'] : value);
    const nested = `${within} ${this.nameOf(list ? recordOf(outer)['items'] : value) ?? theirs}`;
    const of =
      type === 'message'
        ? this.shelf.classOf(
            source,
            this.nameOf(list ? recordOf(outer)['items'] : value) ?? nested,
            () => this.fieldsOf(source, nested, into),
            textOf(schema['description']),
          )
        : undefined;
    const itemsMax = numberOf(outer['maxItems']) ?? (into === 'input' ? itemsMaxDefault : undefined);
    return withExample(
      {
        name: ours,
        theirs,
        type,
        list,
        of,
        required: required && !nullable,
        description: textOf(outer['description']) ?? textOf(schema['description']),
        ...boundsOf(schema, type, into),
        ...(list ? { itemsMax } : {}),
      },
      list ? [...listOf(outer['example']), ...examplesOf(schema)] : examplesOf(schema),
    );
  }

  /** Whether the answer is an object, a bare list, or what no message can hold. */
  shapeOf(value: unknown): 'object' | 'list' | undefined {
    const types = typesOf(this.one(value));
    if (types.includes('array')) return 'list';
    return types.includes('object') ? 'object' : undefined;
  }

  private typeOf(schema: Json): FieldType {
    const types = typesOf(schema);
    if (types.includes('object')) {
      return Object.keys(this.objectOf(schema).properties).length > 0 ? 'message' : 'anything';
    }
    if (types.includes('integer')) return 'integer';
    if (types.includes('number')) return 'number';
    if (types.includes('boolean')) return 'boolean';
    if (types.includes('string')) return formats[textOf(schema['format']) ?? ''] ?? 'text';
    return 'anything';
  }

  /** Of `oneOf` and `anyOf` the first that is no null; parts of `allOf` as one. */
  private one(value: unknown): Json {
    const schema = this.resolve(value);
    const choice = [...listOf(schema['oneOf']), ...listOf(schema['anyOf'])].map((each) => this.resolve(each));
    const chosen = choice.find((each) => !typesOf(each).includes('null') || typesOf(each).length > 1);
    if (chosen) return { ...schema, ...this.one(chosen) };
    const parts = listOf(schema['allOf']);
    return parts.length === 0 ? schema : { ...schema, ...Object.assign({}, ...parts.map((part) => this.one(part))) };
  }

  private objectOf(value: unknown, depth = 0): { properties: Json; required: Set<unknown> } {
    if (depth > depthMax) throw new LeftOut('its message is made of itself');
    const schema = this.resolve(value);
    const parts = [...listOf(schema['allOf']), ...[...listOf(schema['oneOf']), ...listOf(schema['anyOf'])].slice(0, 1)];
    const all = parts.map((part) => this.objectOf(part, depth + 1));
    return {
      properties: Object.assign({}, ...all.map(({ properties }) => properties), recordOf(schema['properties'])) as Json,
      required: new Set([...all.flatMap(({ required }) => [...required]), ...listOf(schema['required'])]),
    };
  }

  private nameOf(value: unknown): string | undefined {
    return textOf(recordOf(value)['$ref'])?.split('/').pop();
  }
}

function typesOf(schema: Json): unknown[] {
  const said = schema['type'];
  if (Array.isArray(said)) return said;
  if (typeof said === 'string') return [said];
  if ('properties' in schema || 'allOf' in schema || 'additionalProperties' in schema) return ['object'];
  if ('items' in schema) return ['array'];
  const [first] = listOf(schema['enum']);
  return first === undefined ? [] : [typeof first === 'number' ? 'integer' : 'string'];
}

const examplesOf = (schema: Json): JsonValue[] =>
  [schema['example'], ...listOf(schema['examples']), schema['default'], schema['const']].filter(
    (value): value is JsonValue => value !== undefined && value !== null,
  );

function boundsOf(schema: Json, type: FieldType, into: 'input' | 'output'): Partial<FieldDraft> {
  const values = listOf(schema['enum']).filter((value): value is string | number => value !== null);
  if (values.length > 0 && type === 'integer') return { values };
  if (values.length > 0 && type !== 'boolean') return ourValues(values.map(String));
  if (type === 'integer' || type === 'number') {
    return { least: numberOf(schema['minimum']), most: numberOf(schema['maximum']) };
  }
  if (type !== 'text') return {};
  return {
    lengthMin: numberOf(schema['minLength']),
    lengthMax: numberOf(schema['maxLength']) ?? (into === 'input' ? lengthMaxDefault : undefined),
    pattern: textOf(schema['pattern']),
  };
}
