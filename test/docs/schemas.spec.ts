import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { breaksOf, breakText, recordText, schemasOf, type RecordedSchemas } from '#lgsp/conformance';
import { describeEndpoint, subjectOf, type ConnectorDefinition } from '#lgsp/kit';
import { todayInVietnam } from '#lgsp/vietnam';
import { readSystems } from '../parts';
import { definitionOf } from './definitions';

/**
 * What callers of each connector rely on is recorded beside it, in `<system>.schemas.json`. `npm run docs` records what was
 * added; a change that breaks a caller under the same major version is refused, here and there.
 */

const writes = process.env['LGSP_WRITE_DOCS'] === '1';

function presentOf(definition: ConnectorDefinition): RecordedSchemas {
  const { version, operations } = definition;
  const described = Object.entries(operations).map(([verb, operation]) => ({
    subject: subjectOf(definition, verb),
    metadata: describeEndpoint(verb, version, operation).metadata,
  }));
  return schemasOf(described);
}

it.each(readSystems())('%s breaks none of its callers, and what they rely on is recorded', (system) => {
  const path = join(__dirname, '../../apps', system, `${system}.schemas.json`);
  const present = presentOf(definitionOf(system));
  const recorded = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as RecordedSchemas) : {};
  expect(breaksOf(recorded, present, todayInVietnam(new Date())).map(breakText)).toEqual([]);
  if (writes) writeFileSync(path, recordText(present));
  // Something was added: npm run docs records it.
  expect(existsSync(path) ? readFileSync(path, 'utf8') : 'not recorded yet: npm run docs').toBe(recordText(present));
});
