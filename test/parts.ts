import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Part {
  name: string;
  kind: 'gateway' | 'ledger' | 'courier' | 'connector' | 'sandbox' | 'tool';
}

/** The parts of the bus in the order of nest-cli.json, the one list. */
export function readParts(): Part[] {
  const { projects } = JSON.parse(readFileSync(join(__dirname, '../nest-cli.json'), 'utf8')) as {
    projects: Record<string, { lgsp: { part: Part['kind'] } }>;
  };
  return Object.entries(projects).map(([name, { lgsp }]) => ({ name, kind: lgsp.part }));
}

/** Systems that have a connector. */
export const readSystems = (): string[] =>
  readParts()
    .filter(({ kind }) => kind === 'connector')
    .map(({ name }) => name);
