import type { ConnectorDefinition } from '#lgsp/kit';

/** The one export of a file of a connector that is of this kind. */
export function exportOf<T>(connector: string, kind: string, is: (value: unknown) => boolean): T {
  // By name, so that a connector that is added to nest-cli.json has its pages without a change here.
  // eslint-disable-next-line typescript/no-require-imports
  const exported = require(`../../apps/${connector}/${connector}.${kind}`) as Record<string, unknown>;
  const found = Object.values(exported).filter(is);
  if (found.length !== 1) throw new Error(`${connector}.${kind}.ts exports ${found.length} of what is looked for`);
  return found[0] as T;
}

/** What a connector says of itself. */
export const definitionOf = (connector: string): ConnectorDefinition =>
  exportOf<ConnectorDefinition>(
    connector,
    'connector',
    (value) => typeof value === 'object' && value !== null && 'owner' in value,
  );
