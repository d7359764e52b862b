import type { Text } from '#lgsp/errors';

/** What a new connector is written from: asked for at the terminal, or read from the description of an outside system. */
export interface ConnectorDraft {
  /** Kebab-case, as on every wire. */
  name: string;
  owner: string;
  summary: Text;
  upstream: UpstreamKind;
  auth: AuthDraft;
  /** Path below which the outside system answers, without a slash at its end. */
  basePath: string;
  /** XML namespace of its elements, and whether the inner ones are in it too; SOAP only. */
  namespace?: { uri: string; qualified: boolean };
  operations: OperationDraft[];
  /** Every message class, those that others hold first. */
  messages: MessageDraft[];
  /** Name of the file that it was read from. */
  source?: string;
  /** Operations of that file that are not drafted, with the reason. */
  leftOut: string[];
}

export const upstreamKinds = ['rest', 'soap', 'none'] as const;
export type UpstreamKind = (typeof upstreamKinds)[number];

/** How the outside system learns who calls. */
export type AuthDraft =
  | { scheme: 'none' | 'basic' | 'bearer' }
  | { scheme: 'api-key'; header: string }
  | { scheme: 'client-credentials'; tokenPath: string };

export interface OperationDraft {
  /** Camel case. */
  verb: string;
  kind: 'query' | 'command';
  summary: Text;
  /** Names of message classes. */
  input: string;
  output: string;
  wire: RestWire | SoapWire | undefined;
  example: { input: JsonObject; output: JsonObject };
}

export interface RestWire {
  style: 'rest';
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the base path, with its parameters as `{theirs}`. */
  path: string;
  /** Fields of the input that travel in the path or after the `?`; all others are in the body. */
  parameters: { field: string; theirs: string; in: 'path' | 'query' | 'header' }[];
  hasBody: boolean;
  /** Header by which the outside system knows a command again. */
  referenceHeader: string;
  /** The answer is a bare list, which becomes the one field of the output; or has no content at all. */
  answer: 'object' | 'list' | 'empty';
}

export interface SoapWire {
  style: 'soap';
  action: string;
  /** Element of the request and of the answer in the SOAP body. */
  element: string;
  answerElement: string;
}

export interface MessageDraft {
  name: string;
  description?: string;
  fields: FieldDraft[];
}

export interface FieldDraft {
  /** Ours. */
  name: string;
  /** The outside system's. */
  theirs: string;
  type: FieldType;
  /** Of a list these rules hold for each item. */
  list: boolean;
  required: boolean;
  description?: string;
  /** Class of a nested message. */
  of?: string;
  values?: (string | number)[];
  /** The same in the outside system's spelling, where that is another. */
  theirValues?: string[];
  lengthMin?: number;
  lengthMax?: number;
  least?: number;
  most?: number;
  pattern?: string;
  itemsMax?: number;
  /** A value that keeps all of these. */
  example: JsonValue;
}

export type FieldType =
  | 'text'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'date'
  | 'date-time'
  | 'email'
  | 'url'
  | 'uuid'
  | 'base64'
  | 'message'
  | 'anything';

export type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue };
export type JsonObject = { [name: string]: JsonValue };

/** An example of a message as ours; optional fields that would nest a message in itself stay out. */
export function exampleOf(messages: readonly MessageDraft[], name: string): JsonObject {
  return valueOf(messages, name, (field) => [field.name, field.example]);
}

/** The same as the outside system spells it. */
export function theirExampleOf(messages: readonly MessageDraft[], name: string): JsonObject {
  return valueOf(messages, name, (field) => [field.theirs, theirExample(field)]);
}

function valueOf(
  messages: readonly MessageDraft[],
  name: string,
  spelled: (field: FieldDraft) => [string, JsonValue],
  within: readonly string[] = [],
): JsonObject {
  const fields = messages.find((message) => message.name === name)?.fields ?? [];
  const shown = fields.filter(({ of, required }) => required || of === undefined || ![...within, name].includes(of));
  return Object.fromEntries(
    shown.map((field) => {
      const [called, bare] = spelled(field);
      const item = field.of ? valueOf(messages, field.of, spelled, [...within, name]) : bare;
      return [called, field.list ? [item] : item];
    }),
  );
}

/** `business-registration` → `BusinessRegistration`. */
export const pascalCase = (name: string): string => camelCase(`-${name}`);

/** `business-registration` → `businessRegistration`. */
export const camelCase = (name: string): string =>
  name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** `getForecast` → `get-forecast`, as on the wire. */
export const kebabOf = (verb: string): string => verb.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** `business-registration` → `LGSP_BUSINESS_REGISTRATION`. */
export const variablePrefix = (name: string): string => `LGSP_${name.replaceAll('-', '_').toUpperCase()}`;

/**
 * The field of a query's input by which the outside system finds a record, so that any other value finds none: what stands in
 * the path, or the first text that must be given.
 */
export function keyOf({ messages }: ConnectorDraft, { kind, wire, input }: OperationDraft): FieldDraft | undefined {
  const fields = messages.find(({ name }) => name === input)?.fields ?? [];
  if (kind !== 'query' || wire === undefined) return undefined;
  if (wire.style === 'soap')
    return fields.find(({ type, required, list, values }) => type === 'text' && required && !list && !values);
  const inPath = wire.parameters.find((parameter) => parameter.in === 'path');
  return fields.find(({ name }) => name === inPath?.field);
}

/** A field's example in the outside system's spelling. */
function theirExample({ example, values, theirValues }: FieldDraft): JsonValue {
  return theirValues?.[values?.indexOf(example as string) ?? -1] ?? example;
}

/** The same as it stands in an address or an element. */
export function theirExampleText(field: FieldDraft): string {
  const example = theirExample(field);
  return typeof example === 'string' ? example : JSON.stringify(example);
}
