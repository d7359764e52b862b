/** The gateway of this repository as it is built, with a registered client: the parent gives it the same messages. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const dist = join(import.meta.dirname, '../../../../dist/apps');
const environment = { ...process.env, LGSP_NATS_URL: process.env.NATS_URL, LGSP_LOG_LEVEL: 'warn' };
const registered = execFileSync(
  process.execPath,
  [join(dist, 'cli/main.js'), 'clients', 'add', 'bench', '--name', 'Bench', '--agency', '*', '--grant', '*', '--json'],
  { env: environment, encoding: 'utf8' },
);
const { secret } = JSON.parse(registered);
process.send({ headers: { Authorization: `ApiKey ${secret}` }, path: 'v1/echo/say' });

Object.assign(process.env, environment, { LGSP_HTTP_PORT: '0', LGSP_METRICS_PORT: '0' });
await import(join(dist, 'gateway/main.js'));
