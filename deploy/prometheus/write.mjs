/** Writes Prometheus' configuration for production. `--print <rules> <every> <targets>` prints a local one, for tests. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readParts } from '../local/parts.mjs';
import { localConfiguration, productionConfiguration } from '../local/prometheus.conf.mjs';

const path = join(import.meta.dirname, 'prometheus.yml');
const parts = readParts()
  .filter(({ kind }) => kind !== 'sandbox' && kind !== 'tool')
  .map(({ name }) => name);
const [option, rules, every, targets = '[]'] = process.argv.slice(2);

if (option === '--print') process.stdout.write(localConfiguration(JSON.parse(targets), { rules, every }));
else if (option === '--check') process.exitCode = readFileSync(path, 'utf8') === productionConfiguration(parts) ? 0 : 1;
else writeFileSync(path, productionConfiguration(parts));
