type Json = Record<string, unknown>;

/** Keywords that hold schemas by name, and keywords that hold a schema or a list of them. What is in others is data. */
const mapKeywords = new Set(['properties', 'patternProperties', 'dependentSchemas']);
const schemaKeywords = new Set(
  (
    'items prefixItems contains additionalProperties propertyNames not if then else allOf anyOf oneOf ' +
    'unevaluatedItems unevaluatedProperties contentSchema'
  ).split(' '),
);
const definitionKeywords = ['$defs', 'definitions'];
/** What leads out of a schema, or gives it an address of its own so that its references no longer lead into the document. */
const pointerKeywords = new Set(
  '$ref $id $schema $anchor $dynamicRef $dynamicAnchor $recursiveRef $recursiveAnchor'.split(' '),
);
const depthMax = 60;
const root = '#/components/schemas/';

/**
 * The schemas of one OpenAPI document. Those of a connector come from outside: whatever they hold, the document stays valid
 * and complete in itself, and nobody who reads it is sent to another address.
 */
export class SchemaShelf {
  readonly schemas: Json = {};

  /** Puts a schema on the shelf, its definitions beside it under its name, and gives the reference to it. */
  add(name: string, schema: unknown): { $ref: string } {
    if (typeof schema === 'boolean') this.schemas[name] = schema;
    else {
      const whole = isObject(schema) ? schema : {};
      for (const keyword of definitionKeywords) {
        for (const [definition, content] of Object.entries(objectAt(whole, keyword)))
          this.schemas[`${name}.${plainName(definition)}`] = this.rewrite(content, whole, name, 0);
      }
      this.schemas[name] = this.rewrite(whole, whole, name, 0);
    }
    return { $ref: root + name };
  }

  private rewrite(schema: unknown, whole: Json, name: string, depth: number): unknown {
    if (typeof schema === 'boolean') return schema;
    if (!isObject(schema) || depth > depthMax) return {};
    const inner = (part: unknown): unknown => this.rewrite(part, whole, name, depth + 1);
    const entries = Object.entries(schema).flatMap(([keyword, value]): [string, unknown][] => {
      if (keyword === '$ref') {
        const reference = typeof value === 'string' ? referenceOf(value, whole, name) : undefined;
        return reference === undefined ? [] : [[keyword, reference]];
      }
      if (pointerKeywords.has(keyword) || definitionKeywords.includes(keyword)) return [];
      if (mapKeywords.has(keyword)) {
        const parts = Object.entries(objectAt(schema, keyword)).filter(([key]) => !pointerKeywords.has(key));
        return [[keyword, Object.fromEntries(parts.map(([key, part]) => [key, inner(part)]))]];
      }
      if (schemaKeywords.has(keyword)) return [[keyword, Array.isArray(value) ? value.map(inner) : inner(value)]];
      return [[keyword, withoutPointers(value)]];
    });
    return Object.fromEntries(entries);
  }
}

/** Data as it is, but for what readers of such documents would follow as a reference wherever it stands. */
export function withoutPointers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPointers);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !pointerKeywords.has(key));
  return Object.fromEntries(kept.map(([key, part]) => [key, withoutPointers(part)]));
}

/** A reference within the schema as one within the document; undefined for one that leads elsewhere or nowhere. */
function referenceOf(reference: string, whole: Json, name: string): string | undefined {
  if (reference === '#') return root + name;
  if (!reference.startsWith('#/')) return undefined;
  const parts = reference.slice(2).split('/');
  if (!isThere(whole, parts.map(unescaped))) return undefined;
  const [keyword, definition, ...rest] = parts;
  if (!definitionKeywords.includes(keyword!) || definition === undefined) return [root + name, ...parts].join('/');
  return [`${root}${name}.${plainName(unescaped(definition))}`, ...rest].join('/');
}

function isThere(whole: Json, path: readonly string[]): boolean {
  let at: unknown = whole;
  for (const part of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return false;
    at = (at as Json)[part];
  }
  return true;
}

/** RFC 6901 in a URI fragment. */
function unescaped(part: string): string {
  const tildes = part.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(tildes);
  } catch {
    return tildes; // A lone percent sign stands for itself.
  }
}

/** Component names are of letters, digits, `.`, `-` and `_`; any other character is written as its number. */
const plainName = (name: string): string =>
  name.replaceAll(/[^A-Za-z0-9.-]/g, (character) => `_${character.charCodeAt(0).toString(16)}`);

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function objectAt(schema: Json, keyword: string): Json {
  const value = schema[keyword];
  return isObject(value) ? value : {};
}
