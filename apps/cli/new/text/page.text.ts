import { kebabOf, variablePrefix, type ConnectorDraft, type OperationDraft } from '../draft';
import { commentText } from './source.text';

const cell = (text: string): string => commentText(text).replaceAll('|', '\\|');

/** `docs/connectors/<system>.md` */
export function pageText(draft: ConnectorDraft): string {
  const { name, summary, operations, upstream, source, leftOut, auth } = draft;
  const rows = operations.map(
    ({ verb, kind, summary: { en }, wire }) =>
      `| \`${kebabOf(verb)}\` | ${kind} | ${cell(en)} | ${cell(wireName(wire))} |`,
  );
  const origin = source
    ? `Drafted from \`${cell(source)}\`, and not yet held against the real system.`
    : 'A draft, not yet held against the real system.';
  const left = leftOut.length === 0 ? '' : `\n## Left out\n\n${leftOut.map((why) => `- ${cell(why)}`).join('\n')}\n`;
  const configuration = `Configuration: [configuration.md](../configuration.md#${name}).`;
  return `# ${name}

${summary.en} · ${summary.vi}. ${origin}

| operation | kind | what it does | there |
| --- | --- | --- | --- |
${rows.join('\n')}

## An example

${operations
  .slice(0, 1)
  .map((each) => exampleText(name, each))
  .join('\n')}
## What a person must decide

\`grep -rn DECIDE apps/${name} apps/sandbox/${name}\` finds every place; none may be left in production.

${decisions(draft)
  .map((text) => `- ${text}`)
  .join('\n')}
${left}
## What the caller sees

${upstream === 'none' ? 'There is no outside system that could fail.' : outcomes(upstream)}

${upstream === 'none' || auth.scheme === 'none' ? '' : `Credentials: \`${variablePrefix(name)}_…\`. `}${configuration}
`;
}

function wireName(wire: OperationDraft['wire']): string {
  if (!wire) return '—';
  return wire.style === 'rest' ? `\`${wire.method} ${wire.path}\`` : `\`${wire.element}\``;
}

function exampleText(name: string, { verb, kind, example }: OperationDraft): string {
  const headers = kind === 'command' ? " \\\n  -H 'Idempotency-Key: try-1' -H 'Lgsp-Dossier: H24.11-261101-0001'" : '';
  return `\`\`\`sh
curl -s "$LGSP_URL/v1/${name}/${kebabOf(verb)}" -H "Authorization: ApiKey $LGSP_CLIENT_SECRET" \\
  -H 'Content-Type: application/json'${headers} -d '${JSON.stringify(example.input).replaceAll("'", "'\\''")}'
\`\`\`

\`\`\`json
${JSON.stringify(example.output, null, 2)}
\`\`\`
`;
}

function decisions({ upstream, operations }: ConnectorDraft): string[] {
  const hasCommand = operations.some(({ kind }) => kind === 'command');
  return [
    'who answers for it, and the words of each operation in both languages',
    'the names of fields and of listed values in the words of the bus, and which of them are codes of the domain (`#lgsp/vietnam`)',
    'per operation: the context it requires, its time, the sensitivity of what it holds (drafted: personal)',
    ...(upstream === 'none'
      ? ['how the answer is worked out']
      : ['which of its answers mean "there is none" and "refused", and how it proves who we are']),
    ...(hasCommand
      ? [
          'whether it knows a repeated command again by its reference, or can be asked about it. Until `…_KNOWS_REFERENCES` says so, a command whose answer is lost stays `outcome-unknown` and is never sent twice',
        ]
      : []),
  ];
}

function outcomes(upstream: ConnectorDraft['upstream']): string {
  const none = upstream === 'rest' ? 'HTTP 404' : 'an empty element';
  const refused =
    upstream === 'rest' ? '| HTTP 400, 409, 422 | `upstream-rejected` |' : '| a SOAP fault | `upstream-fault` |';
  return `| the outside system | the caller gets |
| --- | --- |
| ${none} | \`not-found\` |
${refused}
| an answer that is not as described | \`upstream-invalid\`; \`outcome-unknown\` when it answers a command |
| HTTP 401, 403 | \`upstream-fault\`, and an error in the operator's log |
| nothing, or too late | \`upstream-unreachable\`, \`upstream-timeout\`; \`outcome-unknown\` for a command that was sent |`;
}
