import type { Text } from '#lgsp/errors';
import { exampleOf, type FieldDraft, type OperationDraft } from '../draft';
import { UsageError } from '../../settings';
import { distinct, ourClassName, ourName, ourWords } from './field.names';
import { LeftOut, MessageShelf, needed, whereDrafted } from './message.shelf';
import { chosen, type ReadDraft } from './openapi.draft';
import { recordOf, textOf, type Json } from './openapi.schema';
import { localName, manyOf, XsdReader } from './xsd.schema';

/** Names of operations that only ask. */
const asks = /^(get|search|find|list|look|query|check|verify|tra|tim|lay|kiem|xac|danh)/i;
const vietnamese = /[À-ỹ]/;

interface Found {
  id: string;
  documentation?: string;
  action: string;
  /** Messages of the request and of the answer. */
  input: Json;
  output: Json;
}

interface Side {
  element: string;
  fields: FieldDraft[];
}

interface Tools {
  reader: XsdReader;
  shelf: MessageShelf;
  /** Verbs that are taken. */
  used: Set<string>;
}

/** Drafts a connector from a WSDL 1.1 with a SOAP binding. @param only operations to draft, by name or by name of ours */
export async function wsdlDraft(text: string, only: readonly string[] | undefined): Promise<ReadDraft> {
  const definitions = recordOf((await parsed(text))['definitions']);
  if (Object.keys(definitions).length === 0) throw new UsageError('the file is no WSDL 1.1: it has no definitions');
  const schemas = manyOf(definitions, 'types').flatMap((types) => manyOf(types, 'schema'));
  const shelf = new MessageShelf();
  const reader = new XsdReader(schemas, shelf);
  const leftOut: string[] = [];
  const used = new Set<string>();
  const tell = ({ id }: Found, why: string): unknown => leftOut.push(`${id}: ${why}`);
  // Inputs first: a message that goes both ways is bounded as an input is.
  const readable = whereDrafted(
    chosen(operationsOf(definitions), only),
    (found) => ({ found, asked: sideOf(found, 'input', reader) }),
    tell,
  );
  const operations = whereDrafted(
    readable,
    ({ found, asked }) => operationOf(found, asked, { reader, shelf, used }),
    ({ found }, why) => tell(found, why),
  );
  const messages = needed(
    shelf.messages,
    operations.flatMap(({ input, output }) => [input, output]),
  );
  const own = schemas.find((schema) => manyOf(schema, 'element').length > 0) ?? schemas[0];
  return {
    upstream: 'soap',
    auth: { scheme: 'none' },
    basePath: pathOf(definitions),
    namespace: {
      uri: textOf(own?.['@targetNamespace']) ?? textOf(definitions['@targetNamespace']) ?? '',
      qualified: own?.['@elementFormDefault'] === 'qualified',
    },
    operations: operations.map((operation) => ({
      ...operation,
      example: { input: exampleOf(messages, operation.input), output: exampleOf(messages, operation.output) },
    })),
    messages,
    leftOut,
    summary: summaryOf(textOf(definitions['documentation']), textOf(manyOf(definitions, 'service')[0]?.['@name'])),
  };
}

/** The kit's reader refuses a DOCTYPE, and with it what such a file could reach. */
async function parsed(text: string): Promise<Json> {
  const { parseXml } = await import('#lgsp/kit');
  try {
    return parseXml(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UsageError(`the file cannot be read as XML: ${(error as Error).message}`);
  }
}

function operationsOf(definitions: Json): Found[] {
  const messages = new Map(manyOf(definitions, 'message').map((message) => [localName(message['@name']), message]));
  const actions = new Map(
    manyOf(definitions, 'binding')
      .filter((binding) => 'binding' in binding)
      .flatMap((binding) => manyOf(binding, 'operation'))
      .map((operation) => [localName(operation['@name']), textOf(manyOf(operation, 'operation')[0]?.['@soapAction'])]),
  );
  const [portType] = manyOf(definitions, 'portType');
  return manyOf(portType, 'operation').map((operation) => {
    const id = localName(operation['@name']);
    const messageOf = (side: 'input' | 'output'): Json =>
      messages.get(localName(manyOf(operation, side)[0]?.['@message'])) ?? {};
    const documentation = textOf(operation['documentation']);
    return { id, documentation, action: actions.get(id) ?? '', input: messageOf('input'), output: messageOf('output') };
  });
}

function operationOf(found: Found, asked: Side, { reader, shelf, used }: Tools): Omit<OperationDraft, 'example'> {
  const { id, documentation, action } = found;
  const answered = sideOf(found, 'output', reader);
  if (answered.fields.length === 0) throw new LeftOut('its answer holds nothing');
  const input = shelf.claim(`${ourClassName(id)}Input`);
  const output = shelf.claim(`${ourClassName(id)}Output`);
  shelf.add({ name: input, fields: asked.fields });
  shelf.add({ name: output, fields: answered.fields });
  return {
    verb: distinct(used, ourName(id)),
    kind: asks.test(id) ? 'query' : 'command',
    summary: { en: ourWords(id), vi: `Bản nháp: ${ourWords(id)}`, ...summaryOf(documentation) },
    input,
    output,
    wire: { style: 'soap', action, element: asked.element, answerElement: answered.element },
  };
}

/** Style document: one part is an element. Style rpc: the parts are the fields of an element that is named as the operation. */
function sideOf(found: Found, side: 'input' | 'output', reader: XsdReader): Side {
  const parts = manyOf(found[side], 'part');
  const element = localName(parts[0]?.['@element']);
  if (element !== '') return { element, fields: reader.fieldsOfElement(element, side) };
  const used = new Set<string>();
  return {
    element: side === 'input' ? found.id : `${found.id}Response`,
    fields: parts.map((part) => reader.fieldOfPart(localName(part['@name']), localName(part['@type']), side, used)),
  };
}

function summaryOf(said: string | undefined, name?: string): Partial<Text> {
  const sentence = said?.split(/[.\n]/)[0]?.trim();
  if (sentence) {
    return vietnamese.test(sentence) ? { vi: sentence } : { en: sentence.charAt(0).toUpperCase() + sentence.slice(1) };
  }
  return name === undefined ? {} : { en: ourWords(name) };
}

function pathOf(definitions: Json): string {
  const [port] = manyOf(definitions, 'service').flatMap((service) => manyOf(service, 'port'));
  const location = textOf(manyOf(port, 'address')[0]?.['@location']) ?? '';
  return (URL.canParse(location) ? new URL(location).pathname : '/service').replace(/\/+$/, '') || '/service';
}
