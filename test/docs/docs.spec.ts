import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CivilRegistryConfig } from '../../apps/civil-registry/civil-registry.config';
import { civilRegistry } from '../../apps/civil-registry/civil-registry.connector';
import { GatewayConfig } from '../../apps/gateway/gateway.config';
import { JudicialRecordsConfig } from '../../apps/judicial-records/judicial-records.config';
import { judicialRecords } from '../../apps/judicial-records/judicial-records.connector';
import { PaymentConfig } from '../../apps/payment/payment.config';
import { payment } from '../../apps/payment/payment.connector';
import { PopulationConfig } from '../../apps/population/population.config';
import { population } from '../../apps/population/population.connector';
import { SandboxConfig } from '../../apps/sandbox/sandbox.config';
import { VnpostConfig } from '../../apps/vnpost/vnpost.config';
import { vnpost } from '../../apps/vnpost/vnpost.connector';
import { ProcessConfig } from '#lgsp/config';
import { ConnectorConfig } from '#lgsp/kit';
import { configurationPage, connectorsPage, errorsPage, metricsPage } from './pages';

const docs = join(__dirname, '../../docs');
const definitions = [population, civilRegistry, judicialRecords, payment, vnpost];

class SharedConfig extends ConnectorConfig {}

const configs = {
  gateway: GatewayConfig,
  population: PopulationConfig,
  'civil-registry': CivilRegistryConfig,
  'judicial-records': JudicialRecordsConfig,
  payment: PaymentConfig,
  vnpost: VnpostConfig,
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
  expect(new Set(Object.values(configs).map((config) => new config() instanceof ProcessConfig))).toEqual(
    new Set([true, false]),
  );
  expect(Object.keys(configs)).toHaveLength(definitions.length + 2);
});
