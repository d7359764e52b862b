import {
  camelCase,
  theirExampleText,
  keyOf,
  theirExampleOf,
  variablePrefix,
  type ConnectorDraft,
  type OperationDraft,
  type RestWire,
} from '../draft';
import { authFields } from './connector.text';
import { decide, importOf, literal, memberName, quoted } from './source.text';

/** `apps/sandbox/<system>/<system>.stand-in.ts`: answers every example in the outside system's own spelling. */
export function standInText(draft: ConnectorDraft): string {
  const { name, operations, messages, auth, basePath, upstream } = draft;
  const isSoap = upstream === 'soap';
  const hasCommand = operations.some(({ kind }) => kind === 'command');
  const contentType = isSoap ? 'text/xml' : 'application/json';
  const answers = operations.flatMap(({ verb, output, wire }) =>
    wire?.style === 'rest' && wire.answer !== 'object'
      ? restAnswer(draft, verb, output, wire)
      : [`${verb}: ${literal(theirExampleOf(messages, output))},`],
  );
  const state = [
    ...(auth.scheme === 'client-credentials' ? ['tokens: new Wso2Tokens(context, consumerKey)'] : []),
    ...(hasCommand ? ['done: new Set<string>()'] : []),
  ];
  const imports = [
    "import type { FastifyRequest } from 'fastify';\n",
    isSoap ? importOf(['buildXml', 'parseXml', 'xmlAt', 'xmlText', 'type XmlTree'], '#lgsp/kit') : '',
    importOf(['defineStandIn', ...(usesContext(draft) ? ['type StandInContext'] : [])], '../stand-in'),
    auth.scheme === 'client-credentials' ? importOf(['Wso2Tokens'], '../wso2.tokens') : '',
  ];
  return `${imports.join('')}
const path = ${quoted(basePath)};
${auth.scheme === 'client-credentials' ? "const consumerKey = 'haiphong';\n" : ''}${auth.scheme === 'basic' ? "const user = 'haiphong';\n" : ''}
/** What it answers, in its own spelling. ${decide} records as the real system holds them, with its own ways to refuse. */
const answers = { ${answers.join('\n')} };

/** Stands in for the outside system in tests and demonstrations. */
export const ${camelCase(name)}StandIn = defineStandIn({
  system: ${quoted(name)},
  contentType: '${contentType}',
  faultDocument: { status: 500, contentType: '${contentType}', body: ${isSoap ? "fault('Server', 'The service is interrupted')" : `'{"code":"FAULT","message":"The service is interrupted"}'`} },
  env: ({ baseUrl${authFields(auth).some(({ secret }) => secret) ? ', secret' : ''} }) => ({ ${envText(draft, hasCommand).join(', ')} }),
  ${state.length > 0 ? `state: (${auth.scheme === 'client-credentials' ? 'context' : ''}) => ({ ${state.join(', ')} }),` : ''}
  routes(app, context) {
    ${auth.scheme === 'client-credentials' ? `app.post(${quoted(`${basePath}${auth.tokenPath}`)}, (request, reply) => context.state.tokens.issue(request, reply));` : ''}
    ${isSoap ? soapRoute(draft) : operations.map((each) => restRoute(each, draft)).join('\n')}
  },
});

${refusalText(draft)}${isSoap ? soapText(draft) : restText(draft, hasCommand)}`;
}

const usesContext = ({ auth }: ConnectorDraft): boolean => ['api-key', 'bearer', 'basic'].includes(auth.scheme);

function restAnswer({ messages }: ConnectorDraft, verb: string, output: string, wire: RestWire): string[] {
  if (wire.answer === 'empty') return [];
  return [`${verb}: ${literal(theirExampleOf(messages, output)['items'])},`];
}

function envText({ name, auth }: ConnectorDraft, hasCommand: boolean): string[] {
  const prefix = variablePrefix(name);
  const given: Record<string, string> = { USER: 'user', CONSUMER_KEY: 'consumerKey' };
  const fields = authFields(auth).filter(({ value }) => value === undefined);
  return [
    `${prefix}_BASE_URL: \`\${baseUrl}\${path}\``,
    ...fields.map(({ variable }) => {
      const kebab = variable.toLowerCase().replaceAll('_', '-');
      return `${prefix}_${variable}: ${given[variable] ?? `secret('${kebab}')`}`;
    }),
    ...(hasCommand ? [`${prefix}_KNOWS_REFERENCES: 'true'`] : []),
  ];
}

function restRoute(operation: OperationDraft, draft: ConnectorDraft): string {
  const { verb, kind, wire, input } = operation;
  if (wire?.style !== 'rest') throw new Error(`${draft.name}.${verb} is no operation of REST`);
  const route = wire.path.replaceAll(':', '::').replaceAll(/\{([^}]+)\}/g, (_, name: string) => `:${routeName(name)}`);
  const key = keyOf(draft, operation);
  const theirs = wire.parameters.find(({ field }) => field === key?.name)?.theirs ?? '';
  const { fields } = draft.messages.find(({ name }) => name === input)!;
  const refused = 'const refused = refusal(request, context);\n if (refused) return reply.code(401).send(refused);';
  const unknown = key
    ? `if ((request.params as Record<string, string>)[${quoted(routeName(theirs))}] !== ${quoted(theirExampleText(key))}) return reply.code(404).send(noSuch);`
    : '';
  const required = wire.hasBody
    ? `const missing = missingIn(request, ${literal(fields.filter((each) => each.required && !wire.parameters.some(({ field }) => field === each.name)).map(({ theirs }) => theirs))});
      if (missing) return reply.code(400).send(missing);`
    : '';
  const effect = kind === 'command' ? `take(request, ${quoted(wire.referenceHeader)}, ${quoted(verb)}, context);` : '';
  const send =
    wire.answer === 'empty' ? 'return reply.code(204).send();' : `return reply.send(answers${memberAccess(verb)});`;
  return `app.${wire.method.toLowerCase()}(\`\${path}${route}\`, (request, reply) => {
      ${[refused, unknown, required, effect, send].filter(Boolean).join('\n')}
    });`;
}

/** Fastify ends the name of a parameter at a hyphen. */
const routeName = (theirs: string): string => theirs.replaceAll(/\W/g, '_');

const memberAccess = (verb: string): string => (memberName(verb) === verb ? `.${verb}` : `['${verb}']`);

function refusalText({ auth, upstream }: ConnectorDraft): string {
  const isSoap = upstream === 'soap';
  const given = isSoap ? "'Not authorised'" : "{ code: 'UNAUTHORISED', message: 'Not authorised' }";
  const type = isSoap ? 'string' : 'object';
  if (auth.scheme === 'none') {
    return `/** ${decide} it lets everybody in. */
function refusal(_request: FastifyRequest, _context: unknown): ${type} | undefined {
  return undefined;
}
`;
  }
  if (auth.scheme === 'client-credentials') {
    const refused = 'state.tokens.refusal(request)';
    return `function refusal(request: FastifyRequest, { state }: { state: { tokens: Wso2Tokens } }): ${type} | undefined {
  return ${isSoap ? `${refused} ? ${given} : undefined` : refused};
}
`;
  }
  const expected = {
    'api-key': "headers[headerName] === secret('api-key')",
    bearer: "headers.authorization === `Bearer ${secret('token')}`",
    basic: "headers.authorization === `Basic ${Buffer.from(`${user}:${secret('password')}`).toString('base64')}`",
  }[auth.scheme];
  const header = auth.scheme === 'api-key' ? expected.replace('headerName', quoted(auth.header)) : expected;
  return `function refusal({ headers }: FastifyRequest, { secret }: StandInContext): ${type} | undefined {
  return ${header} ? undefined : ${given};
}
`;
}

function restText({ operations }: ConnectorDraft, hasCommand: boolean): string {
  const rests = operations.flatMap(({ wire }) => (wire?.style === 'rest' ? [wire] : []));
  const hasPath = rests.some(({ parameters }) => parameters.some((parameter) => parameter.in === 'path'));
  const hasBody = rests.some(({ hasBody: has }) => has);
  return [
    hasPath ? "\nconst noSuch = { code: 'NOT_FOUND', message: 'There is none' };\n" : '',
    hasBody ? missingText : '',
    hasCommand ? takeText : '',
  ].join('');
}

const missingText = `
/** The first field that must be there and is not. */
function missingIn({ body }: FastifyRequest, required: readonly string[]): object | undefined {
  const given = JSON.parse(String(body)) as Record<string, unknown>;
  const missing = required.find((name) => given[name] === undefined);
  return missing === undefined ? undefined : { code: 'INVALID', message: \`\${missing} is missing\` };
}
`;

const takeText = `
interface Taking {
  state: { done: Set<string> };
  effects: { add(kind: string, key: string): number };
}

/** Acts once for each reference, however often it comes. */
function take({ headers }: FastifyRequest, header: string, kind: string, { state, effects }: Taking): void {
  const reference = \`\${kind} \${String(headers[header])}\`;
  if (state.done.has(reference)) return;
  state.done.add(reference);
  effects.add(kind, reference);
}
`;

function soapRoute(draft: ConnectorDraft): string {
  const cases = draft.operations.map((operation) => {
    const { verb, kind, wire } = operation;
    if (wire?.style !== 'soap') throw new Error(`${verb} is no operation of SOAP`);
    const key = keyOf(draft, operation);
    const known = key ? `xmlText(content, ${quoted(key.theirs)}) === ${quoted(theirExampleText(key))}` : 'true';
    const effect = kind === 'command' ? `take(request, 'idempotency-key', ${quoted(verb)}, context);\n` : '';
    const answer = `answers${memberAccess(verb)}`;
    return `if (element === ${quoted(wire.element)}) {
        ${effect}return reply.send(envelope({ ${memberName(wire.answerElement)}: ${known === 'true' ? answer : `${known} ? ${answer} : ''`} }));
      }`;
  });
  return `app.post(path, (request, reply) => {
      reply.type('text/xml');
      const refused = refusal(request, context);
      if (refused) return reply.code(401).send(fault('Client', refused));
      const body = (xmlAt(parseXml(String(request.body)), 'Envelope', 'Body') ?? {}) as Record<string, unknown>;
      const [element, ${cases.some((text) => text.includes('xmlText(content')) ? 'content' : ''}] = Object.entries(body)[0] ?? [];
      ${cases.join('\n')}
      return reply.code(500).send(fault('Client', 'There is no such operation'));
    });`;
}

function soapText({ operations, namespace }: ConnectorDraft): string {
  const hasCommand = operations.some(({ kind }) => kind === 'command');
  return `
/** Answers stand in the namespace of the service. */
function envelope(content: XmlTree): string {
  const [name = '', answer] = Object.entries(content)[0] ?? [];
  const tree = typeof answer === 'object' && !Array.isArray(answer) ? answer : { '#text': answer };
  return soap({ [\`s:\${name}\`]: { '@xmlns:s': ${quoted(namespace!.uri)}, ...tree } });
}

function fault(code: string, text: string): string {
  return soap({ 'soap:Fault': { faultcode: \`soap:\${code}\`, faultstring: text } });
}

function soap(content: XmlTree): string {
  const namespace = 'http://schemas.xmlsoap.org/soap/envelope/';
  return buildXml({ 'soap:Envelope': { '@xmlns:soap': namespace, 'soap:Body': content } });
}
${hasCommand ? takeText : ''}`;
}
