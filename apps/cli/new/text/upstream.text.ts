import {
  pascalCase,
  type ConnectorDraft,
  type FieldDraft,
  type OperationDraft,
  type RestWire,
  type SoapWire,
} from '../draft';
import { askRestText, restRefusalText } from './rest.text';
import { commentText, decide, importOf, literal, memberName, quoted } from './source.text';

/** `<system>.upstream.ts`: the one place of the outside system's spelling. */
export function upstreamText(draft: ConnectorDraft): string {
  const { name, summary, operations, source, namespace } = draft;
  const isSoap = draft.upstream === 'soap';
  const type = pascalCase(name);
  const hasCommand = operations.some(({ kind }) => kind === 'command');
  const door = isSoap ? 'SoapUpstream' : 'RestUpstream';
  const messages = operations.flatMap(({ input, output }) => [input, output]);
  const origin = source ? ` Drafted from ${commentText(source)}.` : '';
  return `import { Injectable } from '@nestjs/common';
import { BusError } from '#lgsp/errors';
${kitImport(draft, hasCommand, door)}import { ${type}Config } from './${name}.config';
${importOf(usedMessages(draft, messages), `./${name}.messages`)}
${isSoap ? `/** ${decide} the namespace is the one of the real service. */\nconst namespace = ${quoted(namespace!.uri)};\n` : ''}
/** The outside system's spelling of each field, message by message; ours in front. */
const spelling: Spelling = ${spellingText(draft)};

/**
 * ${commentText(summary.en)}.${origin}
 * ${decide} how it proves who we are, which of its answers mean "there is none" and "refused", and whether it knows a
 * repeated command again.
 */
@Injectable()
export class ${type}Upstream {
  private readonly ${isSoap ? 'soap: SoapUpstream' : 'rest: RestUpstream'};

  constructor(
    ${hasCommand ? 'private readonly ' : ''}config: ${type}Config,
    runtime: UpstreamRuntime,
  ) {
    ${constructorText(draft)}
  }

  ${operations.map((each) => methodText(each, draft)).join('\n\n')}

  ${hasCommand ? `${sendAgainText}\n\n` : ''}${isSoap ? askSoapText(draft) : askRestText(operations)}
}
${isSoap ? '' : restRefusalText(operations)}${hasCommand ? notKnownText : ''}`;
}

function kitImport(draft: ConnectorDraft, hasCommand: boolean, door: string): string {
  const isSoap = draft.upstream === 'soap';
  const answersObject = draft.operations.some(({ wire }) => wire?.style !== 'rest' || wire.answer !== 'empty');
  const names = [
    door,
    'UpstreamRuntime',
    'type Call',
    'type Spelling',
    ...(answersObject ? ['fromTheirs', 'type MessageClass'] : []),
    ...(sendsBody(draft) ? ['toTheirs'] : []),
    ...(listsInAddress(draft) ? ['theirValue'] : []),
    ...(hasCommand ? ['commandReference'] : []),
    ...(draft.auth.scheme === 'client-credentials' ? ['ClientCredentialsAuth'] : []),
    ...(isSoap ? ['isEmptyXml', 'xmlAt', 'type XmlTree'] : ['type RestRequest', 'upstreamRejected']),
  ];
  return importOf(names, '#lgsp/kit');
}

const listsInAddress = (draft: ConnectorDraft): boolean =>
  draft.operations.some((operation) => {
    const { wire } = operation;
    const listed = listedFields(draft, operation);
    return wire?.style === 'rest' && wire.parameters.some(({ field }) => listed.some(({ name }) => name === field));
  });

const sendsBody = ({ operations }: ConnectorDraft): boolean =>
  operations.some(({ wire }) => wire?.style === 'soap' || (wire?.style === 'rest' && wire.hasBody));

/** Classes that are values in the client's code, and those that are only types. */
function usedMessages({ operations }: ConnectorDraft, messages: readonly string[]): string[] {
  const values = new Set(
    operations.flatMap(({ input, output, wire }) => [
      ...(wire?.style === 'soap' || (wire?.style === 'rest' && wire.hasBody) ? [input] : []),
      ...(wire?.style === 'rest' && wire.answer === 'empty' ? [] : [output]),
    ]),
  );
  return messages.map((message) => (values.has(message) ? message : `type ${message}`));
}

function spellingText({ messages, operations, upstream }: ConnectorDraft): string {
  const outsideBody = new Map(
    operations.map(({ input, wire }) => [
      input,
      wire?.style === 'rest' ? wire.parameters.map(({ field }) => field) : [],
    ]),
  );
  const tables = messages.flatMap(({ name, fields }) => {
    const inBody = fields.filter((field) => !outsideBody.get(name)?.includes(field.name));
    const lines = inBody.map((field) => `${field.name}: ${spelledText(field, upstream === 'soap')},`);
    return lines.length > 0 ? [`${name}: { ${lines.join(' ')} },`] : [];
  });
  return `{ ${tables.join('\n')} }`;
}

function spelledText({ theirs, of, list, type, values, theirValues }: FieldDraft, isXml: boolean): string {
  const isNumber = type === 'integer' || type === 'number' || typeof values?.[0] === 'number';
  const reads = !isXml || of ? undefined : isNumber ? 'number' : type === 'boolean' ? 'boolean' : undefined;
  const members = [
    ...(of ? [`of: '${of}'`] : []),
    ...(list ? ['list: true'] : []),
    ...(reads ? [`reads: '${reads}'`] : []),
    ...(theirValues ? [`values: ${valuesText({ values, theirValues })}`] : []),
  ];
  return members.length === 0 ? quoted(theirs) : `{ as: ${quoted(theirs)}, ${members.join(', ')} }`;
}

const valuesText = ({ values = [], theirValues = [] }: Pick<FieldDraft, 'values' | 'theirValues'>): string =>
  literal(Object.fromEntries(values.map((value, index) => [value, theirValues[index] ?? value])));

function constructorText({ auth, upstream }: ConnectorDraft): string {
  const [field, door] = upstream === 'soap' ? ['soap', 'SoapUpstream'] : ['rest', 'RestUpstream'];
  const made = (proof: string): string => `this.${field} = new ${door}(runtime, config.baseUrl${proof});`;
  switch (auth.scheme) {
    case 'none':
      return made('');
    case 'api-key':
      return made(`, { headers: () => ({ ${memberName(auth.header)}: config.apiKey }) }`);
    case 'bearer':
      return made(', { headers: () => ({ authorization: `Bearer ${config.token}` }) }');
    case 'basic':
      return `const proof = Buffer.from(\`\${config.user}:\${config.password}\`).toString('base64');
    ${made(', { headers: () => ({ authorization: `Basic ${proof}` }) }')}`;
    case 'client-credentials':
      return `const { baseUrl, tokenPath: path, consumerKey, consumerSecret } = config;
    const token = new ClientCredentialsAuth(runtime, { baseUrl, path, consumerKey, consumerSecret });
    ${made(', token')}`;
  }
}

function methodText(operation: OperationDraft, draft: ConnectorDraft): string {
  const { wire } = operation;
  if (wire?.style === 'soap') return soapMethodText(operation, wire);
  if (wire?.style === 'rest') return restMethodText(operation, wire, listedFields(draft, operation));
  throw new Error(`${draft.name}.${operation.verb} has no wire`);
}

/** Fields of an input whose listed values are spelled in another way there. */
const listedFields = ({ messages }: ConnectorDraft, { input }: OperationDraft): FieldDraft[] =>
  (messages.find(({ name }) => name === input)?.fields ?? []).filter(({ theirValues }) => theirValues);

function restMethodText(
  { verb, kind, input, output }: OperationDraft,
  wire: RestWire,
  listed: readonly FieldDraft[],
): string {
  const sent = (field: string): string => {
    const found = listed.find(({ name }) => name === field);
    return found ? `theirValue(${valuesText(found)}, input.${field})` : `input.${field}`;
  };
  const inAddress = (field: string): string =>
    sent(field).startsWith('input.') ? sent(field) : `String(${sent(field)})`;
  const at = (place: 'path' | 'query' | 'header') => wire.parameters.filter((parameter) => parameter.in === place);
  const path = at('path').reduce(
    (text, { field, theirs }) => text.replace(`{${theirs}}`, () => `\${encodeURIComponent(${inAddress(field)})}`),
    wire.path,
  );
  const pairs = (place: 'query' | 'header'): string[] =>
    at(place).map(
      ({ field, theirs }) => `${memberName(theirs)}: ${place === 'query' ? 'textOf' : 'String'}(${sent(field)})`,
    );
  const headers = [
    ...(kind === 'command' ? [`${memberName(wire.referenceHeader)}: commandReference(call)`] : []),
    ...pairs('header'),
  ];
  const request = [
    ...(wire.method === 'GET' ? [] : [`method: '${wire.method}'`]),
    `path: ${at('path').length > 0 ? `\`${path}\`` : quoted(path)}`,
    ...(at('query').length > 0 ? [`query: { ${pairs('query').join(', ')} }`] : []),
    ...(headers.length > 0 ? [`headers: { ${headers.join(', ')} }`] : []),
    ...(wire.hasBody ? [`json: toTheirs(spelling, ${input}, input)`] : []),
  ];
  const ask = { object: 'ask', list: 'askList', empty: 'tell' }[wire.answer];
  const answered = wire.answer === 'empty' ? '' : `${output}, `;
  const given = request.some((text) => /\binput\b/.test(text)) ? 'input' : '_input';
  return `/** \`${wire.method} ${commentText(wire.path)}\` */
  ${wire.answer === 'empty' ? 'async ' : ''}${verb}(${given}: ${input}, call: Call): Promise<${output}> {
    ${wire.answer === 'empty' ? 'await' : 'return'} this.${ask}(${answered}call, { ${request.join(', ')} });
    ${wire.answer === 'empty' ? 'return { done: true };' : ''}
  }`;
}

function soapMethodText({ verb, kind, input, output }: OperationDraft, wire: SoapWire): string {
  const request = `{ element: ${quoted(wire.element)}, answer: ${quoted(wire.answerElement)}, action: ${quoted(wire.action)} }`;
  const reference = kind === 'command' ? ', commandReference(call)' : '';
  return `/** \`${commentText(wire.element)}\` */
  ${verb}(input: ${input}, call: Call): Promise<${output}> {
    return this.ask(${output}, call, ${request}, toTheirs(spelling, ${input}, input) as XmlTree${reference});
  }`;
}

const sendAgainText = `/**
   * Whether a command whose answer was lost may be sent again: only where the outside system knows it again by its reference.
   * ${decide} better, ask the outside system for what the reference has become; until then nothing is known of it.
   * @throws BusError \`outcome-unknown\`
   */
  sendAgain(input: object | undefined): undefined {
    if (input && this.config.knowsReferences) return undefined;
    throw new BusError('outcome-unknown', { detail: notKnown });
  }`;

const notKnownText = `
const notKnown = {
  en: 'the outside system cannot be asked what became of the command',
  vi: 'không thể hỏi hệ thống nguồn về kết quả của lệnh',
};
`;

function askSoapText({ namespace, operations }: ConnectorDraft): string {
  const hasCommand = operations.some(({ kind }) => kind === 'command');
  const body = namespace!.qualified
    ? "{ [element]: { '@xmlns': namespace, ...content } }"
    : "{ [`q:${element}`]: { '@xmlns:q': namespace, ...content } }";
  return `/** Asks, and reads the element that answers; an empty one is taken for "there is none". */
  private async ask<T extends object>(
    messageClass: MessageClass<T>,
    call: Call,
    { element, answer, action }: { element: string; answer: string; action: string },
    content: XmlTree,
    ${hasCommand ? 'reference?: string,' : ''}
  ): Promise<T> {
    const body = await this.soap.call(call, {
      action,
      ${hasCommand ? "headers: reference ? { 'idempotency-key': reference } : {}," : ''}
      body: ${body},
    });
    const found = xmlAt(body, answer);
    if (isEmptyXml(found)) throw new BusError('not-found');
    return fromTheirs(call, spelling, messageClass, found);
  }`;
}
