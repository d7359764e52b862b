import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../json.text';

type Schema = Record<string, unknown>;

/** Who is broken: those who send an input, or those who read an output. */
export type Direction = 'input' | 'output';

/** Why a schema is no longer what its callers rely on. */
export interface SchemaBreak {
  /** JSON Pointer of the field, with `*` for the items of a list. */
  path: string;
  /** The keyword that changed, or what happened to a field. */
  rule: string;
  message: string;
}

/** What a keyword of ours is compared by; any other one must stay as it is. */
const compared = new Set(
  (
    'type enum const minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength minItems maxItems ' +
    'minProperties maxProperties multipleOf uniqueItems required properties additionalProperties items anyOf $ref $defs ' +
    'definitions title description examples example default $comment deprecated readOnly writeOnly $schema $id'
  ).split(' '),
);
const leastKeywords = ['minLength', 'minItems', 'minProperties', 'minimum', 'exclusiveMinimum'];
const mostKeywords = ['maxLength', 'maxItems', 'maxProperties', 'maximum', 'exclusiveMaximum'];

/**
 * Compares two versions of a schema. What was taken as an input must still be taken; what is answered must still be what was
 * promised, where further fields are no break. It errs on the side of the callers: where it cannot tell, it is a break.
 */
export function breaksOfSchema(direction: Direction, before: unknown, after: unknown): SchemaBreak[] {
  const comparison = new SchemaComparison(direction, before, after);
  // Every value of the narrow one must be one of the wide one.
  if (direction === 'input') comparison.compare(after, before, '');
  else comparison.compare(before, after, '');
  return comparison.breaks;
}

class SchemaComparison {
  readonly breaks: SchemaBreak[] = [];
  private readonly underWay: [unknown, unknown][] = [];
  private readonly wideRoot: unknown;
  private readonly narrowRoot: unknown;

  constructor(
    private readonly direction: Direction,
    before: unknown,
    after: unknown,
  ) {
    [this.wideRoot, this.narrowRoot] = direction === 'input' ? [after, before] : [before, after];
  }

  compare(wideGiven: unknown, narrowGiven: unknown, path: string): void {
    const wide = resolve(wideGiven, this.wideRoot);
    const narrow = resolve(narrowGiven, this.narrowRoot);
    if (wide === true || narrow === false) return;
    if (!isRecord(wide)) return this.add(path, 'schema', 'nothing is allowed here', 'nothing was promised here');
    // A schema that refers to itself is compared once.
    if (this.underWay.some(([a, b]) => a === wide && b === narrow)) return;
    this.underWay.push([wide, narrow]);
    const from = isRecord(narrow) ? narrow : {};
    this.compareValues(wide, from, path);
    this.compareBounds(wide, from, path);
    this.compareFields(wide, from, path);
    if ('items' in wide) this.compare(wide['items'], from['items'] ?? true, `${path}/*`);
    this.compareAlternatives(wide, from, path);
    for (const keyword of Object.keys(wide))
      if (!compared.has(keyword) && !this.isSame(wide[keyword], from[keyword]))
        this.add(path, keyword, `${keyword} is another one`, `${keyword} is another one`);
  }

  /** Word for word, and so is whatever it refers to. */
  private isSame(wide: unknown, narrow: unknown): boolean {
    if (!isDeepStrictEqual(wide, narrow)) return false;
    return !JSON.stringify(wide).includes('"$ref"') || isDeepStrictEqual(this.wideRoot, this.narrowRoot);
  }

  private compareValues(wide: Schema, narrow: Schema, path: string): void {
    const [types, narrowTypes] = [typesOf(wide), typesOf(narrow)];
    const isAllowed = (type: string): boolean =>
      types!.includes(type) || (type === 'integer' && types!.includes('number'));
    if (types && !narrowTypes?.every(isAllowed))
      this.add(path, 'type', `no longer takes ${textOf(narrowTypes)}`, `may now be ${textOf(narrowTypes)}`);
    const [values, narrowValues] = [valuesOf(wide), valuesOf(narrow)];
    if (!values) return;
    const further = narrowValues?.filter((value) => !values.some((known) => isDeepStrictEqual(known, value)));
    if (further === undefined || further.length > 0)
      this.add(path, 'enum', `no longer takes ${textOf(further)}`, `may now be ${textOf(further)}`);
  }

  private compareBounds(wide: Schema, narrow: Schema, path: string): void {
    const differs = (keyword: string, isWider: (wide: number, narrow: number) => boolean): void => {
      const [bound, narrowBound] = [wide[keyword], narrow[keyword]];
      if (typeof bound !== 'number' || (typeof narrowBound === 'number' && isWider(bound, narrowBound))) return;
      this.add(path, keyword, `is now ${bound}`, `was ${bound} and is ${textOf(narrowBound)}`);
    };
    for (const keyword of leastKeywords) differs(keyword, (bound, other) => bound <= other);
    for (const keyword of mostKeywords) differs(keyword, (bound, other) => bound >= other);
    differs('multipleOf', (bound, other) => bound > 0 && Number.isInteger(other / bound));
    if (wide['uniqueItems'] === true && narrow['uniqueItems'] !== true)
      this.add(path, 'uniqueItems', 'no longer takes the same item twice', 'may now hold the same item twice');
  }

  private compareFields(wide: Schema, narrow: Schema, path: string): void {
    const required = namesOf(narrow['required']);
    for (const name of namesOf(wide['required']))
      if (!required.includes(name)) this.add(`${path}/${name}`, 'required', 'is newly required', 'may now be missing');
    const [fields, narrowFields] = [fieldsOf(wide), fieldsOf(narrow)];
    for (const [name, field] of Object.entries(fields)) {
      if (Object.hasOwn(narrowFields, name)) this.compare(field, narrowFields[name], `${path}/${name}`);
      else if (this.direction === 'output') this.add(`${path}/${name}`, 'field-removed', '', 'is no longer answered');
    }
    if (this.direction === 'input') {
      for (const name of Object.keys(narrowFields))
        if (!Object.hasOwn(fields, name)) this.add(`${path}/${name}`, 'field-removed', 'is no longer a field', '');
    }
    const [rest, narrowRest] = [wide['additionalProperties'], narrow['additionalProperties'] ?? true];
    if (isRecord(rest)) this.compare(rest, narrowRest, `${path}/*`);
    else if (rest === false && this.direction === 'input' && narrowRest !== false)
      this.add(path, 'additionalProperties', 'no longer takes further fields', '');
  }

  /** Each alternative of the narrow one must be one of the wide one. */
  private compareAlternatives(wide: Schema, narrow: Schema, path: string): void {
    const alternatives = wide['anyOf'];
    if (!Array.isArray(alternatives)) return;
    const narrowOnes = Array.isArray(narrow['anyOf']) ? (narrow['anyOf'] as unknown[]) : [narrow];
    const isCovered = (one: unknown): boolean => alternatives.some((other) => this.isWithin(other, one));
    if (!narrowOnes.every(isCovered))
      this.add(path, 'anyOf', 'an alternative is gone', 'there is a further alternative');
  }

  private isWithin(wide: unknown, narrow: unknown): boolean {
    const [before, after] =
      this.direction === 'input' ? [this.narrowRoot, this.wideRoot] : [this.wideRoot, this.narrowRoot];
    const comparison = new SchemaComparison(this.direction, before, after);
    comparison.underWay.push(...this.underWay);
    comparison.compare(wide, narrow, '');
    return comparison.breaks.length === 0;
  }

  private add(path: string, rule: string, input: string, output: string): void {
    this.breaks.push({ path, rule, message: this.direction === 'input' ? input : output });
  }
}

/** Follows references within the document, and no further than there are definitions. */
function resolve(schema: unknown, root: unknown): unknown {
  const seen = new Set<unknown>();
  let found = schema;
  while (isRecord(found) && typeof found['$ref'] === 'string' && !seen.has(found)) {
    seen.add(found);
    const [hash, ...words] = found['$ref'].split('/');
    const target = words.reduce<unknown>(
      (part, word) => (isRecord(part) ? part[word.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined),
      hash === '#' ? root : undefined,
    );
    found = target ?? {};
  }
  return found;
}

function typesOf({ type }: Schema): string[] | undefined {
  if (type === undefined) return undefined;
  return (Array.isArray(type) ? type : [type]) as string[];
}

function valuesOf(schema: Schema): unknown[] | undefined {
  if ('const' in schema) return [schema['const']];
  return Array.isArray(schema['enum']) ? schema['enum'] : undefined;
}

const namesOf = (names: unknown): string[] => (Array.isArray(names) ? (names as string[]) : []);
const fieldsOf = ({ properties }: Schema): Schema => (isRecord(properties) ? properties : {});
const textOf = (value: unknown): string => (value === undefined ? 'anything' : JSON.stringify(value));
