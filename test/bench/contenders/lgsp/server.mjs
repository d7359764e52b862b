/** The gateway of this repository as it is built, with a registered client. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const dist = join(import.meta.dirname, '../../../../dist/apps');
const environment = {
  ...process.env,
  LGSP_NATS_URL: process.env.NATS_URL,
  LGSP_REDIS_URL: process.env.REDIS_URL,
  LGSP_LOG_LEVEL: 'warn',
};
// The parent gives it the gateway's own messages, and the secret of a client that another gateway has registered before.
const secret = process.env.BENCH_CLIENT_SECRET ?? registerClient();
process.send({ client: { id: 'bench', secret }, path: '/v1/echo/say' });

Object.assign(process.env, environment, {
  LGSP_HTTP_PORT: '0',
  LGSP_METRICS_PORT: '0',
  LGSP_SYSTEMS_PER_SECOND: '{"echo":1000000}',
});
await import(join(dist, 'gateway/main.js'));

/** Three limits and two quotas, none of which is met, in a real Redis. */
function registerClient() {
  const cli = (...args) =>
    execFileSync(process.execPath, [join(dist, 'cli/main.js'), 'clients', ...args], {
      env: environment,
      encoding: 'utf8',
    });
  const added = cli('add', 'bench', '--name', 'Bench', '--agency', '*', '--grant', '*', '--json');
  const rates = ['--per-second', '1000000', '--burst', '1000000', '--per-second-at-system', '1000000'];
  cli('limit', 'bench', ...rates, '--per-day', '1000000000', '--per-month', '1000000000');
  return JSON.parse(added).secret;
}
