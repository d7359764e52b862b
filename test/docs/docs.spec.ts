import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayConfig } from '../../apps/gateway/gateway.config';
import { LedgerConfig } from '../../apps/ledger/ledger.config';
import { SandboxConfig } from '../../apps/sandbox/sandbox.config';
import { conformanceRules } from '#lgsp/conformance';
import { ConnectorConfig } from '#lgsp/kit';
import { readParts, readSystems } from '../parts';
import { definitionOf, exportOf } from './definitions';
import { configurationPage, conformancePage, connectorsPage, errorsPage, metricsPage } from './pages';
import { partsDrawing } from './parts.drawing';

const docs = join(__dirname, '../../docs');
const connectors = readSystems();

class SharedConfig extends ConnectorConfig {}

const definitions = connectors.map(definitionOf);

const configs: Record<string, new () => object> = {
  gateway: GatewayConfig,
  ledger: LedgerConfig,
  ...Object.fromEntries(
    connectors.map((name) => [
      name,
      exportOf<new () => ConnectorConfig>(
        name,
        'config',
        (value) => typeof value === 'function' && value.prototype instanceof ConnectorConfig,
      ),
    ]),
  ),
  sandbox: SandboxConfig,
};

const pages = {
  'errors.md': errorsPage,
  'metrics.md': metricsPage,
  'configuration.md': () => configurationPage(configs, SharedConfig),
  'connectors/README.md': () => connectorsPage(definitions),
  'parts.svg': () => partsDrawing(connectors),
  'connectors/conformance.md': conformancePage,
};

/** `npm run docs` writes the pages instead of comparing them. */
const writes = process.env['LGSP_WRITE_DOCS'] === '1';

it.each(Object.entries(pages))('docs/%s says what the code says', (name, render) => {
  const path = join(docs, name);
  const text = render();
  if (writes) writeFileSync(path, text);
  expect(readFileSync(path, 'utf8')).toBe(text);
});

it.each(definitions.map(({ name }) => name))('%s has a page of its own', (name) => {
  expect(existsSync(join(docs, 'connectors', `${name}.md`))).toBe(true);
});

it('every process is described', () => {
  const processes = readParts().filter(({ kind }) => kind !== 'tool');
  expect(Object.keys(configs).toSorted()).toEqual(processes.map(({ name }) => name).toSorted());
});

it('every rule of conformance is written where it says', () => {
  const headings = [...readFileSync(join(docs, 'protocol.md'), 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  );
  const sections = Object.values(conformanceRules).map(({ section }) => section);
  expect(sections.filter((section) => !headings.includes(section))).toEqual([]);
});
