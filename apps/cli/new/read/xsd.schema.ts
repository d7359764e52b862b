import type { FieldDraft, FieldType } from '../draft';
import { UsageError } from '../../settings';
import { withExample } from './example.value';
import { distinct, ourName, ourValues } from './field.names';
import { LeftOut, type MessageShelf } from './message.shelf';
import { recordOf, textOf, type Json } from './openapi.schema';

/** Longest text of an input for which the file names none. */
const lengthMaxDefault = 500;
const itemsMaxDefault = 1_000;
const depthMax = 20;

const integers = [
  'int',
  'integer',
  'long',
  'short',
  'byte',
  'positiveInteger',
  'nonNegativeInteger',
  'unsignedInt',
  'unsignedLong',
];
const types: Record<string, FieldType> = {
  ...Object.fromEntries(integers.map((name) => [name, 'integer' as const])),
  decimal: 'number',
  double: 'number',
  float: 'number',
  boolean: 'boolean',
  date: 'date',
  dateTime: 'date-time',
  anyURI: 'url',
  base64Binary: 'base64',
  anyType: 'anything',
};

/** One, several or none of an element, as a list. */
export function manyOf(node: unknown, name: string): Json[] {
  const found = recordOf(node)[name];
  if (found === undefined) return [];
  return (Array.isArray(found) ? found : [found]).map(recordOf);
}

/** `tns:Person` → `Person`. */
export const localName = (name: unknown): string => (textOf(name) ?? '').split(':').pop()!;

/** Reads the XML Schemas of one WSDL into fields and message classes. */
export class XsdReader {
  private readonly elements = new Map<string, Json>();
  private readonly types = new Map<string, Json>();

  constructor(
    schemas: readonly Json[],
    private readonly shelf: MessageShelf,
  ) {
    for (const schema of schemas) {
      for (const element of manyOf(schema, 'element')) this.elements.set(localName(element['@name']), element);
      for (const kind of ['complexType', 'simpleType'])
        for (const type of manyOf(schema, kind)) this.types.set(localName(type['@name']), type);
    }
  }

  /** The fields of a global element. @throws UsageError when the file does not hold it */
  fieldsOfElement(name: string, into: 'input' | 'output'): FieldDraft[] {
    const element = this.elements.get(name);
    if (!element) throw new UsageError(`the element ${name} is not in the file: put imported schemas into it first`);
    return this.fieldsOf(this.complexOf(element), name, into);
  }

  /** One field for a part of a message of the style rpc. */
  fieldOfPart(name: string, type: string, into: 'input' | 'output', used: Set<string>): FieldDraft {
    return this.field({ '@name': name, '@type': type }, name, into, used, false);
  }

  private complexOf(element: Json): Json {
    const [inline] = manyOf(element, 'complexType');
    return inline ?? this.types.get(localName(element['@type'])) ?? {};
  }

  private fieldsOf(type: Json, within: string, into: 'input' | 'output', depth = 0): FieldDraft[] {
    if (depth > depthMax) throw new LeftOut('its type extends itself');
    const [content] = manyOf(type, 'complexContent');
    const [extension] = manyOf(content, 'extension');
    const base = this.types.get(localName(extension?.['@base']));
    const inherited = base ? this.fieldsOf(base, within, into, depth + 1) : [];
    const used = new Set(inherited.map(({ name }) => name));
    return [...inherited, ...this.fieldsOfGroups(extension ?? type, within, into, used, false, depth)];
  }

  /** Elements of sequences; those of a choice may each be missing. */
  private fieldsOfGroups(
    holder: Json,
    within: string,
    into: 'input' | 'output',
    used: Set<string>,
    mayMiss: boolean,
    depth: number,
  ): FieldDraft[] {
    if (depth > depthMax) throw new LeftOut('its groups are nested too deeply');
    return ['sequence', 'all', 'choice'].flatMap((kind) =>
      manyOf(holder, kind).flatMap((group) => {
        const optional = mayMiss || kind === 'choice';
        return [
          ...manyOf(group, 'element').map((element) => this.field(element, within, into, used, optional)),
          ...this.fieldsOfGroups(group, within, into, used, optional, depth + 1),
        ];
      }),
    );
  }

  private field(
    given: Json,
    within: string,
    into: 'input' | 'output',
    used: Set<string>,
    mayMiss: boolean,
  ): FieldDraft {
    const reference = localName(given['@ref']);
    const element = reference ? { ...this.elements.get(reference), ...given, '@name': reference } : given;
    const theirs = localName(element['@name']);
    const list = !['0', '1'].includes(textOf(element['@maxOccurs']) ?? '1');
    const typeName = localName(element['@type']);
    const type = manyOf(element, 'complexType')[0] ?? manyOf(element, 'simpleType')[0] ?? this.types.get(typeName);
    const isMessage =
      type !== undefined && ['sequence', 'all', 'choice', 'complexContent'].some((kind) => kind in type);
    const of = isMessage
      ? this.shelf.classOf(
          type,
          typeName in types || typeName === '' ? `${within} ${theirs}` : typeName,
          () => this.fieldsOf(type, theirs, into),
          documentation(type),
        )
      : undefined;
    const simple = this.simpleOf(type, typeName);
    const most = Number(element['@maxOccurs']);
    return withExample(
      {
        name: distinct(used, ourName(theirs)),
        theirs,
        type: isMessage ? 'message' : simple.type,
        list,
        of,
        required: !mayMiss && textOf(element['@minOccurs']) !== '0' && textOf(element['@nillable']) !== 'true',
        description: documentation(element) ?? (isMessage ? undefined : documentation(type)),
        ...(isMessage ? {} : boundsOf(simple, into)),
        ...(list ? { itemsMax: most > 0 ? most : into === 'input' ? itemsMaxDefault : undefined } : {}),
      },
      [],
    );
  }

  /** What a simple type comes down to, with the facets of all its restrictions. */
  private simpleOf(type: Json | undefined, name: string, depth = 0): Simple {
    if (depth > depthMax) throw new LeftOut('its type restricts itself');
    const [restriction] = manyOf(type, 'restriction');
    if (!restriction) return { type: type ? 'anything' : (types[name] ?? 'text'), facets: {} };
    const base = localName(restriction['@base']);
    const below = this.simpleOf(this.types.get(base), base, depth + 1);
    return { type: below.type, facets: { ...below.facets, ...restriction } };
  }
}

interface Simple {
  type: FieldType;
  facets: Json;
}

function boundsOf({ type, facets }: Simple, into: 'input' | 'output'): Partial<FieldDraft> {
  const facet = (name: string): string | undefined => textOf(manyOf(facets, name)[0]?.['@value']);
  const amount = (name: string): number | undefined => (facet(name) === undefined ? undefined : Number(facet(name)));
  const listed = manyOf(facets, 'enumeration').map((each) => textOf(each['@value']) ?? '');
  if (listed.length > 0 && type === 'integer') return { values: listed.map(Number) };
  if (listed.length > 0) return ourValues(listed);
  if (type === 'integer' || type === 'number') return { least: amount('minInclusive'), most: amount('maxInclusive') };
  if (type !== 'text') return {};
  const pattern = facet('pattern');
  return {
    lengthMin: amount('length') ?? amount('minLength'),
    lengthMax: amount('length') ?? amount('maxLength') ?? (into === 'input' ? lengthMaxDefault : undefined),
    ...(pattern === undefined ? {} : { pattern: `^(?:${pattern})$` }),
  };
}

function documentation(node: Json | undefined): string | undefined {
  const [annotation] = manyOf(node, 'annotation');
  const said: unknown = annotation?.['documentation'];
  return textOf(said) ?? textOf(recordOf(said)['#text']);
}
