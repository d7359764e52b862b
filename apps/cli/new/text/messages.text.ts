import type { ConnectorDraft, FieldDraft, FieldType, MessageDraft } from '../draft';
import { commentText, decide, importOf, literal, quoted } from './source.text';

/** Decorators used so far, by the package they come from. */
interface Used {
  validator: Set<string>;
  transformer: Set<string>;
  schema: Set<string>;
  vietnam: Set<string>;
}

/** `<system>.messages.ts`: one class per message, each field with its rules. */
export function messagesText({ messages, source }: ConnectorDraft): string {
  const used: Used = { validator: new Set(), transformer: new Set(), schema: new Set(), vietnam: new Set() };
  const classes = messages.map((message) => classText(message, used));
  const origin = source
    ? `Drafted from ${commentText(source)}: types, lengths and lists are those of the file.\n * `
    : '';
  return [
    importOf(used.transformer, 'class-transformer'),
    importOf(used.validator, 'class-validator'),
    importOf(used.schema, 'class-validator-jsonschema'),
    importOf(used.vietnam, '#lgsp/vietnam'),
    `\n/**
 * ${origin}${decide} the name of each field and of each listed value in the words of the bus; the rule of each domain code
 * (identity number, dossier, agency, name, telephone), which #lgsp/vietnam has as a decorator; the longest length of texts.
 */\n\n`,
    classes.join('\n'),
  ].join('');
}

function classText({ name, description, fields }: MessageDraft, used: Used): string {
  const comment = description ? `/** ${commentText(description)} */\n` : '';
  return `${comment}export class ${name} {\n${fields.map((field) => fieldText(field, used)).join('\n')}\n}\n`;
}

function fieldText(field: FieldDraft, used: Used): string {
  const decorators = decoratorsOf(field, used);
  return `${decorators.join('\n')}\n${field.name}${field.required ? '' : '?'}: ${typeOf(field)};\n`;
}

function decoratorsOf(field: FieldDraft, used: Used): string[] {
  const { description, required, list, itemsMax } = field;
  const each = list ? '{ each: true }' : '';
  const of = (from: keyof Used, name: string, ...args: string[]): string => {
    used[from].add(name);
    return `@${name}(${args.filter(Boolean).join(', ')})`;
  };
  return [
    ...(description ? [of('schema', 'JSONSchema', `{ description: ${quoted(description.slice(0, 300))} }`)] : []),
    ...(required ? [] : [of('validator', 'IsOptional')]),
    ...(list ? [of('validator', 'IsArray')] : []),
    ...(itemsMax === undefined ? [] : [of('validator', 'ArrayMaxSize', String(itemsMax))]),
    ...kindDecorators(field, each, of),
    ...boundDecorators(field, each, of),
  ];
}

type Of = (from: keyof Used, name: string, ...args: string[]) => string;

/** Name and first argument of the decorator of a type; the argument `each` comes after it. */
const typeDecorators: Partial<Record<FieldType, [keyof Used, string, string?]>> = {
  text: ['validator', 'IsString'],
  integer: ['validator', 'IsInt'],
  number: ['validator', 'IsNumber', '{}'],
  boolean: ['validator', 'IsBoolean'],
  date: ['vietnam', 'IsFullDate'],
  'date-time': ['vietnam', 'IsDateTime'],
  email: ['validator', 'IsEmail', '{}'],
  url: ['validator', 'IsUrl', '{ require_tld: false }'],
  uuid: ['validator', 'IsUUID', 'undefined'],
  base64: ['validator', 'IsBase64', '{}'],
};

function kindDecorators({ type, of: nested, values, list }: FieldDraft, each: string, of: Of): string[] {
  if (values) return [of('validator', 'IsIn', literal(values), each)];
  if (type === 'anything') return list ? [] : [of('validator', 'IsObject')];
  if (type === 'message') {
    const object = list ? [] : [of('validator', 'IsObject')];
    return [...object, of('validator', 'ValidateNested', each), of('transformer', 'Type', `() => ${nested}`)];
  }
  const [from, name, argument = ''] = typeDecorators[type]!;
  return [of(from, name, list ? argument : argument === '{}' || argument === 'undefined' ? '' : argument, each)];
}

function boundDecorators({ lengthMin, lengthMax, least, most, pattern }: FieldDraft, each: string, of: Of): string[] {
  return [
    ...(pattern === undefined ? [] : [of('validator', 'Matches', `new RegExp(${quoted(pattern)}, 'u')`, each)]),
    ...(lengthMin === undefined ? [] : [of('validator', 'MinLength', String(lengthMin), each)]),
    ...(lengthMax === undefined ? [] : [of('validator', 'MaxLength', String(lengthMax), each)]),
    ...(least === undefined ? [] : [of('validator', 'Min', String(least), each)]),
    ...(most === undefined ? [] : [of('validator', 'Max', String(most), each)]),
  ];
}

function typeOf({ type, of, values, list }: FieldDraft): string {
  const item = values ? values.map(literal).join(' | ') : (of ?? primitives[type] ?? 'string');
  if (!list) return item;
  return values ? `(${item})[]` : `${item}[]`;
}

const primitives: Partial<Record<FieldType, string>> = {
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  anything: 'Record<string, unknown>',
};
