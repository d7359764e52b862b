import { existsSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { StandInDefinition } from './stand-in';

const isStandIn = (value: unknown): value is StandInDefinition =>
  typeof value === 'object' && value !== null && 'system' in value && 'routes' in value;

/**
 * Every outside system of the sandbox, by name: each folder beside this file that holds a `<system>.stand-in`. A new one is
 * found without being written down anywhere. @throws Error when such a file does not export exactly one stand-in
 */
export function findStandIns(): StandInDefinition[] {
  return readdirSync(__dirname)
    .toSorted()
    .filter((name) => existsSync(join(__dirname, name, `${name}.stand-in${extname(__filename)}`)))
    .map((name) => {
      // eslint-disable-next-line typescript/no-require-imports
      const exported = require(join(__dirname, name, `${name}.stand-in`)) as Record<string, unknown>;
      const found = Object.values(exported).filter(isStandIn);
      if (found.length !== 1 || found[0]!.system !== name)
        throw new Error(`${name}.stand-in must export one stand-in, of the system ${name}`);
      return found[0]!;
    });
}
