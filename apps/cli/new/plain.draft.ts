import { camelCase, pascalCase, type ConnectorDraft, type FieldDraft, type OperationDraft } from './draft';
import type { Answers } from './connector.answers';

const field = (change: Pick<FieldDraft, 'name' | 'theirs' | 'example'> & Partial<FieldDraft>): FieldDraft => ({
  type: 'text',
  list: false,
  required: true,
  lengthMax: 200,
  ...change,
});

const code = field({ name: 'code', theirs: 'id', lengthMin: 1, lengthMax: 50, example: 'EXAMPLE-1' });
const text = field({ name: 'text', theirs: 'description', lengthMin: 1, lengthMax: 500, example: 'An invented text' });
const state = field({
  name: 'state',
  theirs: 'status',
  values: ['received', 'refused'],
  lengthMax: undefined,
  example: 'received',
});

/**
 * A connector of which only names are known: each query asks for a record by its code, each command hands a text in. A
 * person then replaces fields, paths and spelling.
 */
export function plainDraft({ name, owner, summary, upstream, queries, commands }: Answers): ConnectorDraft {
  const messages: ConnectorDraft['messages'] = [];
  const operation = (kebab: string, kind: OperationDraft['kind']): OperationDraft => {
    const verb = camelCase(kebab);
    const [input, output] = [`${pascalCase(kebab)}Input`, `${pascalCase(kebab)}Output`];
    const [asked, answered] = kind === 'query' ? [[code], [code, text]] : [[text], [state]];
    messages.push({ name: input, fields: asked }, { name: output, fields: answered });
    const words = kebab.replaceAll('-', ' ');
    return {
      verb,
      kind,
      summary: {
        en: `${words[0]!.toUpperCase()}${words.slice(1)} (a draft)`,
        vi: `Bản nháp: ${words}`,
      },
      input,
      output,
      wire: wireOf(upstream, kebab, kind),
      example: {
        input: Object.fromEntries(asked.map((each) => [each.name, each.example])),
        output: Object.fromEntries(answered.map((each) => [each.name, each.example])),
      },
    };
  };
  return {
    name,
    owner,
    summary,
    upstream,
    auth: { scheme: upstream === 'none' ? 'none' : 'api-key', header: 'x-api-key' },
    basePath: upstream === 'soap' ? '/service' : '/api',
    namespace: upstream === 'soap' ? { uri: `urn:${name}`, qualified: true } : undefined,
    operations: [
      ...queries.map((each) => operation(each, 'query')),
      ...commands.map((each) => operation(each, 'command')),
    ],
    messages,
    leftOut: [],
  };
}

function wireOf(upstream: Answers['upstream'], kebab: string, kind: OperationDraft['kind']): OperationDraft['wire'] {
  if (upstream === 'none') return undefined;
  if (upstream === 'soap') {
    return { style: 'soap', action: '', element: pascalCase(kebab), answerElement: `${pascalCase(kebab)}Response` };
  }
  const isQuery = kind === 'query';
  return {
    style: 'rest',
    method: isQuery ? 'GET' : 'POST',
    path: isQuery ? `/${kebab}/{id}` : `/${kebab}`,
    parameters: isQuery ? [{ field: 'code', theirs: 'id', in: 'path' }] : [],
    hasBody: !isQuery,
    referenceHeader: 'idempotency-key',
    answer: 'object',
  };
}
