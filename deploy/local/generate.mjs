/** `npm run generate`: rewrites every list that is made from the tree: NATS' users, what Prometheus scrapes, pages, the drawing of the parts. */
import { join } from 'node:path';
import { mustRun } from './commands.mjs';
import { root } from './places.mjs';
import { told } from './say.mjs';

/** What of it names the systems, below the top folder: what a new connector changes. A new such list joins here. */
const listsOfSystems = [
  'deploy/compose/compose.yaml',
  'deploy/nats/nats.conf',
  'deploy/prometheus/prometheus.yml',
  'docs/configuration.md',
  'docs/connectors/README.md',
  'docs/parts.svg',
];

async function main() {
  for (const script of ['deploy/nats/write.mjs', 'deploy/prometheus/write.mjs', 'deploy/compose/write.mjs'])
    await mustRun(process.execPath, [join(root, script)]);
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const environment = { ...process.env, LGSP_WRITE_DOCS: '1' };
  await mustRun(process.execPath, [jest, '-c', join(root, 'test/jest.config.json'), 'test/docs/(docs|schemas)'], {
    environment,
  });
}

if (process.argv.includes('--list')) process.stdout.write(`${listsOfSystems.join('\n')}\n`);
else
  main().catch((error) => {
    process.stderr.write(`${told(error)}\n`);
    process.exit(1);
  });
