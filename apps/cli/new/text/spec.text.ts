import { camelCase, theirExampleText, keyOf, pascalCase, type ConnectorDraft, type FieldDraft } from '../draft';
import { literal } from './source.text';

/** `<system>.connector.spec.ts`: the contract on every operation, and the first of its peculiarities. */
export function specText(draft: ConnectorDraft): string {
  const { name, operations, upstream } = draft;
  const [type, own] = [pascalCase(name), camelCase(name)];
  const parts = `definition: ${own}, adapter: ${type}Adapter, config: ${type}Config`;
  if (upstream === 'none') {
    return `import { describeConnector } from '#lgsp/kit/testing';
import { ${type}Config } from './${name}.config';
import { ${own}, ${type}Adapter } from './${name}.connector';

describeConnector({ ${parts} }, {});
`;
  }
  const commands = operations.filter(({ kind }) => kind === 'command').map(({ verb }) => verb);
  const repeatable =
    commands.length === 0
      ? ''
      : `// The stand-in knows a command again by its reference.\nrepeatableCommands: ${literal(commands)},`;
  return `import { describeConnector } from '#lgsp/kit/testing';
import { ${own}StandIn } from '../sandbox/${name}/${name}.stand-in';
import { startStandIn } from '../sandbox/start.stand-in';
import { ${type}Config } from './${name}.config';
import { ${own}, ${type}Adapter } from './${name}.connector';
import { ${type}Upstream } from './${name}.upstream';

describeConnector(
  { ${parts}, providers: [${type}Upstream] },
  {
    standIn: () => startStandIn(${own}StandIn),
    ${repeatable}
    ${peculiarities(draft)}
  },
);
`;
}

function peculiarities(draft: ConnectorDraft): string {
  const tests = draft.operations.flatMap((operation) => {
    const key = keyOf(draft, operation);
    const other = key && anotherValue(key);
    if (other === undefined) return [];
    return [
      `it('answers not-found where ${operation.verb} finds none', async () => {
        const { input } = ${camelCase(draft.name)}.operations.${operation.verb}.example;
        const { code } = await harness().call('${operation.verb}', { ...input, ${key!.name}: ${literal(other)} });
        expect(code).toBe('not-found');
      });`,
    ];
  });
  return tests.length === 0 ? '' : `peculiarities: (harness) => {\n${tests.join('\n\n')}\n},`;
}

/** A value that keeps the field's rules and is not its example; undefined where none is simple to find. */
function anotherValue(field: FieldDraft): string | number | undefined {
  const { type, values, pattern, lengthMin = 1, lengthMax = 200, most, example } = field;
  if (values || pattern !== undefined) return undefined;
  if (type === 'integer') return most === undefined || Number(example) < most ? Number(example) + 1 : undefined;
  if (type !== 'text') return undefined;
  const length = Math.min(Math.max(lengthMin, theirExampleText(field).length), lengthMax);
  return ['0', '1'].map((letter) => letter.repeat(length)).find((text) => text !== example);
}
