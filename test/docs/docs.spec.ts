import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayConfig } from '../../apps/gateway/gateway.config';
import { CourierConfig } from '../../apps/courier/courier.config';
import { LedgerConfig } from '../../apps/ledger/ledger.config';
import { SandboxConfig } from '../../apps/sandbox/sandbox.config';
import { ConnectorConfig, type ConnectorDefinition } from '#lgsp/kit';
import { readParts, readSystems } from '../parts';
import { configurationPage, connectorsPage, errorsPage, metricsPage } from './pages';

const docs = join(__dirname, '../../docs');
const connectors = readSystems();

class SharedConfig extends ConnectorConfig {}

/** The one export of a file of a connector that is of this kind. */
function exportOf<T>(connector: string, kind: string, is: (value: unknown) => boolean): T {
  // By name, so that a connector that is added to nest-cli.json has its pages without a change here.
  // eslint-disable-next-line typescript/no-require-imports
  const exported = require(`../../apps/${connector}/${connector}.${kind}`) as Record<string, unknown>;
  const found = Object.values(exported).filter(is);
  if (found.length !== 1) throw new Error(`${connector}.${kind}.ts exports ${found.length} of what is looked for`);
  return found[0] as T;
}

const definitions = connectors.map((name) =>
  exportOf<ConnectorDefinition>(
    name,
    'connector',
    (value) => typeof value === 'object' && value !== null && 'owner' in value,
  ),
);

const configs: Record<string, new () => object> = {
  gateway: GatewayConfig,
  ledger: LedgerConfig,
  courier: CourierConfig,
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
