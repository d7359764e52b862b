/** The same gateway with admission off: whoever calls may call, and nothing is counted against a limit. */
import { join } from 'node:path';

const dist = join(import.meta.dirname, '../../../../dist/apps');
const { default: door } = await import(join(dist, 'gateway/admission/admission.js'));
const anybody = { id: 'bench', state: 'active' };
Object.assign(door.Admission.prototype, {
  identify: () => anybody,
  checkAddress: () => undefined,
  admit: () => ({ client: anybody, headers: { 'Lgsp-Client': 'bench' } }),
  count: () => undefined,
});

process.send({ path: '/v1/echo/say' });
Object.assign(process.env, {
  LGSP_NATS_URL: process.env.NATS_URL,
  LGSP_LOG_LEVEL: 'warn',
  LGSP_HTTP_PORT: '0',
  LGSP_METRICS_PORT: '0',
});
await import(join(dist, 'gateway/main.js'));
