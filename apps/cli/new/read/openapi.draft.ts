import type { Text } from '#lgsp/errors';
import {
  exampleOf,
  type AuthDraft,
  type ConnectorDraft,
  type FieldDraft,
  type OperationDraft,
  type RestWire,
} from '../draft';
import { UsageError } from '../../settings';
import { distinct, ourName, ourWords, ourClassName } from './field.names';
import { LeftOut, MessageShelf, needed, whereDrafted } from './message.shelf';
import { listOf, recordOf, SchemaReader, textOf, type Json } from './openapi.schema';

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
/** Verbs after which a POST only asks. */
const asks = /^(get|search|find|list|look|query|check|verify|tra|tim|lay|kiem|xac|danh|list)/i;
const referenceHeaders = /^(x-)?(idempotency-key|request-id|client-reference)$/i;
const ownHeaders = /^(authorization|accept|content-type)$/i;

interface Found {
  method: (typeof methods)[number];
  path: string;
  id: string;
  description: Json;
  /** Parameters of the path and of the operation. */
  parameters: Json[];
}

/** Drafts a connector from an OpenAPI 3 document. @param only operations to draft, by id or by name of ours */
export function openApiDraft(document: Json, only: readonly string[] | undefined): ReadDraft {
  const version = textOf(document['openapi']);
  if (!version?.startsWith('3.')) throw new UsageError('the file is no OpenAPI 3 document: convert it first');
  const shelf = new MessageShelf();
  const reader = new SchemaReader(document, shelf);
  const basePath = basePathOf(document);
  const auth = authOf(document, reader, basePath);
  const keyHeader = auth.scheme === 'api-key' ? auth.header : undefined;
  const leftOut: string[] = [];
  const tell = ({ id, method, path }: Found, why: string): unknown =>
    leftOut.push(`${id} (${method.toUpperCase()} ${path}): ${why}`);
  const tools = { reader, shelf, used: new Set<string>(), keyHeader };
  const wanted = chosen(operationsOf(document, reader), only);
  // Inputs first: a message that goes both ways is bounded as an input is.
  const readable = whereDrafted(wanted, (found) => ({ found, asked: inputOf(found, tools) }), tell);
  const operations = whereDrafted(
    readable,
    ({ found, asked }) => operationOf(found, asked, tools),
    ({ found }, why) => tell(found, why),
  );
  const messages = needed(
    shelf.messages,
    operations.flatMap(({ input, output }) => [input, output]),
  );
  const withExamples = operations.map((operation) => ({
    ...operation,
    example: { input: exampleOf(messages, operation.input), output: exampleOf(messages, operation.output) },
  }));
  return { upstream: 'rest', auth, basePath, operations: withExamples, messages, leftOut, ...titleOf(document) };
}

export type ReadDraft = Omit<ConnectorDraft, 'name' | 'owner' | 'summary' | 'source'> & { summary: Partial<Text> };

const vietnamese = /[À-ỹ]/;

function titleOf(document: Json): { summary: Partial<Text> } {
  const title = textOf(recordOf(document['info'])['title']);
  if (title === undefined) return { summary: {} };
  return { summary: vietnamese.test(title) ? { vi: title } : { en: title } };
}

/** What an address may hold, so that none becomes code in the template that it is drafted into. */
const plainPath = /^\/[\w\-./{}~:%+@,=]*$/;

function operationsOf(document: Json, reader: SchemaReader): Found[] {
  return Object.entries(recordOf(document['paths'])).flatMap(([path, value]) => {
    const item = reader.resolve(value);
    return methods.flatMap((method) => {
      if (item[method] === undefined) return [];
      const description = recordOf(item[method]);
      const parameters = [...listOf(item['parameters']), ...listOf(description['parameters'])].map((each) =>
        reader.resolve(each),
      );
      const id = textOf(description['operationId']) ?? `${method}${path.replaceAll(/[{}]/g, '')}`;
      return [{ method, path, id, description, parameters }];
    });
  });
}

/** @throws UsageError that lists what there is */
export function chosen<T extends { id: string }>(all: readonly T[], only: readonly string[] | undefined): T[] {
  if (all.length === 0) throw new UsageError('the file has no operation');
  const isNamed = ({ id }: T, name: string): boolean => id === name || ourName(id) === ourName(name);
  const unknown = only?.filter((name) => !all.some((each) => isNamed(each, name))) ?? [];
  if (unknown.length > 0) {
    throw new UsageError(
      `there is no ${unknown.join(', ')} in the file; there is ${all.map(({ id }) => id).join(', ')}`,
    );
  }
  return only ? all.filter((each) => only.some((name) => isNamed(each, name))) : [...all];
}

interface Tools {
  reader: SchemaReader;
  shelf: MessageShelf;
  /** Verbs that are taken. */
  used: Set<string>;
  keyHeader: string | undefined;
}

function operationOf(found: Found, { fields, wire }: Asked, tools: Tools): Omit<OperationDraft, 'example'> {
  const { shelf, used } = tools;
  const kind = found.method === 'get' || (found.method === 'post' && asks.test(found.id)) ? 'query' : 'command';
  const answer = answerOf(found, tools);
  if (kind === 'query' && answer.kind === 'empty') throw new LeftOut('its answer has no content');
  const verb = distinct(used, ourName(found.id));
  const input = shelf.claim(`${ourClassName(found.id)}Input`);
  const output = shelf.claim(`${ourClassName(found.id)}Output`);
  shelf.add({ name: input, fields });
  shelf.add({ name: output, fields: answer.fields });
  return { verb, kind, summary: summaryOf(found), input, output, wire: { ...wire, answer: answer.kind } };
}

function summaryOf({ id, description }: Found): Text {
  const said = textOf(description['summary']) ?? textOf(description['description'])?.split(/[.\n]/)[0];
  const words = ourWords(id);
  if (said === undefined) return { en: words, vi: `Bản nháp: ${words}` };
  return vietnamese.test(said)
    ? { en: words, vi: said }
    : { en: said.charAt(0).toUpperCase() + said.slice(1), vi: `Bản nháp: ${words}` };
}

interface Asked {
  fields: FieldDraft[];
  wire: Omit<RestWire, 'answer'>;
}

/** Parameters and members of the body as the fields of one message. */
function inputOf(found: Found, { reader, keyHeader }: Tools): Asked {
  if (!plainPath.test(found.path)) throw new LeftOut('its path holds characters that no path needs');
  const used = new Set<string>();
  const wire: Omit<RestWire, 'answer'> = {
    style: 'rest',
    method: found.method.toUpperCase() as RestWire['method'],
    path: found.path,
    parameters: [],
    hasBody: false,
    referenceHeader: 'idempotency-key',
  };
  const fields: FieldDraft[] = [];
  for (const parameter of found.parameters) {
    const theirs = textOf(parameter['name']) ?? '';
    const place = textOf(parameter['in']);
    const required = parameter['required'] === true;
    if (place === 'header') {
      if (referenceHeaders.test(theirs)) wire.referenceHeader = theirs.toLowerCase();
      if (!required || referenceHeaders.test(theirs) || ownHeaders.test(theirs) || theirs.toLowerCase() === keyHeader)
        continue;
    } else if (place === 'cookie') {
      if (!required) continue;
      throw new LeftOut(`it needs the cookie ${theirs}`);
    }
    const ours = distinct(used, ourName(theirs));
    const schema = {
      description: parameter['description'],
      example: parameter['example'],
      ...reader.resolve(parameter['schema']),
    };
    const field = reader.field({ theirs, ours, required, within: found.id }, schema, 'input');
    if (field.type === 'message' || field.type === 'anything')
      throw new LeftOut(`its parameter ${theirs} is an object`);
    fields.push(field);
    wire.parameters.push({ field: ours, theirs, in: place as 'path' | 'query' | 'header' });
  }
  const body = bodyOf(found, reader);
  if (body !== undefined) {
    wire.hasBody = true;
    for (const field of reader.fieldsOf(body, found.id, 'input'))
      fields.push({ ...field, name: distinct(used, field.name) });
  }
  return { fields, wire };
}

function bodyOf({ description }: Found, reader: SchemaReader): unknown {
  if (description['requestBody'] === undefined) return undefined;
  const schema = jsonSchemaOf(reader.resolve(description['requestBody']));
  if (schema === undefined) throw new LeftOut('its body is not JSON');
  if (reader.shapeOf(schema) !== 'object') throw new LeftOut('its body is no object');
  return schema;
}

function answerOf({ id, description }: Found, { reader }: Tools): { kind: RestWire['answer']; fields: FieldDraft[] } {
  const responses = recordOf(description['responses']);
  const success = Object.keys(responses).find((status) => /^2(\d\d|XX)$/.test(status));
  const response = reader.resolve(success === undefined ? undefined : responses[success]);
  if (Object.keys(recordOf(response['content'])).length === 0) return { kind: 'empty', fields: [done] };
  const schema = jsonSchemaOf(response);
  if (schema === undefined) throw new LeftOut('its answer is not JSON');
  const shape = reader.shapeOf(schema);
  if (shape === 'object') return { kind: 'object', fields: reader.fieldsOf(schema, `${id} answer`, 'output') };
  if (shape !== 'list') throw new LeftOut('its answer is no object and no list');
  const items = reader.field({ theirs: 'items', ours: 'items', required: true, within: id }, schema, 'output');
  return { kind: 'list', fields: [items] };
}

const done: FieldDraft = { name: 'done', theirs: 'done', type: 'boolean', list: false, required: true, example: true };

/** The schema of the JSON content of a body or an answer. */
function jsonSchemaOf(holder: Json): unknown {
  const content = recordOf(holder['content']);
  const type = Object.keys(content).find((each) => /[/+]json(;|$)/.test(each));
  return type === undefined ? undefined : recordOf(content[type])['schema'];
}

function basePathOf(document: Json): string {
  const server = recordOf(listOf(document['servers'])[0]);
  const variables = recordOf(server['variables']);
  const url = (textOf(server['url']) ?? '/').replaceAll(
    /\{([^}]+)\}/g,
    (_, name: string) => textOf(recordOf(variables[name])['default']) ?? name,
  );
  return pathOf(url);
}

const pathOf = (url: string): string => {
  const found = URL.canParse(url) ? new URL(url).pathname : url;
  return found.replace(/\/+$/, '').replace(/^(?=[^/])/, '/');
};

/** The first scheme that the document asks for and that the kit knows. */
function authOf(document: Json, reader: SchemaReader, basePath: string): AuthDraft {
  const schemes = recordOf(recordOf(document['components'])['securitySchemes']);
  const wanted = listOf(document['security']).flatMap((each) => Object.keys(recordOf(each)));
  for (const name of [...wanted, ...Object.keys(schemes)]) {
    const scheme = reader.resolve(schemes[name]);
    const tokenUrl = textOf(recordOf(recordOf(scheme['flows'])['clientCredentials'])['tokenUrl']);
    if (tokenUrl !== undefined) {
      const path = pathOf(tokenUrl);
      return {
        scheme: 'client-credentials',
        tokenPath: path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path,
      };
    }
    if (scheme['type'] === 'apiKey' && scheme['in'] === 'header') {
      return { scheme: 'api-key', header: (textOf(scheme['name']) ?? 'x-api-key').toLowerCase() };
    }
    if (scheme['type'] === 'http' && scheme['scheme'] === 'basic') return { scheme: 'basic' };
    if (scheme['type'] === 'http' && scheme['scheme'] === 'bearer') return { scheme: 'bearer' };
  }
  return { scheme: 'none' };
}
