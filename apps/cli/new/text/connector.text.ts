import {
  camelCase,
  pascalCase,
  variablePrefix,
  type AuthDraft,
  type ConnectorDraft,
  type OperationDraft,
} from '../draft';
import { decide, importOf, literal, quoted } from './source.text';

/** `main.ts` */
export function mainText({ name, upstream }: ConnectorDraft): string {
  const type = pascalCase(name);
  const client = upstream === 'none' ? '' : `import { ${type}Upstream } from './${name}.upstream';\n`;
  return `import { runConnector } from '#lgsp/kit';
import { ${type}Config } from './${name}.config';
import { ${camelCase(name)}, ${type}Adapter } from './${name}.connector';
${client}
void runConnector({
  definition: ${camelCase(name)},
  adapter: ${type}Adapter,
  providers: [${upstream === 'none' ? '' : `${type}Upstream`}],
  config: ${type}Config,
});
`;
}

/** `<system>.examples.ts`: one call per operation, which the sandbox answers as it stands. */
export function examplesText({ name, operations }: ConnectorDraft): string {
  const classes = operations.flatMap(({ input, output }) => [input, output]);
  const examples = operations.map(
    ({ verb, input, output, example }) =>
      `export const ${verb}Example: { input: ${input}; output: ${output} } = ${literal(example)};\n`,
  );
  return `${importOf(classes, `./${name}.messages`).replace('import', 'import type')}
/** Invented calls, one per operation; nothing in them belongs to a real person. */

${examples.join('\n')}`;
}

/** `<system>.connector.ts`: the definition, and the adapter with one method per operation. */
export function connectorText(draft: ConnectorDraft): string {
  const { name, owner, summary, operations, upstream } = draft;
  const type = pascalCase(name);
  const messages = operations.flatMap(({ input, output }) => [input, output]);
  const client = upstream === 'none' ? '' : `import { ${type}Upstream } from './${name}.upstream';\n`;
  const injected = upstream === 'none' ? '' : `constructor(private readonly upstream: ${type}Upstream) {}\n\n`;
  return `import { Injectable } from '@nestjs/common';
import { defineConnector, operation, type AdapterOf${upstream === 'none' ? '' : ', type Call'} } from '#lgsp/kit';
${importOf(
  operations.map(({ verb }) => `${verb}Example`),
  `./${name}.examples`,
)}${importOf(messages, `./${name}.messages`)}${client}
/** ${decide} who answers for it, its words in both languages, and of each operation: context it requires, time, sensitivity. */
export const ${camelCase(name)} = defineConnector({
  name: ${quoted(name)},
  version: '1.0.0',
  owner: ${quoted(owner)},
  summary: ${literal(summary)},
  operations: {
    ${operations.map(operationText).join('\n')}
  },
});

@Injectable()
export class ${type}Adapter implements AdapterOf<typeof ${camelCase(name)}> {
  ${injected}${operations.map((each) => methodsText(each, draft)).join('\n\n')}
}
`;
}

function operationText({ verb, kind, summary, input, output }: OperationDraft): string {
  const isCommand = kind === 'command';
  return `${verb}: operation({
      kind: '${kind}',
      summary: ${literal(summary)},
      input: ${input},
      output: ${output},${isCommand ? "\nrequires: ['dossier']," : ''}
      timeoutMs: ${isCommand ? '20_000' : '10_000'},
      sensitivity: 'personal',${
        isCommand
          ? "\nidempotency: 'Client, dossier and key become a reference, sent along; repeated only where the system knows it again',"
          : ''
      }
      example: ${verb}Example,
    }),`;
}

function methodsText({ verb, kind, input, output }: OperationDraft, { upstream }: ConnectorDraft): string {
  if (upstream === 'none') {
    return `/** ${decide} work the answer out; a draft gives the one of its example. */
  async ${verb}(input: ${input}): Promise<${output}> {
    return { ...${verb}Example.output, ...input };
  }`;
  }
  const perform = `${verb}(input: ${input}, call: Call): Promise<${output}> {
    return this.upstream.${verb}(input, call);
  }`;
  if (kind === 'query') return perform;
  return `${perform}

  async ${verb}Outcome(input: ${input} | undefined): Promise<${output} | undefined> {
    return this.upstream.sendAgain(input);
  }`;
}

/** `<system>.config.ts` */
export function configText(draft: ConnectorDraft): string {
  const { name, upstream, auth, operations } = draft;
  const type = pascalCase(name);
  if (upstream === 'none') {
    return `import { ConnectorConfig } from '#lgsp/kit';

/** Nothing beside what every connector can be told. */
export class ${type}Config extends ConnectorConfig {}
`;
  }
  const prefix = variablePrefix(name);
  const fields = [
    `@Env('${prefix}_BASE_URL', { describe: 'address of the outside system' })
  @IsUrl({ require_tld: false, protocols: ['http', 'https'] })
  baseUrl: string;`,
    ...authFields(auth).map(
      ({ property, variable, describe, secret, value }) =>
        `@Env('${prefix}_${variable}', { describe: ${quoted(describe)}${secret ? ', secret: true' : ''} })
  @IsString()
  @MinLength(1)
  ${property}: string${value ? ` = ${quoted(value)}` : ''};`,
    ),
  ];
  const hasCommand = operations.some(({ kind }) => kind === 'command');
  if (hasCommand) {
    fields.push(`@Env('${prefix}_KNOWS_REFERENCES', {
    describe: 'whether it knows a repeated command again by its reference, so that it may be sent again; else a lost answer stays unknown',
  })
  @IsBoolean()
  knowsReferences: boolean = false;`);
  }
  const rules = [
    ...(hasCommand ? ['IsBoolean'] : []),
    ...(authFields(auth).length > 0 ? ['IsString', 'MinLength'] : []),
  ];
  return `${importOf([...rules, 'IsUrl'], 'class-validator')}import { Env } from '#lgsp/config';
import { ConnectorConfig } from '#lgsp/kit';

export class ${type}Config extends ConnectorConfig {
  ${fields.join('\n\n')}
}
`;
}

export interface AuthField {
  property: string;
  variable: string;
  describe: string;
  secret?: boolean;
  /** Its default. */
  value?: string;
}

/** What must be configured to be let in. */
export function authFields(auth: AuthDraft): AuthField[] {
  switch (auth.scheme) {
    case 'none':
      return [];
    case 'api-key':
      return [
        { property: 'apiKey', variable: 'API_KEY', describe: `value of the header ${auth.header}`, secret: true },
      ];
    case 'bearer':
      return [{ property: 'token', variable: 'TOKEN', describe: 'bearer token', secret: true }];
    case 'basic':
      return [
        { property: 'user', variable: 'USER', describe: 'user of the Basic scheme' },
        { property: 'password', variable: 'PASSWORD', describe: 'password of that user', secret: true },
      ];
    case 'client-credentials':
      return [
        { property: 'consumerKey', variable: 'CONSUMER_KEY', describe: 'consumer key' },
        { property: 'consumerSecret', variable: 'CONSUMER_SECRET', describe: 'consumer secret', secret: true },
        {
          property: 'tokenPath',
          variable: 'TOKEN_PATH',
          describe: 'where a token is asked for',
          value: auth.tokenPath,
        },
      ];
  }
}
