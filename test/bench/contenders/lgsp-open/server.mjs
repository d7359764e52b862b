/** The same gateway with admission off: whoever calls may call, and nothing is counted against a limit. */
import { createRequire } from 'node:module';

// Not bundled, so that one of its modules can be changed.
const dist = createRequire(new URL('../../../../dist/', import.meta.url));
const { Admission } = dist('./apps/gateway/admission/admission.js');
const { GatewayConfig } = dist('./apps/gateway/gateway.config.js');
const { startGateway } = dist('./apps/gateway/gateway.js');
const { runProcess } = dist('./libs/kit/index.js');

const anybody = { id: 'bench', state: 'active' };
Object.assign(Admission.prototype, {
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
void runProcess('gateway', GatewayConfig, startGateway);
