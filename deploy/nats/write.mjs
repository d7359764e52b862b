/** Writes the production template of NATS' configuration. `--print-local <port> <folder>` prints a local one, for tests. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localConfiguration, productionConfiguration } from '../local/nats.conf.mjs';
import { systems } from '../local/parts.mjs';

const path = join(import.meta.dirname, 'nats.conf');
const [option, port = '0', dataFolder = '', passwords = '{}'] = process.argv.slice(2);

if (option === '--print-local') {
  const settings = { serverName: 'test', port: Number(port), dataFolder, systems: systems() };
  process.stdout.write(localConfiguration({ ...settings, passwords: JSON.parse(passwords) }));
} else if (option === '--check') {
  process.exitCode = readFileSync(path, 'utf8') === productionConfiguration(systems()) ? 0 : 1;
} else {
  writeFileSync(path, productionConfiguration(systems()));
}
